import { createServer, type IncomingMessage, type Server } from "node:http";

export interface Failure {
  status: number;
  code: number;
  message: string;
}

export type Answer = { result: unknown } | Failure;
type Handler = (match: string[], request: { body: unknown; url: URL }) => Answer;
/** `METHOD path` → answer; the first that matches. */
export type Routes = [RegExp, Handler][];

/** A local server that answers in the envelope of Cloudflare's API. */
export abstract class CloudflareApi {
  /** `METHOD path` of everything asked, in order. */
  readonly requests: string[] = [];
  readonly unknown: string[] = [];
  /** Requests whose `METHOD path` matches are refused. */
  refuse: RegExp | undefined;
  protected abstract readonly routes: Routes;
  private readonly prefix: string;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then((outcome) => {
      const failed = "code" in outcome;
      response.writeHead(failed ? outcome.status : 200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          success: !failed,
          result: failed ? null : outcome.result,
          errors: failed ? [{ code: outcome.code, message: outcome.message }] : [],
          messages: [],
        }),
      );
    });
  });

  /** `prefix` is taken off every path before it is matched. */
  constructor(prefix: string) {
    this.prefix = prefix;
  }

  async listen(): Promise<void> {
    await new Promise<void>((ready) => this.server.listen(0, "127.0.0.1", ready));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    return `http://127.0.0.1:${address.port}`;
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? "/", this.url);
    const call = `${request.method} ${url.pathname.replace(this.prefix, "")}`;
    this.requests.push(call);
    try {
      return this.route(call, { body: await readBody(request), url });
    } catch (error) {
      return { status: 400, code: 1, message: `${call}: ${error}` };
    }
  }

  private route(call: string, request: { body: unknown; url: URL }): Answer {
    if (this.refuse?.test(call) === true) {
      return { status: 400, code: 10000, message: "refused by the test" };
    }
    for (const [pattern, handler] of this.routes) {
      const match = pattern.exec(call);
      if (match !== null) return handler([...match], request);
    }
    this.unknown.push(call);
    return { status: 404, code: 7003, message: `no such route: ${call}` };
  }
}

/** Forms by their type; wrangler sends JSON under several. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) {
    return new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  }
  return bytes.length === 0 ? undefined : JSON.parse(bytes.toString());
}
