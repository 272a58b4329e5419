import * as z from "zod";
import { moneySchema, refuseUnpayable } from "../platform/money.ts";
import { asTyped } from "../platform/spelling.ts";
import { textSchema } from "../platform/text.ts";
import { PRODUCT_STATUSES } from "./product-status.ts";
import { MAX_SLUG_CHARS } from "./slug.ts";

const MAX_VARIANTS = 100;
const MAX_OPENING_STOCK = 1_000_000;

export const productStatusSchema = z.enum(PRODUCT_STATUSES);

export const availabilitySchema = z.enum(["in_stock", "low", "sold_out"]);

const variantSchema = z
  .strictObject({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    price: moneySchema,
    availability: availabilitySchema,
  })
  .meta({ id: "Variant" });

const imageSchema = z
  .strictObject({ id: z.string(), url: z.string(), alt: z.string() })
  .meta({ id: "Image" });

export const productSchema = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    status: productStatusSchema,
    images: z.array(imageSchema),
    variants: z.array(variantSchema),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Product" });

export type Product = z.infer<typeof productSchema>;

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

const slugSchema = z
  .string()
  .max(MAX_SLUG_CHARS)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use small letters and digits, joined by single dashes.");

const title = () => textSchema().trim().min(1).max(200);

const priceSchema = moneySchema
  .extend({ amount: z.int().min(1) })
  .superRefine(refuseUnpayable)
  .meta({
    id: "Price",
    description:
      "What can be paid: in KWD and other currencies with three decimals a multiple of 10, in MGA of 100; up to eight digits as Stripe counts them, twelve in IDR, ten in COP, nine in INR.",
  });

const newVariantSchema = z.strictObject({
  sku: skuSchema,
  title: title(),
  price: priceSchema,
  initialStock: z.int().min(0).max(MAX_OPENING_STOCK).optional(),
});

export const newProductSchema = z
  .strictObject({
    title: title(),
    slug: slugSchema.optional(),
    description: textSchema().max(10_000).optional(),
    status: z.enum(["draft", "active"]).optional(),
    variants: z.array(newVariantSchema).min(1).max(MAX_VARIANTS),
  })
  .superRefine(({ variants }, issues) => {
    const seen = new Set<string>();
    variants.forEach(({ sku, price }, i) => {
      if (seen.has(sku)) {
        issues.addIssue({
          code: "custom",
          path: ["variants", i, "sku"],
          message: "Is there twice.",
        });
      }
      seen.add(sku);
      if (price.currency !== variants[0]?.price.currency) {
        issues.addIssue({
          code: "custom",
          path: ["variants", i, "price", "currency"],
          message: "All variants of a product have one currency.",
        });
      }
    });
  });

export type NewProduct = z.infer<typeof newProductSchema>;

const LOW_STOCK_THRESHOLD = 5;

/** What shoppers are told of a new variant; from then on the database's trigger keeps the word. */
export function openingAvailability(stock: number): z.infer<typeof availabilitySchema> {
  if (stock <= 0) return "sold_out";
  return stock <= LOW_STOCK_THRESHOLD ? "low" : "in_stock";
}
