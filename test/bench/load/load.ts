import type { Runtime } from "../shop/runtime.ts";
import { type Ask, Connection } from "./connection.ts";

const MS_PER_S = 1000;

/** Makes a request that nobody has sent yet. */
export type NextAsk = () => Ask;

export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  /** Of the whole process, a request, in milliseconds. */
  readonly cpuMs: number;
}

/** A runtime with its open connections. */
export class Target {
  readonly runtime: Runtime;
  readonly #connections: readonly Connection[];

  private constructor(runtime: Runtime, connections: readonly Connection[]) {
    this.runtime = runtime;
    this.#connections = connections;
  }

  static async open(runtime: Runtime, connections: number): Promise<Target> {
    const { host, port } = runtime;
    const opened = Array.from({ length: connections }, () => Connection.open(host, port));
    return new Target(runtime, await Promise.all(opened));
  }

  /** Keeps every connection busy for so long. Throws at an answer with another status. */
  async measure(next: NextAsk, expected: number, seconds: number): Promise<Measured> {
    const cpu = this.runtime.cpu();
    const started = performance.now();
    const deadline = started + seconds * MS_PER_S;
    let requests = 0;
    const busy = async (connection: Connection) => {
      while (performance.now() < deadline) {
        const ask = next();
        const status = await connection.send(ask);
        if (status !== expected)
          throw new Error(`${ask.method} ${ask.path} was answered ${status}, not ${expected}.`);
        requests += 1;
      }
    };
    await Promise.all(this.#connections.map(busy));
    const tookMs = performance.now() - started;
    return {
      requests,
      perSecond: (requests * MS_PER_S) / tookMs,
      cpuMs: (this.runtime.cpu() - cpu) / Math.max(requests, 1),
    };
  }

  /** One request, and all of its answer. */
  async ask(ask: Ask) {
    const [first] = this.#connections;
    if (first === undefined) throw new Error("A target without a connection.");
    return first.read(ask);
  }

  close(): void {
    for (const one of this.#connections) one.close();
  }
}
