import type { Bundle } from "../build/bundle.ts";
import { withRecorder } from "../build/bundle.ts";
import type { Ask } from "../load/connection.ts";
import { Target } from "../load/load.ts";
import { RECORDED_PATH, type Visit } from "../worker/recorded.ts";
import { startRuntime } from "./runtime.ts";
import type { Sample } from "./sample-shop.ts";

export interface Look {
  /** Sends it, and says what it made the Worker do. Throws at an answer with another status. */
  visit(ask: Ask, status: number): Promise<Visit>;
  read(ask: Ask): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
}

/** Starts the shop with its database watched. */
export async function lookAt(bundle: Bundle, root: string, sample: Sample): Promise<Look> {
  const runtime = await startRuntime({ bundle: await withRecorder(bundle), root, sample });
  const target = await Target.open(runtime, 1);
  return {
    read: (ask) => target.ask(ask),
    async visit(ask, status) {
      await target.ask({ method: "GET", path: RECORDED_PATH });
      const answer = await target.ask(ask);
      if (answer.status !== status)
        throw new Error(`${ask.method} ${ask.path} was answered ${answer.status}: ${answer.body}`);
      const { body } = await target.ask({ method: "GET", path: RECORDED_PATH });
      return JSON.parse(body) as Visit; // what the recorder answers
    },
    async stop() {
      target.close();
      await runtime.stop();
    },
  };
}
