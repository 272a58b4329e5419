import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Outcome as CrashOutcome, Runner } from "../crash/matrix.ts";
import type { Outcome } from "../history/run-history.ts";
import type { Step } from "../history/step.ts";
import type { CallerKind } from "../hostile/intruder.ts";
import type { Walked } from "../hostile/walk.ts";
import type { Order } from "../worker.ts";
import type { Bundle } from "./bundle.ts";

/** One runtime of its own that plays histories, one at a time. */
export interface Player {
  /** The seed's own history, or these steps. Throws when the history could not be played to its end. */
  play(
    seed: string,
    options?: { steps?: readonly Step[]; database?: "d1"; bug?: string },
  ): Promise<Outcome>;
  /** The names of the crash matrix's scenarios, and one of them with its faults. */
  scenarios(): Promise<readonly string[]>;
  readonly crash: Runner;
  /** A hostile walk of this caller's, or of one that the seed chooses. */
  walk(seed: string, caller?: CallerKind): Promise<Walked>;
  close(): Promise<void>;
}

/** Starts workerd with the simulation over empty, migrated databases of each kind. */
export async function startPlayer({ script, wasm, migrations }: Bundle): Promise<Player> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [
        { type: "ESModule", path: "worker.mjs", contents: script },
        ...wasm.map((one) => ({ type: "CompiledWasm" as const, ...one })),
      ],
      compatibilityDate: "2026-10-20",
      compatibilityFlags: ["nodejs_compat"],
      durableObjects: { SIMULATION: { className: "Simulation", useSQLite: true } },
      d1Databases: ["DB", "SEARCH"],
    }),
  );
  const send = async (order: Order): Promise<unknown> => {
    const response = await miniflare.dispatchFetch("http://simulation.test/", {
      method: "POST",
      body: JSON.stringify(order),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  await send({ migrations });
  await send({ migrations, database: "d1" });
  return {
    play: async (seed, options = {}) => (await send({ seed, ...options })) as Outcome,
    scenarios: async () => (await send({ scenarios: true })) as string[],
    crash: async (scenario, planned) =>
      (await send({ crash: { scenario, planned } })) as CrashOutcome,
    walk: async (seed, caller) =>
      (await send({ walk: { seed, ...(caller === undefined ? {} : { caller }) } })) as Walked,
    close: () => miniflare.dispose(),
  };
}
