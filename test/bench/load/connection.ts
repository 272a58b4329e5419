import { connect, type Socket } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");
const EMPTY_BODY = Buffer.from("0\r\n\r\n");

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

interface Pending {
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: Error) => void;
}

class ClosedWhileIdle extends Error {
  override readonly name = "ClosedWhileIdle";
  override readonly message = "The Worker closed the connection before it answered, twice.";
}

function openSocket(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/**
 * One kept connection that has one request on its way at a time. Node's own client costs more than the Workers that
 * are measured here, so this reads no more of an answer than where it ends.
 */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket;
  #received: Buffer[] = [];
  #pending: Pending | undefined;

  private constructor(socket: Socket, host: string, port: number) {
    this.#host = host;
    this.#port = port;
    this.#socket = this.#listen(socket);
  }

  static async open(host: string, port: number): Promise<Connection> {
    return new Connection(await openSocket(host, port), host, port);
  }

  /** Sends it, and answers the status once all of the answer is there. */
  async send(ask: Ask): Promise<number> {
    const answer = await this.#exchange(ask);
    return Number(answer.toString("latin1", 9, 12));
  }

  async read(ask: Ask): Promise<Answered> {
    const answer = await this.#exchange(ask);
    const end = answer.indexOf(HEAD_END);
    const head = answer.toString("latin1", 0, end);
    const rest = answer.subarray(end + HEAD_END.length);
    const body = isChunked(head) ? joinChunks(rest) : rest;
    return { status: Number(head.slice(9, 12)), head, body: body.toString() };
  }

  close(): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  async #exchange({ method, path, headers = {}, body = "" }: Ask): Promise<Buffer> {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${this.#host}:${this.#port}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    const text = `${lines.join("\r\n")}\r\n\r\n${body}`;
    try {
      return await this.#sendText(text);
    } catch (error) {
      if (!(error instanceof ClosedWhileIdle)) throw error;
      return await this.#sendText(text);
    }
  }

  /** workerd closes a connection on which nobody has asked for five seconds. */
  async #sendText(text: string): Promise<Buffer> {
    if (this.#socket.destroyed || this.#socket.readableEnded)
      this.#socket = this.#listen(await openSocket(this.#host, this.#port));
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(text);
    });
  }

  #listen(socket: Socket): Socket {
    this.#received = [];
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#end(socket));
    return socket;
  }

  /** Nothing of an answer: it has gone before it read the question, which may be asked again. */
  #end(socket: Socket): void {
    if (socket !== this.#socket) return;
    const pending = this.#pending;
    this.#pending = undefined;
    const words = "The Worker closed the connection in the middle of an answer.";
    pending?.reject(this.#received.length === 0 ? new ClosedWhileIdle() : new Error(words));
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    const all = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    if (!isWhole(all)) {
      this.#received = [all];
      return;
    }
    this.#received = [];
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(all);
  }
}

const isChunked = (head: string) => /\r\ntransfer-encoding: *chunked/i.test(head);

function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf(HEAD_END);
  if (end === -1) return false;
  const head = answer.toString("latin1", 0, end);
  const rest = answer.length - end - HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return rest >= Number(length);
  if (!isChunked(head)) return true; // 204 and 304 have no body
  const tail = answer.subarray(Math.max(0, answer.length - LAST_CHUNK.length));
  return (
    tail.equals(LAST_CHUNK) ||
    (rest === EMPTY_BODY.length && tail.subarray(-EMPTY_BODY.length).equals(EMPTY_BODY))
  );
}

function joinChunks(text: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = text.indexOf("\r\n", at);
    const size = Number.parseInt(text.toString("latin1", at, end), 16);
    if (end === -1 || !(size > 0)) return Buffer.concat(parts);
    parts.push(text.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
