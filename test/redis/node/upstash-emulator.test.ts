import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startUpstash, type UpstashServer } from "../../../emulators/upstash/server.ts";

let server: UpstashServer;

beforeAll(async () => {
  server = await startUpstash("secret");
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.redis.flushall();
  await server.redis.script("FLUSH");
});

function client(options: object = {}): Redis {
  const { url, token } = server;
  return new Redis({ url, token, retry: { retries: 0 }, enableTelemetry: false, ...options });
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { Authorization: "Bearer secret", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe("The emulated Upstash", () => {
  it("does commands on a real Redis", async () => {
    const redis = client();
    expect(await redis.set("name", "Ada")).toBe("OK");
    expect(await redis.get("name")).toBe("Ada");
    expect(await redis.get("nobody")).toBeNull();
    expect(await redis.incrby("count", 3)).toBe(3);
    expect(await redis.ping()).toBe("PONG");
    expect(await server.redis.get("name")).toBe("Ada");
  });

  it("keeps every path from whoever does not know the token", async () => {
    for (const path of ["/", "/pipeline", "/multi-exec"]) {
      for (const Authorization of ["", "Bearer wrong", "secret"]) {
        const answer = await post(path, [["FLUSHALL"]], { Authorization });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
  });

  it("answers each command of a pipeline by itself", async () => {
    const { status, body } = await post("/pipeline", [
      ["SET", "a", "1"],
      ["INCR", "nothing", "too", "much"],
      ["GET", "a"],
    ]);
    expect(status).toBe(200);
    expect(body).toEqual([
      { result: "OK" },
      { error: expect.stringContaining("wrong number of arguments") },
      { result: "1" },
    ]);
  });

  it("does all of a transaction, or none", async () => {
    expect(await client().multi().set("a", 1).incr("a").exec()).toEqual(["OK", 2]);
    const broken = await post("/multi-exec", [
      ["SET", "a", "9"],
      ["INCR", "a", "b"],
    ]);
    expect(broken.status).toBe(400);
    expect(await server.redis.get("a")).toBe("2");
  });

  it("encodes strings where asked to, in lists too, and nothing else", async () => {
    await server.redis.rpush("list", "ä", "b");
    const headers = { "Upstash-Encoding": "base64" };
    const range = ["LRANGE", "list", "0", "-1"];
    expect((await post("/", range, headers)).body).toEqual({ result: ["w6Q=", "Yg=="] });
    expect((await post("/", range)).body).toEqual({ result: ["ä", "b"] });
    expect((await post("/", ["LLEN", "list"], headers)).body).toEqual({ result: 2 });
    expect((await post("/", ["SET", "a", "1"], headers)).body).toEqual({ result: "OK" });
    expect((await post("/", ["GET", "none"], headers)).body).toEqual({ result: null });
  });

  it("says what is wrong with a request", async () => {
    for (const [path, body] of [
      ["/", "{"],
      ["/", {}],
      ["/", []],
      ["/pipeline", { a: 1 }],
      ["/nowhere", ["PING"]],
    ] as const) {
      expect(await post(path, body)).toEqual({
        status: 400,
        body: { error: expect.stringMatching(/^ERR failed to parse command/) },
      });
    }
    expect((await post("/", ["NOSUCH"])).body.error).toMatch(/unknown command/);
  });

  it("knows a script by the SHA-1 of what was sent, flags included", async () => {
    const script = "#!lua flags=allow-key-locking\nreturn ARGV[1]";
    const redis = client();
    const sha = await redis.scriptLoad(script);
    expect(await redis.evalsha(sha, [], ["one"])).toBe("one");
    await redis.scriptFlush();
    await expect(redis.evalsha(sha, [], ["one"])).rejects.toThrow("NOSCRIPT");
    expect(await redis.eval(script, [], ["two"])).toBe("two");
    expect(await redis.evalsha(sha, [], ["three"])).toBe("three");
  });
});

describe("The limiters of @upstash/ratelimit, over it", () => {
  // In the middle of every window.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1, 12, 30) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const limiters = {
    "fixed window": Ratelimit.fixedWindow(3, "1 h"),
    "sliding window": Ratelimit.slidingWindow(3, "1 h"),
    "token bucket": Ratelimit.tokenBucket(3, "1 h", 3),
  };
  for (const [name, limiter] of Object.entries(limiters)) {
    it(`let three of five through: ${name}`, async () => {
      const limit = new Ratelimit({ redis: client(), limiter, ephemeralCache: false });
      const passed = [];
      for (let i = 0; i < 5; i += 1) passed.push((await limit.limit("somebody")).success);
      expect(passed).toEqual([true, true, true, false, false]);
      expect(await limit.getRemaining("somebody")).toMatchObject({ limit: 3 });
      expect((await limit.limit("somebody else")).success).toBe(true);
    });
  }

  it("count calls that come at the same moment once each", async () => {
    const limiter = Ratelimit.slidingWindow(10, "1 h");
    const limit = new Ratelimit({ redis: client(), limiter, ephemeralCache: false });
    const all = await Promise.all(Array.from({ length: 50 }, () => limit.limit("somebody")));
    expect(all.filter(({ success }) => success)).toHaveLength(10);
  });
});
