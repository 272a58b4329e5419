import { defineConfig } from "vitest/config";
import { startUpstash, type UpstashServer } from "./emulators/upstash/server.ts";
import { chooseSample } from "./test/runner/sample.ts";
import { PATIENCE, workerTests } from "./vitest.config.ts";

const TOKEN = "upstash-test-token";

let upstash: Promise<UpstashServer> | undefined;

/** `upstash.test` is Upstash before a real Redis; `redis.test` does to that Redis what a test wants to see happen. */
async function redis(request: Request): Promise<Response | undefined> {
  const { hostname, pathname } = new URL(request.url);
  if (hostname !== "upstash.test" && hostname !== "redis.test") return undefined;
  upstash ??= startUpstash(TOKEN);
  const server = await upstash;
  if (hostname === "redis.test") return control(server, pathname);
  const headers = Object.fromEntries(request.headers);
  return fetch(server.url + pathname, { method: "POST", headers, body: await request.text() });
}

async function control({ process, redis }: UpstashServer, pathname: string): Promise<Response> {
  if (pathname === "/pause") {
    process.pause();
    return Response.json([]);
  }
  if (pathname === "/resume") process.resume();
  if (pathname === "/flush") await redis.flushall();
  const keys = await redis.keys("*");
  if (pathname !== "/eternal") return Response.json(keys);
  const lives = await Promise.all(keys.map((key) => redis.ttl(key)));
  return Response.json(keys.filter((_, i) => (lives[i] ?? -1) < 0));
}

const endRedis = {
  name: "end-redis",
  closeBundle: async () => {
    await (await upstash)?.stop();
  },
};

const worker = workerTests({
  name: "worker-with-redis",
  include: ["test/redis/*.test.ts"],
  variables: {
    UPSTASH_REDIS_REST_URL: "http://upstash.test",
    UPSTASH_REDIS_REST_TOKEN: TOKEN,
  },
  also: redis,
});

/** Needs a redis-server. */
export default defineConfig({
  test: {
    silent: "passed-only",
    provide: { sample: chooseSample(true) },
    projects: [
      // One Redis for all files, which take turns.
      {
        ...worker,
        plugins: [...worker.plugins, endRedis],
        test: { ...worker.test, maxWorkers: 1 },
      },
      {
        test: {
          name: "upstash",
          include: ["test/redis/node/**/*.test.ts"],
          environment: "node",
          maxWorkers: 1,
          ...PATIENCE,
        },
      },
    ],
  },
});
