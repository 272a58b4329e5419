/** How a statement is run: `batch`, or one of the methods of D1's prepared statements. */
export type How = "batch" | "all" | "run" | "raw" | "first";

export interface RecordedStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

/** One round trip to a database. `began` and `ended` are moments of the visit's own count, so that overlaps are seen. */
export interface RecordedTrip {
  readonly database: string;
  readonly how: How;
  readonly statements: readonly RecordedStatement[];
  readonly began: number;
  readonly ended: number;
}

/** What one request made the Worker do. */
export interface Visit {
  /** The clock at its first round trip, in milliseconds; null without one. */
  readonly at: number | null;
  readonly trips: readonly RecordedTrip[];
  readonly requests: number;
  /** Messages that were given to a queue. */
  readonly queued: readonly { readonly queue: string; readonly body: unknown }[];
  /** Requests to somewhere else. */
  readonly fetched: readonly {
    readonly url: string;
    readonly method: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  }[];
}

/** Where the recording Worker gives out what it has seen since it was asked last. */
export const RECORDED_PATH = "/_bench/recorded";

/** Where it runs what cron runs by `?cron=`. */
export const CRON_PATH = "/_bench/cron";
