import * as z from "zod";
import { moneySchema, refuseUnpayable } from "../platform/money.ts";
import { asTyped } from "../platform/spelling.ts";
import { lineSchema } from "../platform/text.ts";

/** Of those that a product offers; a trigger counts them. */
export const MAX_VARIANTS = 100;
export const MAX_OPENING_STOCK = 1_000_000;
const MAX_LIMIT = 10_000;
/** More of one thing than most people want, and less than most shops have. */
export const DEFAULT_MAX_PER_ORDER = 10;

/** What shoppers are told: of the stock, or that the product's time has not come yet, or is over. */
const availabilitySchema = z.enum(["in_stock", "low", "sold_out", "not_yet", "over"]);

export const variantSchema = z
  .strictObject({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    price: moneySchema,
    availability: availabilitySchema,
    left: z.int().optional().meta({ description: "How many are left, where that is few." }),
    requiresShipping: z.boolean().meta({
      description: "False for what needs no parcel: an order of nothing else has no delivery.",
    }),
    maxPerOrder: z.int().meta({ description: "How many one order may have." }),
    maxPerCustomer: z.int().nullable().meta({
      description:
        "How many one customer may hold and have bought, told apart by account and email; null for any number.",
    }),
    archived: z.boolean().optional().meta({
      description: "It is not offered any more; seen by staff, who ask for its product.",
    }),
  })
  .meta({ id: "Variant" });
export type Variant = z.infer<typeof variantSchema>;

export const titleSchema = () => lineSchema(200);

/** A SKU as it is kept and compared: as typed, in capitals, because SKUs that differ in case only are one. */
export const skuSchema = z
  .string()
  .overwrite(asTyped)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "Use up to 64 letters, digits, dots, dashes and underscores.",
  )
  .toUpperCase()
  .meta({ description: "In any case, and answered in capitals: `mug-1` and `MUG-1` are one SKU." });

/** A SKU runs low when no more than so many are available; at 0 it does when it is sold out. */
export const thresholdSchema = () => z.int().min(0).max(MAX_OPENING_STOCK);

const priceSchema = moneySchema
  .extend({ amount: z.int().min(1) })
  .superRefine(refuseUnpayable)
  .meta({
    id: "Price",
    description:
      "What can be paid: in KWD and other currencies with three decimals a multiple of 10, in MGA of 100; up to eight digits as Stripe counts them, twelve in IDR, ten in COP, nine in INR.",
  });

const maxPerOrder = () => z.int().min(1).max(MAX_LIMIT);
const maxPerCustomer = () => z.int().min(1).max(MAX_LIMIT).nullable();

export const newVariantSchema = z.strictObject({
  sku: skuSchema,
  title: titleSchema(),
  price: priceSchema,
  initialStock: z.int().min(0).max(MAX_OPENING_STOCK).optional(),
  lowStockThreshold: thresholdSchema()
    .optional()
    .meta({ description: "It runs low when no more than so many are available; 5 unless said." }),
  requiresShipping: z.boolean().default(true),
  maxPerOrder: maxPerOrder().default(DEFAULT_MAX_PER_ORDER),
  maxPerCustomer: maxPerCustomer().default(null),
});
export type NewVariant = z.infer<typeof newVariantSchema>;

export const variantChangesSchema = z.strictObject({
  title: titleSchema().optional(),
  price: priceSchema.optional(),
  requiresShipping: z.boolean().optional(),
  maxPerOrder: maxPerOrder().optional(),
  maxPerCustomer: maxPerCustomer().optional(),
  position: z
    .int()
    .min(0)
    .max(MAX_VARIANTS - 1)
    .optional()
    .meta({
      description: "Its place among the variants that are offered, from 0; the others move on.",
    }),
  archived: z.literal(false).optional().meta({
    description: "Offers one again that was archived, behind the others; `DELETE` archives.",
  }),
});
export type VariantChanges = z.infer<typeof variantChangesSchema>;
