import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { type Answer, call } from "../support/http.ts";
import { shopOver } from "../support/rig.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const OURS = "https://storefront.test";
const OTHERS = [
  "https://evil.test",
  "https://storefront.test.evil.test",
  "http://storefront.test",
  "https://storefront.test:8443",
  "https://STOREFRONT.test",
  "null",
  "*",
];

const preflight = (origin: string, path = "/api/v1/reservations") =>
  call("OPTIONS", path, {
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type,idempotency-key",
    },
  });

const list = (header: string | null) =>
  (header ?? "").split(/,\s*/).map((one) => one.toLowerCase());
const origin = ({ headers }: Answer) => headers.get("Access-Control-Allow-Origin");

describe("A storefront of the allow-list", () => {
  it("may ask for everything that the API takes", async () => {
    const answer = await preflight(OURS);
    expect([answer.status, answer.text, origin(answer)]).toEqual([204, "", OURS]);
    const { headers } = answer;
    expect(list(headers.get("Access-Control-Allow-Methods"))).toEqual(
      expect.arrayContaining(["get", "head", "post", "put", "patch", "delete"]),
    );
    expect(list(headers.get("Access-Control-Allow-Headers"))).toEqual(
      expect.arrayContaining(["authorization", "content-type", "idempotency-key", "x-order-token"]),
    );
    expect(headers.get("Access-Control-Max-Age")).toBe("600");
    expect(list(headers.get("Vary"))).toContain("origin");
    expect(headers.has("Access-Control-Allow-Credentials")).toBe(false);
  });

  it("may read the answers, errors and 304 included, and the headers that matter", async () => {
    const headers = { Origin: OURS };
    const answers = [
      await call("GET", "/api/v1/products", { headers }),
      await call("GET", "/api/v1/products", { headers: { ...headers, "If-None-Match": "*" } }),
      await call("GET", "/api/v1/nothing", { headers }),
      await call("POST", "/api/v1/reservations", { headers, body: "{" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 404, 400]);
    for (const answer of answers) {
      expect(origin(answer)).toBe(OURS);
      expect(list(answer.headers.get("Access-Control-Expose-Headers"))).toEqual(
        expect.arrayContaining([
          "etag",
          "location",
          "x-request-id",
          "idempotency-replayed",
          "retry-after",
        ]),
      );
    }
  });
});

describe("Any other origin", () => {
  it("is told nothing that would let it read", async () => {
    for (const other of OTHERS) {
      for (const answer of [
        await preflight(other),
        await call("GET", "/api/v1/products", { headers: { Origin: other } }),
      ]) {
        expect([other, origin(answer)]).toEqual([other, null]);
        expect(answer.headers.has("Access-Control-Allow-Credentials")).toBe(false);
      }
    }
  });

  it("shares no cache entry with those of the list", async () => {
    for (const headers of [{}, { Origin: OURS }, { Origin: "https://evil.test" }]) {
      const answer = await call("GET", "/api/v1/products", { headers });
      expect(list(answer.headers.get("Vary"))).toContain("origin");
      const asked = { ...headers, "If-None-Match": answer.headers.get("ETag") ?? "" };
      const same = await call("GET", "/api/v1/products", { headers: asked });
      expect(same.status).toBe(304);
      expect(list(same.headers.get("Vary"))).toContain("origin");
    }
  });

  it("is every origin where none is configured, an empty one too", async () => {
    const config = parseConfig({ ...env, CORS_ORIGINS: "" });
    const shop = shopOver(env.DB, { config });
    for (const Origin of [OURS, ""]) {
      expect(origin(await shop.call("GET", "/health", { headers: { Origin } }))).toBeNull();
    }
  });
});

describe("OPTIONS", () => {
  it("is answered without work, whoever asks", async () => {
    const answer = await call("OPTIONS", "/api/v1/products");
    expect([answer.status, answer.text, origin(answer)]).toEqual([204, "", null]);
    expect(answer.headers.get("Server-Timing")).toContain('desc="0"');
    expect(answer.headers.get("X-Request-Id")).toMatch(/^req_/);
  });
});
