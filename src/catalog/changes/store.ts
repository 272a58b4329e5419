import { eq, type SQL, sql } from "drizzle-orm";
import { among, query, type Statement } from "../../platform/db.ts";
import { productImages, products, variants } from "../schema.ts";
import { productOfVariant } from "../store.ts";
import type { NewVariant } from "../variant.ts";

type NewProductRow = Omit<typeof products.$inferInsert, "slug">;
export type NewVariantRow = typeof variants.$inferInsert;

/** A product with the first of these slugs that no other has; with the first of all where each is taken, which is refused. */
export function insertProduct(row: NewProductRow, slugs: readonly string[]) {
  const free = sql`coalesce((
    SELECT value FROM json_each(${JSON.stringify(slugs)}) AS wanted
    WHERE NOT EXISTS (SELECT 1 FROM products WHERE slug = wanted.value) ORDER BY wanted.key LIMIT 1), ${slugs[0]})`;
  return query.insert(products).values({ ...row, slug: free });
}

/** One statement for all variants, whatever their number: D1 takes 100 parameters a statement. */
export function insertVariants(rows: readonly NewVariantRow[]) {
  return query.run(sql`
    INSERT INTO variants (id, product_id, sku, title, amount, currency, position, requires_shipping, max_per_order,
      max_per_customer, opening_stock, created_at, updated_at)
    SELECT value ->> 'id', value ->> 'productId', value ->> 'sku', value ->> 'title', value ->> 'amount',
      value ->> 'currency', value ->> 'position', value ->> 'requiresShipping', value ->> 'maxPerOrder',
      value ->> 'maxPerCustomer', value ->> 'openingStock', value ->> 'createdAt', value ->> 'updatedAt'
    FROM json_each(${JSON.stringify(rows)})`);
}

/** One more, behind the others. */
export function insertVariant(row: Omit<NewVariantRow, "position">) {
  return query.insert(variants).values({ ...row, position: lastPlace(row.productId) });
}

/** What new variants say of when they run low. Their levels came with them, by a trigger. */
export function setThresholds(variants: readonly NewVariant[]): Statement[] {
  const said = variants.filter((variant) => variant.lowStockThreshold !== undefined);
  if (said.length === 0) return [];
  return [
    query.run(sql`
      UPDATE stock_levels SET low_stock_threshold = said.value ->> 'lowStockThreshold'
      FROM json_each(${JSON.stringify(said)}) AS said WHERE stock_levels.sku = said.value ->> 'sku'`),
  ];
}

/** Whose change it is, and of which versions of the product it may be one; undefined where any is good. */
export interface Changed {
  readonly id: string;
  readonly seen: readonly string[] | undefined;
}

/** Whether the product `p` is one of these versions. */
export const seenAs = (seen: Changed["seen"]) =>
  seen === undefined ? sql`` : sql`AND CAST(p.version AS TEXT) IN ${among(seen)}`;

/** The product's own id, or NULL where it is not there, or was changed since it was seen: no line of the audit log takes that. */
export function productToChange({ id, seen }: Changed): SQL<string> {
  return sql`(SELECT p.id FROM products p WHERE p.id = ${id} ${seenAs(seen)})`;
}

/** The same of a variant, whose product's version it is. */
export function variantToChange({ id, seen }: Changed): SQL<string> {
  return sql`(SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = ${id} ${seenAs(seen)})`;
}

export type ProductPatch = Partial<
  Pick<
    typeof products.$inferSelect,
    "slug" | "title" | "description" | "status" | "opensAt" | "closesAt"
  >
>;

/** Changes a product, or only says that a part of it has changed. */
export function updateProduct(id: string | SQL<string>, patch: ProductPatch, now: number) {
  return query
    .update(products)
    .set({ ...patch, updatedAt: now })
    .where(eq(products.id, id));
}

export type VariantPatch = Partial<
  Pick<
    typeof variants.$inferSelect,
    "title" | "amount" | "currency" | "requiresShipping" | "maxPerOrder" | "maxPerCustomer"
  >
>;

export function updateVariant(id: string, patch: VariantPatch, now: number) {
  return query
    .update(variants)
    .set({ ...patch, updatedAt: now })
    .where(eq(variants.id, id));
}

/** The place behind all other variants of the product. */
const lastPlace = (productId: SQL<string> | string): SQL<number> =>
  sql`(SELECT coalesce(max(position) + 1, 0) FROM variants WHERE product_id = ${productId})`;

/** Takes a variant out of what is offered, or back into it, at its end; nothing where it is so already. */
export function archiveVariant(id: string, archivedAt: number | null) {
  const other = archivedAt === null ? sql`IS NOT NULL` : sql`IS NULL`;
  const position = archivedAt === null ? lastPlace(productOfVariant(id)) : sql`position`;
  return query.run(sql`
    UPDATE variants SET archived_at = ${archivedAt}, position = ${position} WHERE id = ${id} AND archived_at ${other}`);
}

/** Moves an offered variant to this place among the others, counted from 0; beyond the last one it becomes that. */
export function moveVariant(id: string, place: number) {
  const among = sql`product_id = ${productOfVariant(id)} AND archived_at IS NULL`;
  return moveTo(variants, { id, place, among });
}

/** The same of anything that has a place among others, which are those that `among` says. */
export function moveTo(
  table: typeof variants | typeof productImages,
  { id, place, among }: { readonly id: string; readonly place: number; readonly among: SQL },
) {
  return query.run(sql`
    UPDATE ${table} SET position = placed.place FROM (
      SELECT id, row_number() OVER (ORDER BY iif(id = ${id}, ${place}, rank), id = ${id} DESC) - 1 AS place
      FROM (SELECT id, row_number() OVER (ORDER BY id = ${id}, position) - 1 AS rank FROM ${table} WHERE ${among})
    ) AS placed WHERE ${table}.id = placed.id AND ${table}.position <> placed.place`);
}

/** Whether it is there, for who was refused. */
export function findChanged(table: "products" | "variants" | "images", id: string) {
  const rows = { products, variants, images: productImages }[table];
  return query.select({ id: rows.id }).from(rows).where(eq(rows.id, id)).limit(1);
}
