import * as z from "zod";
import { moneySchema, refuseUnpayable } from "../platform/money.ts";
import { asTyped } from "../platform/spelling.ts";
import { lineSchema, linesSchema } from "../platform/text.ts";
import { PRODUCT_STATUSES } from "./product-status.ts";
import { MAX_SLUG_CHARS } from "./slug.ts";

const MAX_VARIANTS = 100;
const MAX_OPENING_STOCK = 1_000_000;
const MAX_LIMIT = 10_000;
/** More of one thing than most people want, and less than most shops have. */
export const DEFAULT_MAX_PER_ORDER = 10;

export const productStatusSchema = z.enum(PRODUCT_STATUSES);

export const availabilitySchema = z.enum(["in_stock", "low", "sold_out"]);

const variantSchema = z
  .strictObject({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    price: moneySchema,
    availability: availabilitySchema,
    requiresShipping: z.boolean().meta({
      description: "False for what needs no parcel: an order of nothing else has no delivery.",
    }),
    maxPerOrder: z.int().meta({ description: "How many one order may have." }),
    maxPerCustomer: z.int().nullable().meta({
      description:
        "How many one customer may hold and have bought, told apart by account and email; null for any number.",
    }),
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

/** What Stripe takes as the name of a line. */
const MAX_LINE_CHARS = 250;

/** What a line is called where there is one place for both titles. */
export function lineName(line: { readonly title: string; readonly variantTitle: string }): string {
  const { title, variantTitle } = line;
  return variantTitle === title ? title : `${title} · ${variantTitle}`;
}

const title = () => lineSchema(200);

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
  requiresShipping: z.boolean().default(true),
  maxPerOrder: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_MAX_PER_ORDER),
  maxPerCustomer: z.int().min(1).max(MAX_LIMIT).nullable().default(null),
});

export const newProductSchema = z
  .strictObject({
    title: title(),
    slug: slugSchema.optional(),
    description: linesSchema(10_000).optional(),
    status: z.enum(["draft", "active"]).optional(),
    variants: z.array(newVariantSchema).min(1).max(MAX_VARIANTS),
  })
  .superRefine(({ title, variants }, issues) => {
    const seen = new Set<string>();
    variants.forEach((variant, i) => {
      const { sku, price } = variant;
      if (lineName({ title, variantTitle: variant.title }).length > MAX_LINE_CHARS) {
        issues.addIssue({
          code: "custom",
          path: ["variants", i, "title"],
          message: `With the product's title and “ · ” between them it must be at most ${MAX_LINE_CHARS} characters.`,
        });
      }
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
