import type { NewVariant } from "../variant.ts";

/** What a new variant says of itself, as the database keeps it. */
export function variantRow(variant: NewVariant, now: number) {
  return {
    sku: variant.sku,
    title: variant.title,
    amount: variant.price.amount,
    currency: variant.price.currency,
    requiresShipping: variant.requiresShipping ? 1 : 0,
    maxPerOrder: variant.maxPerOrder,
    maxPerCustomer: variant.maxPerCustomer,
    openingStock: variant.initialStock ?? 0,
    createdAt: now,
    updatedAt: now,
  };
}
