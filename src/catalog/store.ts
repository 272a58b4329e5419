import { and, asc, desc, eq, sql } from "drizzle-orm";
import { countRows, query, type RowOf, timestampText } from "../platform/db.ts";
import { type Holes, perShape, prepared } from "../platform/prepared.ts";
import type { ProductStatus } from "./product-status.ts";
import { productImages, products, variants } from "./schema.ts";

/** A product as the API shows it, in JSON, beside what lists of it are sorted by. */
export type ProductRow = RowOf<typeof listFound>;

type NewProductRow = Omit<typeof products.$inferInsert, "slug">;

/** A product with the first of these slugs that no other has; with the first of all where each is taken, which is refused. */
export function insertProduct(row: NewProductRow, slugs: readonly string[]) {
  const free = sql`coalesce((
    SELECT value FROM json_each(${JSON.stringify(slugs)}) AS wanted
    WHERE NOT EXISTS (SELECT 1 FROM products WHERE slug = wanted.value) ORDER BY wanted.key LIMIT 1), ${slugs[0]})`;
  return query.insert(products).values({ ...row, slug: free });
}

/** The API's product as JSON text, with the slug that it was given. */
export function withSlugJson<Product extends { readonly slug: string }>(
  product: Omit<Product, "slug"> & { readonly id: string },
) {
  return sql<string>`json_set(${JSON.stringify(product)}, '$.slug', (
    SELECT slug FROM products WHERE id = ${product.id}))`;
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

const asShown = {
  id: products.id,
  priceFrom: products.priceFrom,
  unitsSold: products.unitsSold,
  createdAt: products.createdAt,
  product:
    sql<string>`json_object('id', ${products.id}, 'slug', ${products.slug}, 'title', ${products.title},
    'description', ${products.description}, 'status', ${products.status},
    'images', (SELECT json_group_array(json_object('id', i.id, 'url', i.url, 'alt', i.alt))
      FROM (SELECT * FROM ${productImages} WHERE product_id = "products"."id" ORDER BY position) i),
    'variants', (SELECT json_group_array(json_object('id', v.id, 'sku', v.sku, 'title', v.title,
        'price', json_object('amount', v.amount, 'currency', v.currency), 'availability', v.availability,
        'requiresShipping', json(iif(v.requires_shipping, 'true', 'false')), 'maxPerOrder', v.max_per_order,
        'maxPerCustomer', v.max_per_customer))
      FROM (SELECT * FROM ${variants} WHERE product_id = "products"."id" ORDER BY position) v),
    'createdAt', ${timestampText(products.createdAt)}, 'updatedAt', ${timestampText(products.updatedAt)})`.as(
      "product",
    ),
};

const productBy = perShape((by: "id" | "slug", drafts: boolean) =>
  prepared((p: Holes<{ wanted: string }>) =>
    query
      .select(asShown)
      .from(products)
      .where(and(drafts ? undefined : eq(products.status, "active"), eq(products[by], p.wanted)))
      .limit(1),
  ),
);

/** The product with this id or slug, if it is for everyone's eyes, or for those of the shop's staff. */
export function findProduct(idOrSlug: string, { drafts }: { readonly drafts: boolean }) {
  const by = idOrSlug.startsWith("prod_") ? "id" : "slug";
  return productBy(by, drafts)({ wanted: idOrSlug });
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

interface Listing {
  readonly status: ProductStatus;
  readonly sort: ProductSort;
  readonly after: ProductCursor | undefined;
  readonly limit: number;
}

interface Order {
  readonly sort: ProductSort;
  readonly after: readonly [unknown, unknown] | undefined;
}

function inOrder({ sort, after }: Order) {
  const { column, direction, before } = ORDERINGS[sort];
  return {
    order: [direction(column), direction(products.id)],
    rest:
      after === undefined
        ? undefined
        : sql`(${column}, ${products.id}) ${before} (${after[0]}, ${after[1]})`,
  };
}

type Place = { status: string; place: number; id: string; limit: number };

const productsPage = perShape((sort: ProductSort, further: boolean) =>
  prepared((p: Holes<Place>) => {
    const { order, rest } = inOrder({ sort, after: further ? [p.place, p.id] : undefined });
    return query
      .select(asShown)
      .from(products)
      .where(and(eq(products.status, p.status), rest))
      .orderBy(...order)
      .limit(p.limit);
  }),
);

export function listProducts({ status, sort, after, limit }: Listing) {
  const [place = 0, id = ""] = after ?? [];
  return productsPage(sort, after !== undefined)({ status, place, id, limit });
}

export function countProducts(status: ProductStatus) {
  return countRows(products, eq(products.status, status));
}

const among = (seqs: readonly number[]) =>
  sql`${products.seq} IN (SELECT value FROM json_each(${JSON.stringify(seqs)}))`;
/** The plus keeps SQLite from walking every product of a status to ask each whether it was found. */
const stillIs = (status: ProductStatus) => sql`+${products.status} = ${status}`;

/** These products, newest first, as far as they are what was looked for. */
export function listFound(seqs: readonly number[], status: ProductStatus) {
  return query
    .select(asShown)
    .from(products)
    .where(and(among(seqs), stillIs(status)))
    .orderBy(desc(products.seq));
}

/** A part of these products in an order of its own; what belongs to a product is only read for that part. */
export function listFoundInOrder(seqs: readonly number[], { status, limit, ...listing }: Listing) {
  const { order, rest } = inOrder(listing);
  const part = query
    .select({ seq: products.seq })
    .from(products)
    .where(and(among(seqs), stillIs(status), rest))
    .orderBy(...order)
    .limit(limit);
  return query
    .select(asShown)
    .from(products)
    .where(sql`${products.seq} IN ${part}`)
    .orderBy(...order);
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
