import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { expectError } from "../support/expect-error.ts";
import { theAdmin } from "../support/people.ts";
import { brokenDatabase, logOf, shopOver } from "../support/rig.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

const SECRETIVE =
  "no such column: sk_live_abc123 near ada@example.com, Bearer hf_secret_of_the_shop";

const READS = ["/products", "/products/some-slug", "/inventory", "/inventory/A", "/orders"];
const unavailable = {
  code: "UNAVAILABLE",
  message: "The shop is busy. Please try again.",
} as const;

describe("A failure that nobody foresaw", () => {
  it("tells the client nothing of its cause, and the log all but secrets", async () => {
    const shop = shopOver(brokenDatabase(SECRETIVE));
    await theAdmin();
    await settle();
    const { lines, text } = await logOf(async () => {
      for (const path of READS) {
        expectError(await shop.asAdmin("GET", `/api/v1${path}`), 500, {
          code: "INTERNAL_ERROR",
          message: "Something went wrong on our side. It has been recorded.",
        });
      }
    }, "request");
    expect(lines).toHaveLength(READS.length);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: "error",
        status: 500,
        code: "INTERNAL_ERROR",
        error: { message: "no such column: [redacted] near [redacted], [redacted]" },
      });
    }
    for (const secret of ["sk_live", "ada@", "hf_secret", "    at "])
      expect(text).not.toContain(secret);
  });

  it("of a write says the same, and keeps no answer for its idempotency key", async () => {
    const shop = shopOver(brokenDatabase("boom"));
    const options = {
      headers: { "Idempotency-Key": crypto.randomUUID() },
      body: { items: [{ sku: "A", quantity: 1 }] },
    };
    await logOf(async () => {
      const { status } = await shop.call("POST", "/api/v1/reservations", options);
      expect(status).toBe(500);
    });
    const sound = shopOver(env.DB);
    const { status, headers } = await sound.call("POST", "/api/v1/reservations", options);
    expect(status).toBe(422);
    expect(headers.has("Idempotency-Replayed")).toBe(false);
  });
});

describe("A database that cannot answer now", () => {
  const WORDS = [
    "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
    "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
    "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
    "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
    "D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.",
    "D1_ERROR: D1 DB reset because its code was updated.",
    "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
    "Network connection lost.",
  ];

  it("is a 503 that says when to come back, without the cause", async () => {
    for (const words of WORDS) {
      const shop = shopOver(brokenDatabase(words));
      const { lines } = await logOf(async () => {
        const answer = await shop.call("GET", "/api/v1/products");
        expectError(answer, 503, unavailable);
        expect(answer.headers.get("Retry-After")).toBe("5");
      }, "request");
      expect(lines).toMatchObject([{ level: "warn", status: 503, error: { message: words } }]);
    }
  });

  it("does not say that nothing was changed by what may have been written", async () => {
    const shop = shopOver(brokenDatabase("D1_ERROR: D1 DB is overloaded."));
    const key = { headers: { "Idempotency-Key": "k" } };
    const unknown = "The shop is busy. Whether this was done is not known:";
    const again = `${unknown} send the same again, and nothing is done twice.`;
    const look = `${unknown} look before you send it again. With an Idempotency-Key it could be sent again as it is.`;
    const body = { items: [{ sku: "A", quantity: 1 }] };
    await theAdmin();
    await logOf(async () => {
      for (const [answer, message] of [
        [await shop.call("POST", "/api/v1/reservations", { body, ...key }), again],
        [await shop.call("POST", "/api/v1/reservations", { body }), look],
        [await shop.call("DELETE", "/api/v1/reservations/rsv_1"), again],
        [await shop.asAdmin("PATCH", "/api/v1/me", { body: { name: "Ada" } }), again],
      ] as const)
        expectError(answer, 503, {
          code: "UNAVAILABLE",
          message,
          details: { outcome: "unknown" },
        });
    });
  });

  it("makes the shop unready, with the same body as a ready one", async () => {
    const shop = shopOver(brokenDatabase("D1_ERROR: D1 DB is overloaded."));
    const { lines } = await logOf(async () => {
      const { status, body } = await shop.call("GET", "/health/ready");
      expect(status).toBe(503);
      expect(body).toEqual({
        data: {
          status: "unhealthy",
          checks: {
            database: { status: "down", latencyMs: expect.any(Number) },
            redis: { status: "not_configured", latencyMs: null },
            search: { status: expect.stringMatching(/^(up|down)$/), latencyMs: expect.any(Number) },
          },
        },
      });
    }, "request");
    expect(lines).toMatchObject([{ level: "error" }]);
  });

  it("does not keep the Worker from saying that it is alive", async () => {
    const { status, body } = await shopOver(brokenDatabase("down")).call("GET", "/health");
    expect(status).toBe(200);
    expect(body).toEqual({ data: { status: "ok", version: expect.any(String) } });
  });
});

describe("A shop that is not configured", () => {
  it("answers 503 to the public, and names to its log what is missing or wrong", async () => {
    const bindings = { ...env, TOKEN_SECRET: "short", STRIPE_SECRET_KEY: undefined };
    const execution = createExecutionContext();
    const request = new Request<unknown, IncomingRequestCfProperties>("https://shop.test/health");
    const { lines } = await logOf(async () => {
      const response = await worker.fetch(request, bindings, execution);
      await waitOnExecutionContext(execution);
      const { error } = await response.json<{ error: { requestId: string } }>();
      expect(response.status).toBe(503);
      expect(response.headers.get("Retry-After")).toBe("60");
      expect(response.headers.get("X-Request-Id")).toBe(error.requestId);
      expect(response.headers.get("Cache-Control")).toBe("private, no-store");
      expect(error).toEqual({
        code: "UNAVAILABLE",
        message: "The shop is not set up yet. Its log says what is missing.",
        requestId: expect.stringMatching(/^req_/),
      });
    }, "not_configured");
    expect(lines).toMatchObject([{ level: "error" }]);
    const problem = String(lines[0]?.["problem"]);
    expect(problem).toContain(
      "TOKEN_SECRET (signs guests' order links and encrypts stored answers) needs at least 32 characters",
    );
    expect(problem).toContain("STRIPE_SECRET_KEY (the key to Stripe's API) is missing");
    expect(problem).not.toContain("short;");
  });
});
