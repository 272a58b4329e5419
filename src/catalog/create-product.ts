import { audit } from "../platform/audit-log/store.ts";
import { toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { newId } from "../platform/ids.ts";
import { type NewProduct, openingAvailability, type Product, toSlug } from "./product.ts";
import { insertProduct, insertVariants } from "./store.ts";

/** Adds a product with its variants and opening stock: all or nothing. Throws `CONFLICT` when a slug or SKU is taken. */
export function createProduct(ctx: Context, input: NewProduct): Effect<Product> {
  const now = ctx.now();
  const id = newId("prod", now);
  const product = {
    id,
    slug: input.slug ?? (toSlug(input.title) || id.replace("_", "-")),
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
  return {
    statements: [
      insertProduct({ ...product, priceFrom, createdAt: now, updatedAt: now }),
      insertVariants(rows),
      audit(ctx, "product.created", id, {
        slug: product.slug,
        skus: rows.map((row) => row.sku),
        openingStock: rows.reduce((sum, row) => sum + row.openingStock, 0),
      }),
    ],
    result: {
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
    },
    explain: (error) => taken(error, product.slug),
  };
}

function taken(error: unknown, slug: string): AppError | undefined {
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
