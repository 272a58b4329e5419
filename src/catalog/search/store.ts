import { asc, eq, gt, type SQL, sql } from "drizzle-orm";
import { among, query } from "../../platform/db.ts";
import { products } from "../schema.ts";

const toIndex = {
  seq: products.seq,
  id: products.id,
  version: products.version,
  status: products.status,
  title: products.title,
  description: products.description,
  /** What its variants are called, with their SKUs, one a line; null where none is offered. */
  variants: sql<string | null>`(
    SELECT group_concat(v.title || ' ' || v.sku, char(10)) FROM variants v
    WHERE v.product_id = products.id AND v.archived_at IS NULL
  )`,
};

export type IndexableRow = ReturnType<typeof findIndexable>["_"]["result"][number];

export function findIndexable(id: string | SQL<string>) {
  return query.select(toIndex).from(products).where(eq(products.id, id)).limit(1);
}

/** Those with these slugs. */
export function findIndexables(slugs: readonly string[]) {
  return query
    .select(toIndex)
    .from(products)
    .where(sql`${products.slug} IN ${among(slugs)}`);
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
