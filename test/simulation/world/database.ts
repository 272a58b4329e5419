/** A statement with its values. */
export interface Sql {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A statement that does nothing, for bugs that leave one out. */
export const NOTHING: Sql = { sql: "SELECT 1 WHERE 0", params: [] };

/** Runs statements in one transaction, as D1 does: all or none, and the answer of each. */
export type RunBatch = (statements: readonly Sql[]) => Promise<D1Result[]>;

/** The databases that the shop has: its own, and the index of words. */
export interface Databases {
  readonly shop: RunBatch;
  readonly search: RunBatch;
}

export function runOnD1(database: D1Database): RunBatch {
  return (statements) =>
    database.batch(statements.map(({ sql, params }) => database.prepare(sql).bind(...params)));
}

/** D1 itself. */
export function overD1({ DB, SEARCH }: Record<"DB" | "SEARCH", D1Database>): Databases {
  return { shop: runOnD1(DB), search: runOnD1(SEARCH) };
}

/** One SQLite for both, whose tables have no name in common; that each is asked of its own, D1 shows. */
export function overSqlite(storage: DurableObjectStorage): Databases {
  return { shop: runOnSqlite(storage), search: runOnSqlite(storage) };
}

/**
 * The SQLite of a Durable Object, asked as the local D1 asks it: the same engine without the way to it, which makes a
 * batch thirty times cheaper. Errors have D1's words.
 */
function runOnSqlite(storage: DurableObjectStorage): RunBatch {
  return async (statements) => {
    try {
      return storage.transactionSync(() => statements.map((one) => runOne(storage.sql, one)));
    } catch (error) {
      throw new Error(`D1_ERROR: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
}

function runOne(sql: SqlStorage, statement: Sql): D1Result {
  const params = statement.params.map(asD1Sends);
  const cursor = sql.exec(statement.sql, ...params);
  const results = cursor.toArray();
  const meta = {
    duration: 0,
    size_after: 0,
    rows_read: cursor.rowsRead,
    rows_written: cursor.rowsWritten,
    last_row_id: 0,
    changed_db: cursor.rowsWritten > 0,
    changes: cursor.rowsWritten,
  };
  return { success: true, results, meta };
}

/** https://developers.cloudflare.com/d1/worker-api/#type-conversion */
function asD1Sends(value: unknown): SqlStorageValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || typeof value === "number" || typeof value === "string") return value;
  throw new Error(
    `D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${String(value)}'`,
  );
}

const VERB =
  /\b(insert(?: or \w+)? into|update(?! of)|delete from|from)\s+["`]?(?!json_each)(\w+)/i;

/** What a batch is about, for people. */
export function describeBatch(statements: readonly Sql[]): string {
  const words = statements.map(({ sql }) => {
    const [, verb = "select", table = ""] = VERB.exec(sql) ?? [];
    const [first = ""] = verb.toLowerCase().split(" ");
    return `${first === "from" ? "select" : first} ${table}`;
  });
  return words.join(" + ");
}

class Prepared implements Sql {
  readonly sql: string;
  readonly params: readonly unknown[];

  constructor(sql: string, params: readonly unknown[] = []) {
    this.sql = sql;
    this.params = params;
  }

  bind(...params: unknown[]): Prepared {
    return new Prepared(this.sql, params);
  }
}

/** A D1 binding whose batches go through `run`. */
export function asBinding(run: RunBatch): D1Database {
  const binding = {
    prepare: (sql: string) => new Prepared(sql),
    batch: (statements: readonly Prepared[]) => run(statements),
  };
  return binding as unknown as D1Database; // `Database` only ever calls prepare, bind and batch
}
