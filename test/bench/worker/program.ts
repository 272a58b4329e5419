import type { How } from "./recorded.ts";

/**
 * A parameter of a statement: as it was, so many milliseconds from now, the request's own number `n` of the values
 * that are new each time, or a text in which those stand.
 */
export type Param =
  | { readonly is: "same"; readonly value: unknown }
  | { readonly is: "time"; readonly offsetMs: number }
  | { readonly is: "fresh"; readonly n: number }
  | { readonly is: "text"; readonly pieces: readonly (string | number)[] };

export interface ProgramTrip {
  readonly database: string;
  readonly how: How;
  readonly statements: readonly { readonly sql: string; readonly params: readonly Param[] }[];
}

/** What the floor does for one request: groups of round trips, one group after the other. */
export interface Program {
  readonly groups: readonly (readonly ProgramTrip[])[];
  /** Of each value that is new each time: its beginning, and its length in characters. */
  readonly fresh: readonly { readonly prefix: string; readonly length: number }[];
  readonly status: number;
  /** Once it was refused, it refuses by itself, as long as the process lives. */
  readonly remembersRefusal?: boolean;
  readonly queued: readonly { readonly queue: string; readonly body: unknown }[];
  readonly fetched: readonly {
    readonly url: string;
    readonly method: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    /** After how many groups. */
    readonly after: number;
  }[];
}

export const LEARN_PATH = "/_floor/learn";
export const CHECK_PATH = "/_floor/check";
/** One SELECT of one row by its key, for what the shop answers from memory. */
export const ONE_SELECT_PATH = "/_floor/one-select";
/** Runs one statement of a database by itself, and says what it cost. */
export const RUN_PATH = "/_floor/run";

export interface OneStatement {
  readonly database: string;
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** `refused` is what the database said, where it did not run it. */
export interface StatementCost {
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly ms: number;
  readonly refused?: string;
}
