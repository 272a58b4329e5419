import { asc, eq, gt, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { IndexedText } from "../../platform/search/words.ts";
import type { ProductStatus } from "../product-status.ts";
import { products } from "../schema.ts";

// Of the shop's database.

const toIndex = {
  seq: products.seq,
  id: products.id,
  version: products.version,
  status: products.status,
  title: products.title,
  description: products.description,
};

export type IndexableRow = ReturnType<typeof findIndexable>["_"]["result"][number];

export function findIndexable(id: string) {
  return query.select(toIndex).from(products).where(eq(products.id, id)).limit(1);
}

/** Those with these slugs. */
export function findIndexables(slugs: readonly string[]) {
  return query
    .select(toIndex)
    .from(products)
    .where(sql`${products.slug} IN (SELECT value FROM json_each(${JSON.stringify(slugs)}))`);
}

/** Products in the order of their creation, whatever their status. */
export function listIndexable(after: number, limit: number) {
  return query
    .select(toIndex)
    .from(products)
    .where(gt(products.seq, after))
    .orderBy(asc(products.seq))
    .limit(limit);
}

// Of the search database.

/** What the index keeps of a product. */
export interface ProductDocument extends IndexedText {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
  readonly status: ProductStatus;
}

/**
 * Writes products into the index, each unless it has a newer version of it, or is filled anew since: so it does not
 * matter who comes late or twice. A product that has another's `seq` is of a shop that was restored, and goes first.
 */
export function writeDocuments(documents: readonly ProductDocument[], generation: number) {
  const keys = JSON.stringify(documents.map(({ seq, id, version }) => ({ seq, id, version })));
  const written = sql`JOIN indexed_products p ON p.seq = value ->> 'seq' AND p.product_id = value ->> 'id'
    AND p.version = value ->> 'version' AND p.generation = ${generation}`;
  return [
    query.run(sql`
      INSERT INTO indexed_products (seq, product_id, version, generation)
      SELECT value ->> 'seq', value ->> 'id', value ->> 'version', ${generation} FROM json_each(${keys}) WHERE true
      ON CONFLICT (seq) DO UPDATE
      SET product_id = excluded.product_id, version = excluded.version, generation = excluded.generation
      WHERE excluded.generation > generation OR (excluded.generation = generation
        AND (excluded.product_id <> product_id OR excluded.version >= version))`),
    query.run(
      sql`DELETE FROM product_words WHERE rowid IN (SELECT p.seq FROM json_each(${keys}) ${written})`,
    ),
    query.run(sql`
      INSERT INTO product_words (rowid, words, stems, status)
      SELECT p.seq, value ->> 'words', value ->> 'stems', value ->> 'status'
      FROM json_each(${JSON.stringify(documents)}) ${written}`),
  ] as const;
}

interface Range {
  readonly after: number;
  /** Undefined: to the end. */
  readonly through: number | undefined;
  /** What is of an older filling is forgotten. */
  readonly generation: number;
  readonly limit: number;
}

/** Takes out what a filling has not met: products that there are no more, since the shop was restored. Answers each. */
export function forgetDocuments({ after, through, generation, limit }: Range) {
  const upTo = through === undefined ? sql`` : sql`AND seq <= ${through}`;
  const gone = sql`
    SELECT seq FROM indexed_products WHERE seq > ${after} ${upTo} AND generation < ${generation}
    ORDER BY seq LIMIT ${limit}`;
  return [
    query.run(sql`DELETE FROM product_words WHERE rowid IN (${gone})`),
    query.all<{ seq: number }>(
      sql`DELETE FROM indexed_products WHERE seq IN (${gone}) RETURNING seq`,
    ),
  ] as const;
}

export interface Matching {
  /** As `matchText` makes it. */
  readonly match: string;
  readonly status: ProductStatus;
}

const matching = ({ match, status }: Matching) =>
  sql`product_words MATCH ${`status : ${status} AND ${match}`}`;

/** The newest products that match, from `newest` on: the index goes through them in this order, and no farther. */
export function findMatches(
  what: Matching,
  { newest, limit }: { readonly newest: number | undefined; readonly limit: number },
) {
  // A bound number is a REAL, which the index would compare with every match.
  const from = newest === undefined ? sql`` : sql`AND rowid <= CAST(${newest} AS INTEGER)`;
  return query.all<{ seq: number }>(sql`
    SELECT rowid AS seq FROM product_words WHERE ${matching(what)} ${from} ORDER BY rowid DESC LIMIT ${limit}`);
}

/** How many match, counted up to `limit`. */
export function countMatches(what: Matching, limit: number) {
  return query.all<{ total: number }>(sql`
    SELECT count(*) AS total FROM (SELECT 1 FROM product_words WHERE ${matching(what)} LIMIT ${limit})`);
}
