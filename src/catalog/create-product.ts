import { audit } from "../platform/audit-log/store.ts";
import { toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { newId } from "../platform/ids.ts";
import { promisePurged } from "../platform/memory/purge.ts";
import { wakePromises } from "../platform/outbox/store.ts";
import { type NewProduct, openingAvailability, type Product } from "./product.ts";
import { promiseIndexed } from "./search/index-product.ts";
import { slugsOf } from "./slug.ts";
import { insertProduct, insertVariants, withSlugJson } from "./store.ts";

/**
 * Adds a product with its variants and opening stock: all or nothing. Where no slug was sent the database takes the
 * first that is free by the title. Throws `CONFLICT` when a slug that was sent or a SKU is taken.
 */
export function createProduct(ctx: Context, input: NewProduct): Effect<Product> {
  const now = ctx.now();
  const id = newId("prod", now);
  const slugs = input.slug === undefined ? slugsOf(input.title, id) : [input.slug];
  const product = {
    id,
    title: input.title,
    description: input.description ?? "",
    status: input.status ?? ("active" as const),
  };
  const rows = input.variants.map((variant, position) => ({
    id: newId("var", now),
    productId: id,
    sku: variant.sku,
    title: variant.title,
    amount: variant.price.amount,
    currency: variant.price.currency,
    position,
    requiresShipping: variant.requiresShipping ? 1 : 0,
    maxPerOrder: variant.maxPerOrder,
    maxPerCustomer: variant.maxPerCustomer,
    openingStock: variant.initialStock ?? 0,
    createdAt: now,
    updatedAt: now,
  }));
  const priceFrom = Math.min(...rows.map((row) => row.amount));
  const promises = [promiseIndexed(ctx, id), ...promisePurged(ctx, "catalog")];
  return {
    statements: [
      insertProduct({ ...product, priceFrom, createdAt: now, updatedAt: now }, slugs),
      insertVariants(rows),
      audit(ctx, "product.created", id, {
        title: product.title,
        skus: rows.map((row) => row.sku),
        openingStock: rows.reduce((sum, row) => sum + row.openingStock, 0),
      }),
      ...promises.map(({ statement }) => statement),
    ],
    result: withSlugJson<Product>({
      ...product,
      images: [],
      variants: rows.map((row) => ({
        id: row.id,
        sku: row.sku,
        title: row.title,
        price: { amount: row.amount, currency: row.currency },
        availability: openingAvailability(row.openingStock),
        requiresShipping: row.requiresShipping === 1,
        maxPerOrder: row.maxPerOrder,
        maxPerCustomer: row.maxPerCustomer,
      })),
      createdAt: toTimestamp(now),
      updatedAt: toTimestamp(now),
    }),
    explain: (error) => taken(error, slugs),
    after: () =>
      wakePromises(
        ctx,
        promises.map((one) => one.id),
      ),
  };
}

function taken(error: unknown, [slug = ""]: readonly string[]): AppError | undefined {
  if (refusedBy(error, "products.slug")) {
    return new AppError("CONFLICT", `Another product already has the slug "${slug}".`, {
      fields: { slug: "Is taken." },
    });
  }
  if (refusedBy(error, "variants.sku")) {
    return new AppError("CONFLICT", "Another variant already has one of these SKUs.", {
      fields: { variants: "Has a SKU that is taken." },
    });
  }
  return undefined;
}
