import { type SQL, sql } from "drizzle-orm";
import { query } from "../db.ts";
import { INDEX, type IndexKind } from "./kinds.ts";
import type { IndexedText } from "./words.ts";

/** Which filling of a kind this is; the columns are explained in `migrations-search/`. */
export interface IndexState {
  readonly generation: number;
  readonly through: number;
  readonly filled: number;
}

export function findIndexState(kind: IndexKind) {
  return query.all<IndexState>(
    sql`SELECT generation, through, filled FROM index_state WHERE kind = ${kind}`,
  );
}

/** How many kinds were filled at least once. */
export function countFilledKinds() {
  return query.all<{ filled: number }>(
    sql`SELECT count(*) AS filled FROM index_state WHERE filled > 0`,
  );
}

/** Begins to fill a kind anew. What is in it is found until then, and after that only what was filled in. */
export function beginFilling(kind: IndexKind) {
  return query.all<IndexState>(sql`
    UPDATE index_state SET generation = generation + 1, through = 0 WHERE kind = ${kind}
    RETURNING generation, through, filled`);
}

/** A filling has come this far. One that overlaps with it never takes it back. */
export function filledThrough(kind: IndexKind, generation: number, through: number) {
  return query.run(sql`
    UPDATE index_state SET through = max(through, CAST(${through} AS INTEGER))
    WHERE kind = ${kind} AND generation = ${generation}`);
}

/** A filling has come to its end, unless another one was begun. */
export function filledWhole(kind: IndexKind, generation: number) {
  return query.run(
    sql`UPDATE index_state SET filled = generation WHERE kind = ${kind} AND generation = ${generation}`,
  );
}

/** What the index keeps of a thing: `seq` is its place in the order of a kind, newest last. */
export interface IndexDocument extends Pick<IndexedText, "words"> {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
  /** Where the kind is asked by them as well. */
  readonly stems?: string;
  readonly status?: string;
}

interface Tables {
  readonly indexed: SQL;
  readonly id: SQL;
  readonly words: SQL;
  readonly columns: readonly string[];
}

function tablesOf(kind: IndexKind): Tables {
  const { indexed, id, words, columns } = INDEX[kind];
  return { indexed: sql.raw(indexed), id: sql.raw(id), words: sql.raw(words), columns };
}

/**
 * Writes documents into the index, each unless it has a newer version of it, and none once another filling was begun,
 * which has read them later: so it does not matter who comes late or twice. One that has another's `seq` is of a shop that was restored, and goes first.
 */
export function writeDocuments(
  kind: IndexKind,
  documents: readonly IndexDocument[],
  generation: number,
) {
  const { indexed, id, words, columns } = tablesOf(kind);
  const keys = JSON.stringify(documents.map(({ seq, id, version }) => ({ seq, id, version })));
  const written = sql`JOIN ${indexed} p ON p.seq = value ->> 'seq' AND p.${id} = value ->> 'id'
    AND p.version = value ->> 'version' AND p.generation = ${generation}`;
  const names = sql.raw(columns.join(", "));
  const values = sql.raw(columns.map((column) => `value ->> '${column}'`).join(", "));
  return [
    query.run(sql`
      INSERT INTO ${indexed} (seq, ${id}, version, generation)
      SELECT value ->> 'seq', value ->> 'id', value ->> 'version', ${generation} FROM json_each(${keys})
      WHERE EXISTS (SELECT 1 FROM index_state WHERE kind = ${kind} AND generation = ${generation})
      ON CONFLICT (seq) DO UPDATE
      SET ${id} = excluded.${id}, version = excluded.version, generation = excluded.generation
      WHERE excluded.generation > generation OR (excluded.generation = generation
        AND (excluded.${id} <> ${id} OR excluded.version >= version))`),
    query.run(
      sql`DELETE FROM ${words} WHERE rowid IN (SELECT p.seq FROM json_each(${keys}) ${written})`,
    ),
    query.run(sql`
      INSERT INTO ${words} (rowid, ${names})
      SELECT p.seq, ${values} FROM json_each(${JSON.stringify(documents)}) ${written}`),
  ] as const;
}

/** Which of these the index has as they are, or as they were later. */
export function findKnown(
  kind: IndexKind,
  documents: readonly IndexDocument[],
  generation: number,
) {
  const { indexed, id } = tablesOf(kind);
  const keys = JSON.stringify(documents.map(({ seq, id, version }) => ({ seq, id, version })));
  return query.all<{ seq: number }>(sql`
    SELECT p.seq FROM json_each(${keys}) JOIN ${indexed} p ON p.seq = value ->> 'seq' AND p.${id} = value ->> 'id'
    WHERE p.version >= value ->> 'version' AND p.generation = ${generation}`);
}

interface Range {
  readonly after: number;
  /** Undefined: to the end. */
  readonly through: number | undefined;
  /** What is of an older filling is forgotten. */
  readonly generation: number;
  readonly limit: number;
}

/** Takes out what a filling has not met: what there is no more, since the shop was restored. Answers each. */
export function forgetDocuments(kind: IndexKind, { after, through, generation, limit }: Range) {
  const { indexed, words } = tablesOf(kind);
  const upTo = through === undefined ? sql`` : sql`AND seq <= ${through}`;
  const gone = sql`
    SELECT seq FROM ${indexed} WHERE seq > ${after} ${upTo} AND generation < ${generation}
    ORDER BY seq LIMIT ${limit}`;
  return [
    query.run(sql`DELETE FROM ${words} WHERE rowid IN (${gone})`),
    query.all<{ seq: number }>(sql`DELETE FROM ${indexed} WHERE seq IN (${gone}) RETURNING seq`),
  ] as const;
}

/** The newest of a kind that match, from `newest` on: the index goes through them in this order, and no farther. */
export function findMatches(
  kind: IndexKind,
  match: string,
  { newest, limit }: { readonly newest: number | undefined; readonly limit: number },
) {
  const { words } = tablesOf(kind);
  // A bound number is a REAL, which the index would compare with every match.
  const from = newest === undefined ? sql`` : sql`AND rowid <= CAST(${newest} AS INTEGER)`;
  return query.all<{ seq: number }>(sql`
    SELECT rowid AS seq FROM ${words} WHERE ${words} MATCH ${match} ${from} ORDER BY rowid DESC LIMIT ${limit}`);
}

/** How many match, counted up to `limit`. */
export function countMatches(kind: IndexKind, match: string, limit: number) {
  const { words } = tablesOf(kind);
  return query.all<{ total: number }>(sql`
    SELECT count(*) AS total FROM (SELECT 1 FROM ${words} WHERE ${words} MATCH ${match} LIMIT ${limit})`);
}
