import { defineConfig } from "vitest/config";
import { startUpstash, type UpstashServer } from "./emulators/upstash/server.ts";
import { workerTests } from "./vitest.config.ts";

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
  if (pathname === "/pause") process.pause();
  if (pathname === "/resume") process.resume();
  if (pathname === "/flush") await redis.flushall();
  return Response.json(pathname === "/keys" ? await redis.keys("*") : null);
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
    projects: [
      { ...worker, plugins: [...worker.plugins, endRedis] },
      { test: { name: "upstash", include: ["test/redis/node/**/*.test.ts"], environment: "node" } },
    ],
  },
});
