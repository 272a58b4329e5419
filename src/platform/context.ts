import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db.ts";
import type { Job } from "./jobs/messages.ts";
import type { Log } from "./log.ts";
import type { Memory } from "./memory/memory.ts";
import type { SharedCache } from "./memory/shared-cache.ts";
import type { RequestLimits } from "./rate-limit/limiter.ts";
import type { Role, Scope } from "./roles.ts";

/** Who is acting. `label` is what history and the ledger record, `address` the client's real address. */
export interface Actor {
  readonly kind: "guest" | "user" | "key" | "system";
  readonly label: string;
  readonly address: string;
  /** Set for users. */
  readonly user?: {
    readonly id: string;
    readonly accountId: string;
    readonly role: Role;
    readonly sessionId: string;
  };
  /** Set for API keys. */
  readonly scopes?: readonly Scope[];
  /** The user that an API key belongs to. */
  readonly ownerId?: string | undefined;
}

/** What every use case gets: one request, one queue message or one scheduled task. */
export interface Context {
  readonly config: Config;
  readonly db: Database;
  /** The index of what people look for by words: made from `db`, and never in one batch with it. */
  readonly search: Database;
  /** What the isolate has kept of answers for everybody; undefined where that is switched off. */
  readonly memory: Memory | undefined;
  /** The same of the data center's isolates for each other. */
  readonly shared: SharedCache | undefined;
  /** Milliseconds since the epoch. */
  readonly now: Clock;
  readonly log: Log;
  readonly requestId: string;
  readonly actor: Actor;
  readonly limits: RequestLimits;
  /** Wakes the queue for work that is already on disk; failing is harmless, the sweep finds the row. */
  readonly wake: (job: Job) => void;
}
