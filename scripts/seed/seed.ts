import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { D1Database, R2Bucket } from "@cloudflare/workers-types";
import { drizzle } from "drizzle-orm/d1";
import { describePicture } from "../../src/catalog/images/describe-picture.ts";
import { imageObjects, productImages, products, variants } from "../../src/catalog/schema.ts";
import { discounts } from "../../src/discounts/schema.ts";
import { sha256OfBytes } from "../../src/platform/hash.ts";
import { newId } from "../../src/platform/ids.ts";
import { SHOP } from "./shop.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PICTURES = join(import.meta.dirname, "pictures");
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
  /** Also the name of its picture in `pictures`. */
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

/** Where a shop keeps what it has. */
export interface Storage {
  readonly DB: D1Database;
  readonly IMAGES: Pick<R2Bucket, "put">;
}

/**
 * Fills a shop that has no products: the pictures' bytes first, then all rows in one transaction. Returns how many products
 * it added: 0 when there were any. The opening stock becomes the first ledger row of each SKU by the database's own trigger.
 */
export async function seedShop({ DB, IMAGES }: Storage, now: Date): Promise<number> {
  const db = drizzle(DB);
  const [known] = await db.select({ id: products.id }).from(products).limit(1);
  if (known) return 0;
  // The oldest first: `seq` is the order of creation.
  const oldestFirst = [...SHOP].sort((a, b) => b.daysAgo - a.daysAgo);
  const pictures = await Promise.all(oldestFirst.map(({ slug }) => putPicture(IMAGES, slug)));
  const [first, ...rest] = oldestFirst.flatMap((product, i) =>
    insertProduct(db, { product, picture: pictures[i], now }),
  );
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

type Picture = Omit<typeof imageObjects.$inferInsert, "touchedAt">;

/** Puts a picture where the shop puts those of its sellers. */
async function putPicture(images: Storage["IMAGES"], slug: string): Promise<Picture> {
  const bytes = new Uint8Array(readFileSync(join(PICTURES, `${slug}.webp`)));
  const { kind, width, height } = describePicture(bytes);
  const key = `${await sha256OfBytes(bytes)}.${kind}`;
  await images.put(key, bytes, { httpMetadata: { contentType: "image/webp" } });
  return { key, width, height, bytes: bytes.byteLength };
}

interface Seeded {
  readonly product: SeedProduct;
  readonly picture: Picture | undefined;
  readonly now: Date;
}

function insertProduct(db: ReturnType<typeof drizzle>, { product, picture, now }: Seeded) {
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
    ...(picture === undefined
      ? []
      : [
          db.insert(imageObjects).values({ ...picture, touchedAt: now.getTime() }),
          db.insert(productImages).values({ ...image, key: picture.key, alt: product.image }),
        ]),
  ];
}

/** Some days and a few uneven hours ago: nobody adds products at the same minute of each day. */
function appearedAt(product: SeedProduct, now: Date): number {
  const hours = (product.slug.length * 7) % 11;
  return now.getTime() - product.daysAgo * DAY_MS - hours * HOUR_MS - product.title.length * 97_531;
}
