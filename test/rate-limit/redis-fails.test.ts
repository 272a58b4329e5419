import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { REDIS_MS } from "../../src/platform/rate-limit/redis-limiter.ts";
import {
  BROKEN,
  bindingsOf,
  from,
  limitedShop,
  limiterWith,
  newAddress,
  repeat,
} from "../support/limits.ts";
import { logOf, recordingDatabase, shopOver } from "../support/rig.ts";
import { travel, useWorld } from "../support/world.ts";

useWorld();

const LIST = "/api/v1/products";
const REDIS = { url: "http://redis.example", token: "secret-redis-token" };
/** What a busy machine adds. */
const SLACK_MS = 500;
/** A tenth of the limits is as good, and ten a minute. */
const SCALE = 0.1;

type Fetch = typeof fetch;

/** Answers what is meant for Redis like this. */
function redisAnswers(answer: (init: RequestInit) => Promise<Response>) {
  const real: Fetch = globalThis.fetch;
  const asked = vi.fn(answer);
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return url.startsWith(REDIS.url) ? asked(init ?? {}) : real(input, init);
  });
  return asked;
}

/** The shortest of three times, until one is within what a caller may wait: a busy machine adds to some, a limiter that waits too long to all. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && shortest >= REDIS_MS + SLACK_MS; tries += 1) {
    const started = performance.now();
    await work();
    shortest = Math.min(shortest, performance.now() - started);
  }
  return shortest;
}

afterEach(() => {
  vi.restoreAllMocks();
});

const json =
  (body: unknown, status = 200) =>
  async () =>
    Response.json(body, { status });
const text =
  (body: string, status = 200) =>
  async () =>
    new Response(body, { status });
const hang = ({ signal }: RequestInit) =>
  new Promise<Response>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

const failures: [string, (init: RequestInit) => Promise<Response>][] = [
  ["refuses connections", () => Promise.reject(new TypeError("connection refused"))],
  ["hangs", hang],
  ["answers a page", text("<html>Bad gateway</html>", 502)],
  ["answers a page as success", text("<html>Welcome</html>")],
  ["does not know the token", json({ error: "WRONGPASS invalid or missing auth token" }, 401)],
  ["answers nothing", text("")],
  ["answers null", json(null)],
  ["answers an object", json({})],
  ["answers no results", json([])],
  ["answers two results to one question", json([{ result: [5, 100] }, { result: [5, 100] }])],
  ["answers null as the result", json([{ result: null }])],
  ["answers words as numbers", json([{ result: ["YQ==", "Yg=="] }])],
  ["answers another limit", json([{ result: [5, 7] }])],
  ["answers fractions", json([{ result: [1.5, 10] }])], // of the limit that is asked for
  ["is out of memory", json([{ error: "OOM command not allowed" }])],
  ["loads its data", json({ error: "LOADING Redis is loading the dataset in memory" }, 400)],
];

describe("When Redis", () => {
  for (const [what, answer] of failures) {
    it(`${what}, the other limiter answers instead, soon`, async () => {
      redisAnswers(answer);
      const ask = () => limitedShop({ redis: REDIS }).call("GET", LIST);
      await logOf(async () => expect(await quickest(ask)).toBeLessThan(REDIS_MS + SLACK_MS));
      const shop = limitedShop({ redis: REDIS, scale: SCALE });
      const headers = from(newAddress());
      const { lines, text: log } = await logOf(async () => {
        const first = await shop.call("GET", LIST, { headers });
        expect(first.status).toBe(200);
        expect(first.headers.get("RateLimit")).toMatch(/^"default";r=9;t=\d+$/);
        expect(await repeat(10, () => shop.call("GET", LIST, { headers }))).toEqual({
          200: 9,
          429: 1,
        });
      }, "request");
      const warnings = lines.filter(({ level }) => level === "warn");
      expect(warnings).toMatchObject([{ notes: [{ event: "redis_failed" }] }]);
      expect(log).not.toMatch(/10\.\d+\.\d+\.1|secret-redis-token|evalsha/i);
    });
  }

  it("hangs, only one request in two seconds waits for it", async () => {
    const asked = redisAnswers(hang);
    const shop = limitedShop({ redis: REDIS });
    const call = () => shop.call("GET", LIST, { headers: from(newAddress()) });
    await repeat(20, call);
    expect(asked).toHaveBeenCalledTimes(1);
    await travel(2000);
    await repeat(20, call);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("hangs, a call that changes something waits no longer either", async () => {
    redisAnswers(hang);
    const body = { items: [{ sku: "NONE", quantity: 1 }] };
    const reserve = () =>
      limitedShop({ redis: REDIS }).call("POST", "/api/v1/reservations", { body });
    expect(await quickest(reserve)).toBeLessThan(REDIS_MS + SLACK_MS);
  });

  it("fails and the binding is full, the call is refused", async () => {
    redisAnswers(failures[0]?.[1] ?? hang);
    const shop = limitedShop({ redis: REDIS, bindings: bindingsOf(2) });
    const headers = from(newAddress());
    const statuses = await repeat(4, () => shop.call("GET", LIST, { headers }));
    expect(statuses).toEqual({ 200: 2, 429: 2 });
  });

  it("and the binding fail, reading goes on and signing in does not", async () => {
    redisAnswers(hang);
    const shop = limitedShop({ redis: REDIS, bindings: BROKEN });
    const headers = from(newAddress());
    expect((await shop.call("GET", LIST, { headers })).status).toBe(200);
    const body = { email: "ada@example.com", password: "correct horse battery staple" };
    const { status } = await shop.call("POST", "/api/v1/auth/login", { body, headers });
    expect(status).toBe(503);
  });

  it("is down, the shop is degraded, and says how long it waited", async () => {
    redisAnswers(hang);
    const shop = limitedShop({ redis: REDIS });
    const { status, body } = await shop.call("GET", "/health/ready");
    expect(status).toBe(200);
    expect(body.data).toEqual({
      status: "degraded",
      checks: {
        database: { status: "up", latencyMs: expect.any(Number) },
        redis: { status: "down", latencyMs: expect.any(Number) },
        search: { status: "up", latencyMs: expect.any(Number) },
      },
    });
  });

  it("is not configured, the shop is healthy", async () => {
    const { body } = await limitedShop().call("GET", "/health/ready");
    expect(body.data).toMatchObject({
      status: "healthy",
      checks: { redis: { status: "not_configured", latencyMs: null } },
    });
  });

  it("answers, a read has begun meanwhile", async () => {
    const read = Promise.withResolvers<void>();
    const database = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (bound: D1PreparedStatement[]) => {
        read.resolve();
        return env.DB.batch(bound);
      },
    };
    redisAnswers(() => read.promise.then(() => Response.json([{ result: [42, 100] }])));
    const shop = shopOver(database, { limiter: limiterWith({ redis: REDIS, bindings: BROKEN }) });
    const { headers } = await shop.call("GET", LIST, { headers: from(newAddress()) });
    expect(headers.get("RateLimit")).toContain("r=42");
  });

  it("refuses, nothing has been changed", async () => {
    const { database, statements } = recordingDatabase();
    redisAnswers(json([{ result: [42, 100] }, { result: [-1, 30] }]));
    const shop = shopOver(database, { limiter: limiterWith({ redis: REDIS, bindings: BROKEN }) });
    const body = { items: [{ sku: "ANY", quantity: 1 }] };
    const headers = from(newAddress());
    const { status } = await shop.call("POST", "/api/v1/reservations", { body, headers });
    expect([status, statements.map(({ sql }) => sql)]).toEqual([429, []]);
  });

  it("refuses, it is not asked again about the same caller at once", async () => {
    const asked = redisAnswers(json([{ result: [-1, 100] }]));
    const shop = limitedShop({ redis: REDIS, bindings: BROKEN });
    const headers = from(newAddress());
    expect(await repeat(20, () => shop.call("GET", LIST, { headers }))).toEqual({ 429: 20 });
    expect(asked).toHaveBeenCalledTimes(1);
    await travel(600);
    await shop.call("GET", LIST, { headers });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("is there, a webhook does not ask it", async () => {
    const asked = redisAnswers(hang);
    const shop = limitedShop({ redis: REDIS });
    await shop.call("POST", "/webhooks/stripe", { body: "{}" });
    expect(asked).not.toHaveBeenCalled();
  });
});
