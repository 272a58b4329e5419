import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";
import { productImages, products, variants } from "./schema.ts";

export type ProductRow = typeof products.$inferSelect & {
  readonly variants: string;
  readonly images: string;
};

export function insertProduct(row: typeof products.$inferInsert) {
  return query.insert(products).values(row);
}

/** One statement for all variants, whatever their number: D1 takes 100 parameters a statement. */
export function insertVariants(rows: readonly (typeof variants.$inferInsert)[]) {
  return query.run(sql`
    INSERT INTO variants (id, product_id, sku, title, amount, currency, position, requires_shipping, max_per_order,
      max_per_customer, opening_stock, created_at, updated_at)
    SELECT value ->> 'id', value ->> 'productId', value ->> 'sku', value ->> 'title', value ->> 'amount',
      value ->> 'currency', value ->> 'position', value ->> 'requiresShipping', value ->> 'maxPerOrder',
      value ->> 'maxPerCustomer', value ->> 'openingStock', value ->> 'createdAt', value ->> 'updatedAt'
    FROM json_each(${JSON.stringify(rows)})`);
}

const withParts = {
  seq: products.seq,
  id: products.id,
  slug: products.slug,
  title: products.title,
  description: products.description,
  status: products.status,
  priceFrom: products.priceFrom,
  unitsSold: products.unitsSold,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
  variants: sql<string>`(
    SELECT json_group_array(json_object('id', v.id, 'sku', v.sku, 'title', v.title, 'amount', v.amount,
      'currency', v.currency, 'availability', v.availability, 'requiresShipping', v.requires_shipping,
      'maxPerOrder', v.max_per_order, 'maxPerCustomer', v.max_per_customer))
    FROM (SELECT * FROM ${variants} WHERE product_id = "products"."id" ORDER BY position) v)`.as(
    "variants",
  ),
  images: sql<string>`(
    SELECT json_group_array(json_object('id', i.id, 'url', i.url, 'alt', i.alt))
    FROM (SELECT * FROM ${productImages} WHERE product_id = "products"."id" ORDER BY position) i)`.as(
    "images",
  ),
};

/** The product with this id or slug, if it is for everyone's eyes. */
export function findProduct(idOrSlug: string) {
  return query
    .select(withParts)
    .from(products)
    .where(
      and(
        eq(products.status, "active"),
        idOrSlug.startsWith("prod_") ? eq(products.id, idOrSlug) : eq(products.slug, idOrSlug),
      ),
    )
    .limit(1);
}

export type ProductSort = "newest" | "price" | "-price" | "popular";
export type ProductCursor = readonly [number, string];

const ORDERINGS = {
  newest: { column: products.createdAt, direction: desc, before: sql`<` },
  price: { column: products.priceFrom, direction: asc, before: sql`>` },
  "-price": { column: products.priceFrom, direction: desc, before: sql`<` },
  popular: { column: products.unitsSold, direction: desc, before: sql`<` },
} as const;

/** The value a product is sorted by: the first half of its cursor. */
export function sortKey(row: ProductRow, sort: ProductSort): ProductCursor {
  const key = {
    newest: row.createdAt,
    price: row.priceFrom,
    "-price": row.priceFrom,
    popular: row.unitsSold,
  };
  return [key[sort], row.id];
}

function matching(search: string | undefined): SQL {
  if (search === undefined) return sql`${products.status} = 'active'`;
  // The plus keeps SQLite from walking every active product to ask each whether it was found.
  return sql`+${products.status} = 'active' AND ${products.seq} IN (SELECT rowid FROM products_search WHERE products_search MATCH ${search})`;
}

export function listProducts(options: {
  readonly sort: ProductSort;
  readonly search: string | undefined;
  readonly after: ProductCursor | undefined;
  readonly limit: number;
}) {
  const { column, direction, before } = ORDERINGS[options.sort];
  const after =
    options.after === undefined
      ? undefined
      : sql`(${column}, ${products.id}) ${before} (${options.after[0]}, ${options.after[1]})`;
  return query
    .select(withParts)
    .from(products)
    .where(and(matching(options.search), after))
    .orderBy(direction(column), direction(products.id))
    .limit(options.limit);
}

export function countProducts(search: string | undefined) {
  return query.select({ total: sql<number>`count(*)` }).from(products).where(matching(search));
}

/** Variants with their product and its first picture. */
export function findVariants(skus: readonly string[]) {
  return query
    .select({
      sku: variants.sku,
      title: variants.title,
      amount: variants.amount,
      currency: variants.currency,
      requiresShipping: variants.requiresShipping,
      slug: products.slug,
      // D1's batches return rows as objects, so two columns of one name would be one.
      productTitle: sql<string>`${products.title}`.as("product_title"),
      imageId: productImages.id,
      imageUrl: productImages.url,
      imageAlt: productImages.alt,
    })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .leftJoin(
      productImages,
      and(eq(productImages.productId, products.id), eq(productImages.position, 0)),
    )
    .where(sql`${variants.sku} IN (SELECT value FROM json_each(${JSON.stringify(skus)}))`);
}
