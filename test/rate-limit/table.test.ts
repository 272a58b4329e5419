import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCESS } from "../../src/platform/access.ts";
import {
  isLimited,
  LIMITS,
  type LimitName,
  limitsOfRequest,
  quotaOf,
} from "../../src/platform/rate-limit/limits.ts";
import { unanswered } from "../../src/platform/rate-limit/verdict.ts";
import { openApi } from "../support/contract.ts";
import { bindingsOf, from, limitedShop, newAddress, repeat } from "../support/limits.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const FREE = [
  "GET /health",
  "GET /health/ready",
  "GET /.well-known/jwks.json",
  "POST /webhooks/stripe",
  "GET /images/{key}",
];
const limited = (name: string) => {
  const [method = "", path = ""] = name.split(" ");
  return isLimited(method, path);
};
const names = Object.keys(LIMITS) as LimitName[]; // keys of a constant object

describe("The table of limits", () => {
  it("leaves out the routes that others call by themselves, and nothing else", () => {
    const free = Object.keys(ACCESS).filter((name) => !limited(name));
    expect(free).toEqual(FREE);
    expect(limited("GET /openapi.json")).toBe(false);
    for (const path of ["/", "/docs", "/webhooksy", "/healthy", "/api/v1/health", "/nothing"])
      expect([path, limited(`GET ${path}`)]).toEqual([path, true]);
  });

  it("counts reservations twice, of the API and of the pages", () => {
    const both = ["default", "reservations"];
    expect(limitsOfRequest("POST", "/api/v1/reservations")).toEqual(both);
    expect(limitsOfRequest("POST", "/products/geisha")).toEqual(both);
    expect(limitsOfRequest("GET", "/products/geisha")).toEqual(["default"]);
    expect(limitsOfRequest("PATCH", "/api/v1/reservations/rsv_1")).toEqual(both);
    expect(limitsOfRequest("PATCH", "/api/v1/products/prod_1")).toEqual(["default"]);
    expect(limitsOfRequest("DELETE", "/api/v1/reservations/rsv_1")).toEqual(["default"]);
    expect(limitsOfRequest("POST", "/webhooks/stripe")).toEqual([]);
  });

  for (const name of names) {
    it(`has a binding in wrangler.toml with its number: ${name}`, async () => {
      const { binding, quota } = LIMITS[name];
      const passing = async () => {
        const key = crypto.randomUUID();
        const calls = Array.from({ length: quota + 1 }, () => env[binding].limit({ key }));
        return (await Promise.all(calls)).filter(({ success }) => success).length;
      };
      const passed = await passing();
      expect(passed === quota ? passed : await passing()).toBe(quota); // a minute can end in between
    });
  }

  it("is refused where nothing can be asked, but for what the shop sells by", () => {
    const passing = names.filter((name) => unanswered(name, 1).passed);
    expect(passing).toEqual(["default", "reservations"]);
  });

  it("is multiplied by the scale, down to one", () => {
    expect(quotaOf("default", 1)).toBe(100);
    expect(quotaOf("default", 2.5)).toBe(250);
    expect(quotaOf("sign-in", 0.25)).toBe(3);
    expect(quotaOf("sign-in", 0.001)).toBe(1);
    expect(quotaOf("reservations", 100_000)).toBe(3_000_000);
  });
});

describe("What is not limited", () => {
  it("passes more often than any limit, and says nothing of limits", async () => {
    const shop = limitedShop({ bindings: bindingsOf(0) });
    const headers = from(newAddress());
    for (const path of ["/health", "/.well-known/jwks.json", "/openapi.json"]) {
      expect(await repeat(150, () => shop.call("GET", path, { headers }))).toEqual({ 200: 150 });
      const answer = await shop.call("GET", path, { headers });
      expect(answer.headers.has("RateLimit-Policy")).toBe(false);
    }
    const webhook = () => shop.call("POST", "/webhooks/stripe", { body: "{}", headers });
    expect(await repeat(150, webhook)).toEqual({ 400: 150 });
  });
});

describe("The API's document", () => {
  it("has 429 and the headers on every limited route, and on no other", async () => {
    const { paths } = await openApi();
    let seen = 0;
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        seen += 1;
        const is = isLimited(method, path);
        expect([path, responses["429"]?.description]).toEqual([
          path,
          is ? "RATE_LIMITED" : undefined,
        ]);
        for (const [status, answer] of Object.entries(responses)) {
          const headers = "headers" in answer ? Object.keys(answer.headers as object) : [];
          const counted = ["RateLimit-Policy", "RateLimit"];
          const expected = status === "429" ? [...counted, "Retry-After"] : counted;
          expect([path, headers]).toEqual([path, is ? expected : []]);
        }
      }
    }
    expect(seen).toBe(Object.keys(ACCESS).length);
  });
});
