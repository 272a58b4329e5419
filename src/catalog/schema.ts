import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { PRODUCT_STATUSES } from "./product-status.ts";
import { DEFAULT_MAX_PER_ORDER } from "./variant.ts";

/** What the shop sells. `seq` is the order of creation and the key of the index of words; a trigger counts `version` up. */
export const products = sqliteTable(
  "products",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    slug: text("slug").notNull().unique(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    status: text("status", { enum: PRODUCT_STATUSES }).notNull(),
    version: integer("version").notNull().default(1),
    priceFrom: integer("price_from").notNull(),
    /** When it can be reserved, in milliseconds: from the first on and before the second; null for always. */
    opensAt: integer("opens_at"),
    closesAt: integer("closes_at"),
    unitsSold: integer("units_sold").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("products_status", sql`${t.status} IN ('draft', 'active', 'archived')`),
    index("products_newest").on(t.status, t.createdAt, t.id),
    index("products_by_price").on(t.status, t.priceFrom, t.id),
    index("products_by_sales").on(t.status, t.unitsSold, t.id),
  ],
);

/** One buyable form of a product. `availability` is kept by a trigger on the stock level; `openingStock` becomes the first ledger row. */
export const variants = sqliteTable(
  "variants",
  {
    id: text("id").primaryKey(),
    productId: text("product_id")
      .notNull()
      .references(() => products.id),
    sku: text("sku").notNull().unique(),
    title: text("title").notNull(),
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    position: integer("position").notNull(),
    /** Whether a parcel is needed for it; a seat or a voucher goes without. */
    requiresShipping: integer("requires_shipping").notNull().default(1),
    /** How many one order may have. */
    maxPerOrder: integer("max_per_order").notNull().default(DEFAULT_MAX_PER_ORDER),
    /** How many one customer may hold and have bought; null for any number. */
    maxPerCustomer: integer("max_per_customer"),
    openingStock: integer("opening_stock").notNull().default(0),
    availability: text("availability", { enum: ["in_stock", "low", "sold_out"] })
      .notNull()
      .default("sold_out"),
    /** How many are left where that is few; null elsewhere. Kept by a trigger, as the word is. */
    fewLeft: integer("few_left"),
    /** Since when it is not offered any more, in milliseconds. */
    archivedAt: integer("archived_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    // One SKU in any case: kept in capitals, so that everything that names it names the same.
    check("variants_sku", sql`${t.sku} = upper(${t.sku})`),
    check("variants_amount_positive", sql`${t.amount} > 0`),
    check("variants_currency", sql`length(${t.currency}) = 3`),
    check("variants_requires_shipping", sql`${t.requiresShipping} IN (0, 1)`),
    check("variants_limits", sql`${t.maxPerOrder} > 0 AND coalesce(${t.maxPerCustomer}, 1) > 0`),
    check("variants_opening_stock", sql`${t.openingStock} >= 0`),
    check("variants_availability", sql`${t.availability} IN ('in_stock', 'low', 'sold_out')`),
    index("variants_of_product").on(t.productId, t.position),
  ],
);

/**
 * A picture's bytes in the bucket, under a key made of what they are. A row is there before the bytes and goes after them,
 * so what is in the bucket is known here; `leavingAt` says that somebody is taking the bytes away.
 */
export const imageObjects = sqliteTable(
  "image_objects",
  {
    key: text("key").primaryKey(),
    width: integer("width").notNull(),
    height: integer("height").notNull(),
    bytes: integer("bytes").notNull(),
    /** How many products have it; kept by triggers. */
    uses: integer("uses").notNull().default(0),
    /** When somebody last meant to use it, or stopped, in milliseconds. */
    touchedAt: integer("touched_at").notNull(),
    leavingAt: integer("leaving_at"),
  },
  (t) => [
    check("image_objects_size", sql`${t.width} > 0 AND ${t.height} > 0 AND ${t.bytes} > 0`),
    check("image_objects_uses", sql`${t.uses} >= 0`),
    index("image_objects_unused").on(t.touchedAt).where(sql`"uses" = 0`),
  ],
);

export const productImages = sqliteTable(
  "product_images",
  {
    id: text("id").primaryKey(),
    productId: text("product_id")
      .notNull()
      .references(() => products.id),
    /** The bytes; a trigger takes no row without them. */
    key: text("key").references(() => imageObjects.key),
    alt: text("alt").notNull(),
    position: integer("position").notNull(),
  },
  (t) => [
    index("images_of_product").on(t.productId, t.position),
    index("images_of_object").on(t.key),
  ],
);
