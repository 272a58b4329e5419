import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../src/platform/config.ts";
import { LocalLimiter } from "../../src/platform/rate-limit/local-limiter.ts";
import { bindingsOf, from, limitedShop, newAddress } from "../support/limits.ts";
import { makeSku } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const LIMIT = 100;
const NOW = Date.UTC(2026, 0, 1, 12);

/** How many of these calls pass, spread over isolates that share the bindings. */
async function passing(scale: number, calls: number, isolates: number) {
  const bindings = bindingsOf(LIMIT);
  const limiters = Array.from({ length: isolates }, () => new LocalLimiter(bindings, scale));
  let passed = 0;
  for (let call = 0; call < calls; call += 1) {
    const verdict = await limiters[call % isolates]?.ask({ name: "default", key: "a" }, NOW);
    if (verdict?.passed) passed += 1;
  }
  return { passed, asked: bindings.asked() };
}

describe("RATE_LIMIT_SCALE without Redis", () => {
  it("multiplies the limit of one isolate, fractions too", async () => {
    for (const scale of [0.1, 0.5, 0.75, 1, 1.5, 2, 2.5, 7]) {
      const { passed } = await passing(scale, LIMIT * scale + 50, 1);
      expect([scale, passed]).toEqual([scale, LIMIT * scale]);
    }
  });

  it("multiplies the limit over all isolates, to a few calls", async () => {
    for (const scale of [1, 2, 5]) {
      const isolates = 4;
      const { passed } = await passing(scale, LIMIT * scale * 2, isolates);
      expect(passed).toBeLessThanOrEqual(LIMIT * scale + isolates * scale);
      expect(passed).toBeGreaterThanOrEqual(LIMIT * scale - isolates * scale);
    }
  });

  it("asks the binding once for as many calls as it stands for", async () => {
    expect(await passing(100_000, 3000, 1)).toEqual({ passed: 3000, asked: 1 });
  });

  it("lets a whole drop through when it is large: 500 buyers at once from one address", async () => {
    const shop = limitedShop({ scale: 100_000, bindings: env });
    const headers = from(newAddress());
    const body = { items: [{ sku: await makeSku(50), quantity: 1 }] };
    const buy = () => shop.call("POST", "/api/v1/reservations", { body, headers });
    const answers = await Promise.all(Array.from({ length: 500 }, buy));
    const count = (status: number) => answers.filter((one) => one.status === status).length;
    expect([count(201), count(409), count(429)]).toEqual([50, 450, 0]);
  });

  it("holds 500 at once to their limits when it is one", async () => {
    const limiter = new LocalLimiter(bindingsOf(LIMIT), 1);
    const ask = () => limiter.ask({ name: "default", key: "a" }, NOW);
    const verdicts = await Promise.all(Array.from({ length: 500 }, ask));
    expect(verdicts.filter(({ passed }) => passed)).toHaveLength(LIMIT);
  });

  it("holds 500 at once to its own count, whatever the binding says", async () => {
    const limiter = new LocalLimiter(bindingsOf(Number.POSITIVE_INFINITY), 1);
    const ask = () => limiter.ask({ name: "default", key: "a" }, NOW);
    const verdicts = await Promise.all(Array.from({ length: 500 }, ask));
    expect(verdicts.filter(({ passed }) => passed)).toHaveLength(LIMIT);
  });

  it("forgets the oldest key when there are more than it can hold, and the binding still counts", async () => {
    const limiter = new LocalLimiter(bindingsOf(2), 1);
    const ask = (key: string) => limiter.ask({ name: "default", key }, NOW);
    await ask("first");
    await ask("first");
    for (let i = 0; i < 10_001; i += 1) await ask(`other-${i}`);
    expect((await ask("first")).passed).toBe(false);
  });
});

describe("The configuration", () => {
  const problem = (variables: object) => {
    try {
      parseConfig({ ...env, ...variables });
    } catch (error) {
      return error instanceof ConfigError ? error.message : error;
    }
    return undefined;
  };

  it("takes a positive number as the scale, and one where there is none", () => {
    const scaleOf = (RATE_LIMIT_SCALE: string | undefined) =>
      parseConfig({ ...env, RATE_LIMIT_SCALE }).rateLimit.scale;
    expect([scaleOf("2.5"), scaleOf("1e5"), scaleOf(""), scaleOf(undefined)]).toEqual([
      2.5, 100_000, 1, 1,
    ]);
    for (const wrong of ["0", "-1", "much", "Infinity"])
      expect(problem({ RATE_LIMIT_SCALE: wrong })).toContain("RATE_LIMIT_SCALE (multiplies every");
  });

  it("takes the address and the token of a Redis only together", () => {
    const url = { UPSTASH_REDIS_REST_URL: "https://eu1-a-1.upstash.io" };
    const token = { UPSTASH_REDIS_REST_TOKEN: "secret" };
    const none = { UPSTASH_REDIS_REST_URL: "", UPSTASH_REDIS_REST_TOKEN: "" };
    expect(problem({ ...none, ...url })).toContain("only good together");
    expect(problem({ ...none, ...token })).toContain("only good together");
    expect(problem({ ...url, ...token })).toBeUndefined();
    expect(parseConfig({ ...env, ...none }).rateLimit.redis).toBeUndefined();
    expect(parseConfig({ ...env, ...url, ...token }).rateLimit.redis).toEqual({
      url: "https://eu1-a-1.upstash.io",
      token: "secret",
    });
  });
});
