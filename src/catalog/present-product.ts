import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { availabilitySchema, type Product } from "./product.ts";
import type { ProductRow } from "./store.ts";

const storedVariants = z.array(
  z.object({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    amount: z.int(),
    currency: z.string(),
    availability: availabilitySchema,
    requiresShipping: z.int(),
    maxPerOrder: z.int(),
    maxPerCustomer: z.int().nullable(),
  }),
);
const storedImages = z.array(z.object({ id: z.string(), url: z.string(), alt: z.string() }));

/** The product as the API shows it. */
export function presentProduct(row: ProductRow): Product {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    status: row.status,
    images: storedImages.parse(JSON.parse(row.images)),
    variants: storedVariants
      .parse(JSON.parse(row.variants))
      .map(({ id, sku, title, amount, currency, availability, requiresShipping, ...limits }) => ({
        ...{ id, sku, title, price: { amount, currency }, availability },
        requiresShipping: requiresShipping === 1,
        ...limits,
      })),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  };
}
