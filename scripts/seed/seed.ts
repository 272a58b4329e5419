import type { D1Database } from "@cloudflare/workers-types";
import { drizzle } from "drizzle-orm/d1";
import { productImages, products, variants } from "../../src/catalog/schema.ts";
import { discounts } from "../../src/discounts/schema.ts";
import { newId } from "../../src/platform/ids.ts";
import { SHOP } from "./shop.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A discount code to try. */
const WELCOME_CODE = "WELCOME10";

export interface SeedVariant {
  readonly sku: string;
  /** What tells it from the product's other variants. */
  readonly title: string;
  /** Price in the currency's minor unit. */
  readonly amount: number;
  /** Pieces there are to sell; 0 is sold out. */
  readonly stock: number;
}

export interface SeedProduct {
  /** Also the name of its picture in public/images. */
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** What the picture shows, for people who do not see it. */
  readonly image: string;
  /** How long before the seeding it appears to have been added. */
  readonly daysAgo: number;
  /** ISO 4217; one for all variants, because an order has one currency. */
  readonly currency: string;
  readonly variants: readonly SeedVariant[];
  /** False for what is not a thing, such as a seat; true unless said. */
  readonly requiresShipping?: boolean;
}

/**
 * Fills a shop that has no products, in one transaction, and returns how many it added: 0 when there were any.
 * The opening stock becomes the first ledger row of each SKU by the database's own trigger.
 */
export async function seedShop(d1: D1Database, now: Date): Promise<number> {
  const db = drizzle(d1);
  const [known] = await db.select({ id: products.id }).from(products).limit(1);
  if (known) return 0;
  // The oldest first: `seq` is the order of creation.
  const oldestFirst = [...SHOP].sort((a, b) => b.daysAgo - a.daysAgo);
  const [first, ...rest] = oldestFirst.flatMap((product) => insertProduct(db, product, now));
  const created = { createdAt: now.getTime(), updatedAt: now.getTime() };
  const welcome = db.insert(discounts).values({
    ...created,
    id: newId("dsc", now.getTime()),
    code: WELCOME_CODE,
    kind: "percentage",
    percent: 10,
    maxUsesPerCustomer: 1,
  });
  if (first) await db.batch([first, ...rest, welcome]);
  return oldestFirst.length;
}

function insertProduct(db: ReturnType<typeof drizzle>, product: SeedProduct, now: Date) {
  const createdAt = appearedAt(product, now);
  const times = { createdAt, updatedAt: createdAt };
  const productId = newId("prod", createdAt);
  const { slug, title, description, currency } = product;
  const priceFrom = Math.min(...product.variants.map((variant) => variant.amount));
  const image = { id: newId("img", createdAt), productId, position: 0 };
  return [
    db
      .insert(products)
      .values({ id: productId, slug, title, description, status: "active", priceFrom, ...times }),
    ...product.variants.map(({ stock, ...variant }, position) =>
      db.insert(variants).values({
        ...variant,
        ...times,
        id: newId("var", createdAt),
        productId,
        currency,
        position,
        openingStock: stock,
        requiresShipping: product.requiresShipping === false ? 0 : 1,
      }),
    ),
    db.insert(productImages).values({ ...image, url: `/images/${slug}.svg`, alt: product.image }),
  ];
}

/** Some days and a few uneven hours ago: nobody adds products at the same minute of each day. */
function appearedAt(product: SeedProduct, now: Date): number {
  const hours = (product.slug.length * 7) % 11;
  return now.getTime() - product.daysAgo * DAY_MS - hours * HOUR_MS - product.title.length * 97_531;
}
