import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db.ts";
import type { Job } from "./jobs/messages.ts";
import type { Log } from "./log.ts";

/** Who is acting, as history and the ledger record it. `address` tells guests apart where nothing else does. */
export interface Actor {
  readonly kind: "guest" | "admin" | "system";
  readonly label: string;
  readonly address: string;
}

/** What every use case gets: one request, one queue message or one scheduled task. */
export interface Context {
  readonly config: Config;
  readonly db: Database;
  /** Milliseconds since the epoch. */
  readonly now: Clock;
  readonly log: Log;
  readonly requestId: string;
  readonly actor: Actor;
  /** Wakes the queue for work that is already on disk; failing is harmless, the sweep finds the row. */
  readonly wake: (job: Job) => void;
}
