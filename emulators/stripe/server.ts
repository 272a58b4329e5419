import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { ConnectionDropped } from "./api/misbehaviour.ts";
import {
  createStripeEmulator,
  type StripeEmulator,
  type StripeEmulatorOptions,
} from "./emulator.ts";
import { fileStorage } from "./world/snapshot.ts";

export interface StripeServerOptions extends Omit<StripeEmulatorOptions, "storage"> {
  /** 0 picks a free port. */
  port: number;
  /** The address to listen at; this machine only, unless given. */
  host?: string;
  /** JSON snapshot: read at start, written after changes. */
  stateFile?: string;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Connections that the system keeps waiting while a burst is accepted. */
const BACKLOG = 8192;
const KEEP_ALIVE_MS = 65_000;

/** Serves an emulator over HTTP until it is closed. */
export async function startStripeEmulator(
  options: StripeServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const { port, host = "127.0.0.1", stateFile, ...emulatorOptions } = options;
  const storage = stateFile === undefined ? {} : { storage: fileStorage(stateFile) };
  const emulator = createStripeEmulator({ ...emulatorOptions, ...storage });
  const server = createServer((incoming, outgoing) => void answer(emulator, incoming, outgoing));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host}:${actualPort}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await emulator.close();
    },
  };
}

async function answer(
  emulator: StripeEmulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  try {
    const request = await toRequest(incoming, gone.signal);
    if (request === undefined) {
      outgoing.writeHead(413, { Connection: "close" }).end();
      return;
    }
    const response = await emulator.fetch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    if (error instanceof ConnectionDropped) {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (gone.signal.aborted) return;
    console.error("The Stripe emulator failed:", error);
    outgoing.writeHead(500, { "Content-Type": "text/plain" }).end("The Stripe emulator failed.\n");
  }
}

/** Undefined when the body is too large. */
async function toRequest(
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Request | undefined> {
  const { method = "GET", url = "/", headers } = incoming;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(new URL(url, "http://localhost"), {
    method,
    headers: Object.entries(headers).map(([name, value = ""]): [string, string] => [
      name,
      String(value),
    ]),
    body: hasBody ? Buffer.concat(chunks) : null,
    signal,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PORT = "8788", WEBHOOK_URL, WEBHOOK_SECRET, STATE_FILE } = process.env;
  const { url } = await startStripeEmulator({
    port: Number(PORT),
    publicUrl: `http://localhost:${PORT}`,
    webhookSecret: WEBHOOK_SECRET ?? "whsec_emulator",
    ...(WEBHOOK_URL === undefined ? {} : { webhookUrl: WEBHOOK_URL }),
    ...(STATE_FILE === undefined ? {} : { stateFile: STATE_FILE }),
  });
  console.log(`Stripe emulator at ${url}`);
}
