import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Connection, Replicas } from "./connection.ts";
import { CONSTRAINTS, type Constraint } from "./constraints.ts";

/** What drizzle's builders have in common; awaiting one directly fails, because `query` has no connection. */
export interface Buildable<Result> extends PromiseLike<Result> {
  getSQL(): SQL;
}

/** What drizzle makes of one: its text, and how to read what D1 answers. */
export interface Prepared {
  getQuery(): { sql: string; params: unknown[] };
  mapResult(result: unknown, isFromBatch: boolean): unknown;
  /** What a row has, in the order of its columns. */
  readonly fields?: readonly { readonly path: readonly string[]; readonly field: Field }[];
}

export interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

/** A column, which decodes itself, an expression, or one with a name. */
export interface Field {
  readonly decoder?: Decoder;
  readonly sql?: { readonly decoder: Decoder };
}

/** A statement that was built before, with its values: see prepared.ts. */
export interface Bound<Result> {
  readonly prepared: Executable<Result>;
}

interface Executable<Result> {
  readonly sql: string;
  readonly params: readonly unknown[];
  map(result: unknown): Result;
}

const unconnected = {
  prepare: () => ({
    bind: () => {
      throw new Error("A statement runs through Database.batch, never by itself.");
    },
  }),
};

/** Builds statements. Stores return them, use cases put them into one `batch`. */
export const query = drizzle(asD1(unconnected));

function asD1(client: object): D1Database {
  return client as D1Database; // drizzle only ever prepares on it, and `bind` throws
}

export function prepare(statement: Buildable<unknown>): Prepared {
  const built = statement as unknown as { _prepare(): Prepared };
  return built._prepare(); // what drizzle's own D1 batch calls on every builder and raw statement
}

function executable(statement: Statement): Executable<unknown> {
  if ("prepared" in statement) return statement.prepared;
  const drizzles = prepare(statement);
  return { ...drizzles.getQuery(), map: (result) => drizzles.mapResult(result, true) };
}

/** For `IN`: these values, as one parameter however many they are. */
export function among(values: readonly (string | number)[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** For a list from new to old: what comes after the row that a page ended with. */
export function olderThan(
  time: SQLWrapper,
  id: SQLWrapper,
  after: readonly [unknown, unknown] | undefined,
): SQL | undefined {
  return after === undefined ? undefined : sql`(${time}, ${id}) < (${after[0]}, ${after[1]})`;
}

/** As far as rows are counted: a list of a million costs no more than one of ten thousand. */
export const MAX_COUNTED = 10_000;

/** How many rows there are, one more than `MAX_COUNTED` at most. `rows` is what stands behind FROM. */
export function countRows(rows: SQLWrapper, where?: SQL): Statement<{ total: number }[]> {
  const condition = where === undefined ? sql`` : sql`WHERE ${where}`;
  return query.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM (SELECT 1 FROM ${rows} ${condition} LIMIT ${MAX_COUNTED + 1})`,
  );
}

/** A column of milliseconds as the API shows a time; null stays null. */
export function timestampText(column: SQLWrapper): SQL {
  return sql`strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000, 'unixepoch') || printf('.%03dZ', ${column} % 1000)`;
}

/** What must be so for a statement to do what it does. */
export type Condition = SQL;

export type Statement<Result = unknown> = Buildable<Result> | Bound<Result>;

type ResultOf<S> =
  S extends Bound<infer Result> ? Result : S extends Buildable<infer Result> ? Result : never;

type Results<S extends readonly Statement[]> = { -readonly [K in keyof S]: ResultOf<S[K]> };

/** The rows that a store's function finds. */
export type RowOf<F extends (...input: never) => Statement> =
  ResultOf<ReturnType<F>> extends readonly (infer Row)[] ? Row : never;

/** How often what each tag stands for has changed. */
export type Versions = readonly { readonly tag: string; readonly version: number }[];

/** Who hears, of each batch that writes, what has changed by its end: asked in the same round trip and transaction. */
export interface Witness {
  ask(): Bound<Versions>;
  /** Before a batch; `hear` gets it with the answer, and knows by it what else was heard meanwhile. */
  begin(): number;
  hear(versions: Versions, since: number): void;
  /** The state of the database that a batch has written or read. */
  saw(bookmark: string): void;
  /** Nobody knows whether the batch was done. */
  doubt(): void;
}

/** What was read, and what the witness heard in the first batch that read it. */
export interface Reading<T> {
  readonly value: T;
  readonly heard: Versions | undefined;
  /** The state of the database that was read; undefined without replicas. */
  readonly bookmark: string | undefined;
}

/** A statement that goes along, and what it has found. */
interface Beside {
  readonly ready: Executable<unknown>;
  result: unknown;
}

const READS = /^\s*select\b/i;

/** The database as one request, message or task sees it: counts and times its round trips. */
export class Database {
  readonly #d1: Connection;
  readonly #witness: Witness | undefined;
  readonly #replicas: Replicas | undefined;
  #session: Connection | undefined;
  #reading = false;
  #heard: Versions | undefined;
  #beside: Beside | undefined;
  trips = 0;
  milliseconds = 0;

  constructor(d1: Connection, witness?: Witness, replicas?: Replicas) {
    this.#d1 = d1;
    this.#witness = witness;
    this.#replicas = replicas;
  }

  /** Reads what is everybody's: from whatever copy of the database is near, and new enough for the client. */
  async reading<T>(read: () => Promise<T>): Promise<Reading<T>> {
    this.#session ??= this.#replicas?.nearby();
    this.#reading = true;
    try {
      const value = await read();
      return { value, heard: this.#heard, bookmark: this.bookmark };
    } finally {
      this.#reading = false;
      this.#heard = undefined;
    }
  }

  /** Reads this with whatever the next batch does, in its round trip. Answers what says it then; undefined before, and where that has failed. */
  besideNext<Result>(statement: Statement<Result>): () => Result | undefined {
    const beside: Beside = { ready: executable(statement), result: undefined };
    this.#beside = beside;
    return () => beside.result as Result | undefined; // mapped by the statement itself
  }

  /** What the client has seen of the database: nothing older is for it. */
  get atLeast(): string | undefined {
    return this.#replicas?.atLeast;
  }

  /** The state of the database after the last batch; undefined without replicas. */
  get bookmark(): string | undefined {
    return this.#session?.getBookmark?.() ?? undefined;
  }

  /** Runs the statements in one round trip and one transaction: all of them, or none. Throws `ConstraintError` when the database refuses. */
  async batch<const S extends readonly Statement[]>(statements: S): Promise<Results<S>> {
    this.#session ??= this.#replicas?.primary();
    const connection = this.#session ?? this.#d1;
    const ready = statements.map(executable);
    const beside = this.#beside;
    this.#beside = undefined;
    if (beside !== undefined) ready.push(beside.ready);
    const writes = ready.some(({ sql: text }) => !READS.test(text));
    const witness = writes || this.#reading ? this.#witness : undefined;
    const since = witness?.begin() ?? 0;
    if (witness !== undefined) ready.push(witness.ask().prepared);
    const bound = ready.map(({ sql, params }) => connection.prepare(sql).bind(...params));
    this.trips += 1;
    const started = performance.now();
    try {
      const results = await connection.batch(bound);
      const mapped = results.map((result, i) => ready[i]?.map(result));
      if (witness !== undefined) this.#hear(witness, mapped.pop(), since);
      if (beside !== undefined) beside.result = mapped.pop();
      // What the client itself has said proves nothing to others.
      if (this.bookmark !== undefined && this.bookmark !== this.atLeast)
        witness?.saw(this.bookmark);
      return asResults<S>(mapped);
    } catch (error) {
      const translated = translate(error);
      if (writes && !(translated instanceof ConstraintError)) witness?.doubt();
      throw translated;
    } finally {
      this.milliseconds += performance.now() - started;
    }
  }

  #hear(witness: Witness, answer: unknown, since: number): void {
    const versions = answer as Versions; // what its own statement is mapped to
    if (this.#reading) this.#heard ??= versions;
    witness.hear(versions, since);
  }

  /** One statement, one round trip. */
  async run<Result>(statement: Statement<Result>): Promise<Result> {
    const [result] = await this.batch([statement]);
    return result;
  }
}

function asResults<S extends readonly Statement[]>(results: unknown[]): Results<S> {
  return results as Results<S>; // one result a statement, in order, mapped by the statement itself
}

/** The database said no: a CHECK, UNIQUE, FOREIGN KEY or NOT NULL constraint, or a trigger's `RAISE`. */
class ConstraintError extends Error {
  /** The constraint's name (`stock_not_oversold`), its columns (`products.slug`), `FOREIGN KEY`, or the trigger's word. */
  readonly constraint: string;

  constructor(constraint: string, cause: unknown) {
    super(`The database refused: ${constraint}`, { cause });
    this.name = "ConstraintError";
    this.constraint = constraint;
  }
}

const NAMED = /(?:CHECK|UNIQUE|NOT NULL) constraint failed: (.+?)(?:: SQLITE_|$)/;
const RAISED = /D1_ERROR: (.+?): SQLITE_CONSTRAINT/;

function translate(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const text = cause.message;
    const named = NAMED.exec(text)?.[1];
    if (named !== undefined) return new ConstraintError(named, error);
    if (text.includes("FOREIGN KEY constraint failed")) {
      return new ConstraintError("FOREIGN KEY", error);
    }
    const raised = RAISED.exec(text)?.[1];
    if (raised !== undefined) return new ConstraintError(raised, error);
  }
  return error;
}

/** True when the database refused for this reason. */
export function refusedBy(error: unknown, constraint: Constraint): boolean {
  return error instanceof ConstraintError && error.constraint === constraint;
}

/** The word by which the database refused; undefined when it did not. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof ConstraintError ? error.constraint : undefined;
}

/** What stands beside the word by which the database refused; undefined when it refused by none of these, or did not. */
export function byRefusal<T>(
  error: unknown,
  words: Readonly<Partial<Record<Constraint, T>>>,
): T | undefined {
  if (!(error instanceof ConstraintError)) return undefined;
  const known = CONSTRAINTS.find((word) => word === error.constraint);
  return known && words[known];
}
