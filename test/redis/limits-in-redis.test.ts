import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { REDIS_MS } from "../../src/platform/rate-limit/redis-limiter.ts";
import { servicesOf } from "../../src/services.ts";
import { itStopsGuessing } from "../support/brute-force.ts";
import {
  BROKEN,
  from,
  type LimitedOptions,
  limitedShop,
  newAddress,
  registerFrom,
  repeat,
  signIn,
} from "../support/limits.ts";
import { theAdmin } from "../support/people.ts";
import { makeSku } from "../support/shop.ts";
import { travel, useWorld } from "../support/world.ts";

useWorld();

const LIST = "/api/v1/products";
/** Longer than a busy machine keeps an answer of Redis back. */
const PATIENCE_MS = 20_000;
/** What a busy machine adds; without a bound there would be no answer at all. */
const SLACK_MS = 5000;

/** A shop that can only ask Redis. */
function redisShop(options: LimitedOptions = {}) {
  const { redis } = servicesOf(env).config.rateLimit;
  return limitedShop({ redis, bindings: BROKEN, patienceMs: PATIENCE_MS, ...options });
}

/** Answers what Redis has been asked since it was last called. */
function watchRedis(): () => string[] {
  const asked = vi.spyOn(globalThis, "fetch");
  return () => {
    const urls = asked.mock.calls.map(([input]) => new URL(new Request(input).url));
    asked.mockClear();
    return urls.filter((url) => url.host === "upstash.test").map((url) => url.pathname);
  };
}

async function control(what: string): Promise<string[]> {
  const response = await fetch(`http://redis.test/${what}`);
  return response.json<string[]>();
}

beforeEach(async () => {
  await control("flush");
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** To the start of a window, so that the one before is empty. */
async function toFullMinute(): Promise<void> {
  await travel(60_000 - (Date.now() % 60_000));
}

describe("With Redis, the shop", () => {
  itStopsGuessing(() => redisShop());

  it("counts over all isolates", async () => {
    const headers = from(newAddress());
    const isolates = Array.from({ length: 5 }, () => redisShop());
    const call = (i: number) => (isolates[i % 5] ?? redisShop()).call("GET", LIST, { headers });
    expect(await repeat(100, call)).toEqual({ 200: 100 });
    expect((await call(3)).status).toBe(429);
  });

  it("slides: what was used in the minute before counts for the part of it that is not over", async () => {
    const shop = redisShop();
    const headers = from(newAddress());
    const call = () => shop.call("GET", LIST, { headers });
    await toFullMinute();
    expect(await repeat(101, call)).toEqual({ 200: 100, 429: 1 });
    await travel(60_000 + 15_000);
    expect(await repeat(40, call)).toEqual({ 200: 25, 429: 15 });
    await travel(30_000);
    expect(await repeat(60, call)).toEqual({ 200: 50, 429: 10 });
  });

  it("says what is left, and when to come again", async () => {
    const shop = redisShop();
    const headers = from(newAddress());
    await toFullMinute();
    const body = { items: [{ sku: await makeSku(100), quantity: 1 }] };
    const reserve = () => shop.call("POST", "/api/v1/reservations", { body, headers });
    await travel(20_000);
    const { headers: first } = await reserve();
    expect(first.get("RateLimit")).toBe('"default";r=99;t=40, "reservations";r=29;t=40');
    expect(await repeat(30, reserve)).toEqual({ 201: 29, 429: 1 });
    const { status, headers: last } = await reserve();
    expect([status, last.get("Retry-After")]).toEqual([429, "40"]);
    expect(last.get("RateLimit")).toBe('"default";r=68;t=40, "reservations";r=0;t=40');
  });

  it("counts calls that come at the same moment once each", async () => {
    const shop = redisShop();
    const headers = from(newAddress());
    const calls = Array.from({ length: 150 }, () => shop.call("GET", LIST, { headers }));
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  });

  it("multiplies by the scale", async () => {
    const shop = redisShop({ scale: 0.05 });
    const headers = from(newAddress());
    const first = await shop.call("GET", LIST, { headers });
    expect(first.headers.get("RateLimit-Policy")).toBe('"default";q=5;w=60');
    expect(await repeat(5, () => shop.call("GET", LIST, { headers }))).toEqual({ 200: 4, 429: 1 });
  });

  it("asks all limits in one request, and reads the database meanwhile", async () => {
    const shop = redisShop();
    await theAdmin();
    await registerFrom(shop, "ada@example.com", newAddress());
    // The mail of the registration may go out meanwhile: only what goes to Redis counts.
    const askedRedis = watchRedis();
    await shop.call("GET", LIST, { headers: from(newAddress()) });
    expect(askedRedis()).toEqual(["/pipeline"]);
    await signIn(shop, "ada@example.com", { address: newAddress() });
    expect(askedRedis()).toEqual(["/pipeline", "/pipeline"]);
  });

  it("refuses without the database's answer having been shown", async () => {
    const shop = redisShop();
    const headers = from(newAddress());
    await repeat(100, () => shop.call("GET", LIST, { headers }));
    const refused = await shop.call("GET", LIST, { headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Cache-Control")).toBe("private, no-store");
    expect(refused.headers.has("ETag")).toBe(false);
    expect(Object.keys(refused.body)).toEqual(["error"]);
  });

  it("leaves no email address in Redis, and nothing for ever", async () => {
    const shop = redisShop();
    await registerFrom(shop, "ada@example.com", newAddress());
    const keys = await control("keys");
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.every((key) => key.startsWith("shop.test:"))).toBe(true);
    expect(keys.join(" ")).not.toMatch(/ada|example/);
    expect(await control("eternal")).toEqual([]);
  });

  it("is healthy, and says how fast Redis is", async () => {
    const { body } = await redisShop().call("GET", "/health/ready");
    expect(body.data).toMatchObject({
      status: "healthy",
      checks: { redis: { status: "up", latencyMs: expect.any(Number) } },
    });
  });
});

describe("When Redis hangs and comes back", () => {
  it("the shop answers within the bound, and asks it again two seconds later", async () => {
    const shop = redisShop({ bindings: env, patienceMs: REDIS_MS });
    const headers = from(newAddress());
    const call = () => shop.call("GET", LIST, { headers });
    const { headers: first } = await redisShop().call("GET", LIST, { headers });
    expect(first.get("RateLimit")).toContain("r=99");
    const askedRedis = watchRedis();
    await control("pause");
    try {
      const started = performance.now();
      expect((await call()).status).toBe(200);
      expect(performance.now() - started).toBeLessThan(REDIS_MS + SLACK_MS);
      expect(askedRedis()).toEqual(["/pipeline"]);
      const { body } = await shop.call("GET", "/health/ready");
      expect(body.data.status).toBe("degraded");
    } finally {
      await control("resume");
    }
    const health = async () => (await shop.call("GET", "/health/ready")).body.data.status;
    await expect.poll(health).toBe("healthy");
    askedRedis();
    await travel(1999);
    await call();
    expect(askedRedis()).toEqual([]);
    await travel(1);
    await call();
    expect(askedRedis()).toEqual(["/pipeline"]);
    // Now and then an answer of a busy Redis is late, and it rests again.
    const hammer = async () => {
      await travel(2000);
      await repeat(120, call);
      return (await redisShop().call("GET", LIST, { headers })).status;
    };
    await expect.poll(hammer).toBe(429);
  });
});
