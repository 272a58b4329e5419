import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { among, countRows, query, type RowOf } from "../platform/db.ts";
import { type Holes, perShape, prepared } from "../platform/prepared.ts";
import type { ProductStatus } from "./product-status.ts";
import { imageObjects, productImages, products, variants } from "./schema.ts";
import { shownAt } from "./shown/store.ts";

/** A product as the API shows it, in JSON, beside what lists of it are sorted by. */
export type ProductRow = RowOf<typeof listFound>;

const productBy = perShape((by: "id" | "slug", drafts: boolean) =>
  prepared((p: Holes<{ wanted: string } & Seen>) =>
    query
      .select({ ...shownAt(p, { archived: drafts }), version: products.version })
      .from(products)
      .where(and(drafts ? undefined : eq(products.status, "active"), eq(products[by], p.wanted)))
      .limit(1),
  ),
);

/** What each product is shown by. */
type Seen = { now: number; images: string };

interface Sight {
  /** Whether what is not for everyone's eyes is seen: drafts, archived products, and variants that are not offered. */
  readonly drafts: boolean;
  readonly look: Seen;
}

/** The product with this id or slug, if it is for everyone's eyes, or for those of the shop's staff. */
export function findProduct(idOrSlug: string, { drafts, look }: Sight) {
  const by = idOrSlug.startsWith("prod_") ? "id" : "slug";
  return productBy(by, drafts)({ wanted: idOrSlug, ...look });
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
  readonly look: Seen;
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

type Place = { status: string; place: number; id: string; limit: number } & Seen;

const productsPage = perShape((sort: ProductSort, further: boolean) =>
  prepared((p: Holes<Place>) => {
    const { order, rest } = inOrder({ sort, after: further ? [p.place, p.id] : undefined });
    return query
      .select(shownAt(p))
      .from(products)
      .where(and(eq(products.status, p.status), rest))
      .orderBy(...order)
      .limit(p.limit);
  }),
);

export function listProducts({ sort, after, look, status, limit }: Listing) {
  const [place = 0, id = ""] = after ?? [];
  return productsPage(sort, after !== undefined)({ status, limit, place, id, ...look });
}

export function countProducts(status: ProductStatus) {
  return countRows(products, eq(products.status, status));
}

const isFound = (seqs: readonly number[]) => sql`${products.seq} IN ${among(seqs)}`;
/** The plus keeps SQLite from walking every product of a status to ask each whether it was found. */
const stillIs = (status: ProductStatus) => sql`+${products.status} = ${status}`;

/** These products, newest first, as far as they are what was looked for. */
export function listFound(
  seqs: readonly number[],
  { status, look }: Pick<Listing, "status" | "look">,
) {
  return query
    .select(shownAt(look))
    .from(products)
    .where(and(isFound(seqs), stillIs(status)))
    .orderBy(desc(products.seq));
}

/** A part of these products in an order of its own; what belongs to a product is only read for that part. */
export function listFoundInOrder(
  seqs: readonly number[],
  { status, limit, look, ...listing }: Listing,
) {
  const { order, rest } = inOrder(listing);
  const part = query
    .select({ seq: products.seq })
    .from(products)
    .where(and(isFound(seqs), stillIs(status), rest))
    .orderBy(...order)
    .limit(limit);
  return query
    .select(shownAt(look))
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
      slug: products.slug,
      // D1's batches return rows as objects, so two columns of one name would be one.
      productTitle: sql<string>`${products.title}`.as("product_title"),
      imageId: productImages.id,
      imageKey: productImages.key,
      imageAlt: productImages.alt,
      width: imageObjects.width,
      height: imageObjects.height,
    })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .leftJoin(
      productImages,
      and(eq(productImages.productId, products.id), eq(productImages.position, 0)),
    )
    .leftJoin(imageObjects, eq(imageObjects.key, productImages.key))
    .where(sql`${variants.sku} IN ${among(skus)}`);
}

/** The id of the product that has this variant. */
export const productOfVariant = (id: string): SQL<string> =>
  sql`(SELECT product_id FROM variants WHERE id = ${id})`;
