import type { Context } from "../../platform/context.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { lookOf } from "../look.ts";
import { millisecondsOf, type NewProduct, type Product } from "../product.ts";
import { productJson } from "../shown/store.ts";
import { slugsOf } from "../slug.ts";
import { changeCatalog } from "./change-catalog.ts";
import { explainCatalog } from "./explain.ts";
import { insertProduct, insertVariants, setThresholds } from "./store.ts";
import { variantRow } from "./variant-row.ts";

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
    opensAt: millisecondsOf(input.opensAt ?? null),
    closesAt: millisecondsOf(input.closesAt ?? null),
  };
  const rows = input.variants.map((variant, position) => ({
    ...variantRow(variant, now),
    ...{ id: newId("var", now), productId: id, position },
  }));
  const priceFrom = Math.min(...rows.map((row) => row.amount));
  return {
    ...changeCatalog(ctx, {
      action: "product.created",
      target: id,
      data: {
        title: product.title,
        skus: rows.map((row) => row.sku),
        openingStock: rows.reduce((sum, row) => sum + row.openingStock, 0),
      },
      statements: [
        insertProduct({ ...product, priceFrom, createdAt: now, updatedAt: now }, slugs),
        insertVariants(rows),
        ...setThresholds(input.variants),
      ],
      indexed: { productId: id },
    }),
    result: productJson(id, lookOf(ctx)),
    explain: (error) => explainCatalog(error, { slug: slugs[0] }),
  };
}
