import { withRecorder } from "../build/bundle.ts";
import type { Ask } from "../load/connection.ts";
import { Target } from "../load/load.ts";
import { RECORDED_PATH, type Visit } from "../worker/recorded.ts";
import { type RuntimeOptions, startRuntime } from "./runtime.ts";

export interface Look {
  /** Sends it, and says what it made the Worker do. Throws at an answer with another status. */
  visit(ask: Ask, status: number): Promise<Visit>;
  read(ask: Ask): Promise<{ status: number; body: string }>;
  /** All that it has done since it was asked last. */
  done(): Promise<Visit>;
  /** The CPU time of its process so far, in milliseconds. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Starts the shop with its database watched. */
export async function lookAt(options: RuntimeOptions): Promise<Look> {
  const bundle = await withRecorder(options.bundle);
  const runtime = await startRuntime({ ...options, bundle });
  const target = await Target.open(runtime, 1);
  const done = async () => {
    const { body } = await target.ask({ method: "GET", path: RECORDED_PATH });
    return JSON.parse(body) as Visit; // what the recorder answers
  };
  return {
    read: (ask) => target.ask(ask),
    done,
    cpu: () => runtime.cpu(),
    async visit(ask, status) {
      await done();
      const answer = await target.ask(ask);
      if (answer.status !== status)
        throw new Error(`${ask.method} ${ask.path} was answered ${answer.status}: ${answer.body}`);
      return done();
    },
    async stop() {
      target.close();
      await runtime.stop();
    },
  };
}
