import { DurableObject } from "cloudflare:workers";
import { BUGS } from "./bugs.ts";
import type { PlannedFault } from "./crash/matrix.ts";
import { runScenario } from "./crash/run-scenario.ts";
import { SCENARIOS } from "./crash/scenarios.ts";
import { makeHistory } from "./history/history.ts";
import { runHistory } from "./history/run-history.ts";
import type { Step } from "./history/step.ts";
import type { CallerKind } from "./hostile/intruder.ts";
import { Walk } from "./hostile/walk.ts";
import { type Databases, overD1, overSqlite } from "./world/index.ts";

interface Env {
  readonly SIMULATION: DurableObjectNamespace<Simulation>;
  readonly DB: D1Database;
  readonly SEARCH: D1Database;
}

/** What the simulation's process is asked to do. */
export interface Order {
  /** Statements of the migrations, for databases that have none yet. */
  readonly migrations?: Readonly<Record<keyof Databases, readonly string[]>>;
  readonly seed?: string;
  /** Instead of the seed's own history. */
  readonly steps?: readonly Step[];
  /** The name of a bug to plant in the history. */
  readonly bug?: string;
  /** Asks for the names of the scenarios. */
  readonly scenarios?: true;
  /** Instead of a history: a scenario of the crash matrix with these faults. */
  readonly crash?: { readonly scenario: string; readonly planned: readonly PlannedFault[] };
  /** Instead of a history: a hostile walk of this caller's, or of one that the seed chooses. */
  readonly walk?: { readonly seed: string; readonly caller?: CallerKind };
  /** `d1`: over D1 itself. */
  readonly database?: "d1" | "sqlite";
}

/** Plays histories beside its own SQLite, one at a time. */
export class Simulation extends DurableObject<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { migrations, seed, steps, bug, scenarios, crash, walk, database } =
      await request.json<Order>();
    const databases = database === "d1" ? overD1(this.env) : overSqlite(this.ctx.storage);
    if (migrations !== undefined) {
      await databases.shop(migrations.shop.map((sql) => ({ sql, params: [] })));
      await databases.search(migrations.search.map((sql) => ({ sql, params: [] })));
    }
    if (scenarios) return Response.json(SCENARIOS.map(({ name }) => name));
    if (crash !== undefined) {
      return Response.json(
        await runScenario(databases, named(SCENARIOS, crash.scenario), crash.planned),
      );
    }
    if (walk !== undefined)
      return Response.json(await Walk.play(databases, walk.seed, walk.caller));
    if (seed === undefined) return Response.json({});
    const rewrite = bug === undefined ? undefined : named(BUGS, bug).rewrite;
    const history = { seed, databases, steps: steps ?? makeHistory(seed), rewrite };
    return Response.json(await runHistory(history));
  }
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no "${name}".`);
  return found;
}

export default {
  fetch: (request, env) =>
    env.SIMULATION.get(env.SIMULATION.idFromName("simulation")).fetch(request),
} satisfies ExportedHandler<Env>;
