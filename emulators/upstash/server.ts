import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { createUpstash } from "./protocol.ts";
import { RedisProcess } from "./redis-process.ts";

export interface UpstashServer {
  readonly url: string;
  readonly token: string;
  readonly redis: Redis;
  readonly process: RedisProcess;
  stop(): Promise<void>;
}

/** Upstash on this machine: its REST protocol on a free port, before a redis-server of its own. */
export async function startUpstash(token = "upstash-emulator-token"): Promise<UpstashServer> {
  const process = await RedisProcess.start();
  const redis = new Redis({ path: process.socket, maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined); // what fails is answered to whoever asked
  const answer = createUpstash(redis, token);
  const server = createServer(async (request, response) => {
    const { authorization, "upstash-encoding": encoding } = request.headers;
    const { status, body } = await answer({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(typeof encoding === "string" ? { encoding } : {}),
      },
      body: await read(request),
    });
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const stop = async () => {
    redis.disconnect();
    await process.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, token, redis, process, stop };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
