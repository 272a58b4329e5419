/** A profile as the inspector protocol gives it (Profiler.Profile). Lines and columns begin at 0, times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
      readonly columnNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const INTERVAL_US = 100;

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Talks to the inspector of one Worker in a workerd. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply; // of the protocol: events have no id
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  /** Opens the one of the Worker itself; the runtime has others for its databases and queues. */
  static async open(address: URL): Promise<Inspector> {
    const answer = await fetch(`http://${address.host}/json`);
    const targets = (await answer.json()) as { id: string; webSocketDebuggerUrl: string }[]; // the protocol's list
    const found = targets.find(({ id }) => id.startsWith("core:user:")) ?? targets[0];
    if (found === undefined) throw new Error("The inspector has nothing to inspect.");
    const socket = new WebSocket(`ws://${address.host}/${found.id}`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("The inspector does not answer.")));
    });
    return new Inspector(socket);
  }

  /** The CPU profile of what the Worker does meanwhile. */
  async profile(work: () => Promise<void>): Promise<CpuProfile> {
    await this.#ask("Profiler.enable");
    await this.#ask("Profiler.setSamplingInterval", { interval: INTERVAL_US });
    await this.#ask("Profiler.start");
    await work();
    const { profile } = (await this.#ask("Profiler.stop")) as { profile: CpuProfile };
    return profile;
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string, params: object = {}): Promise<unknown> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
