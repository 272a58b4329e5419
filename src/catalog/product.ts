import * as z from "zod";
import { momentSchema } from "../platform/moment.ts";
import { linesSchema } from "../platform/text.ts";
import { imageSchema } from "./image.ts";
import { PRODUCT_STATUSES } from "./product-status.ts";
import { MAX_SLUG_CHARS } from "./slug.ts";
import { MAX_VARIANTS, newVariantSchema, titleSchema, variantSchema } from "./variant.ts";

const productStatusSchema = z.enum(PRODUCT_STATUSES);

/** Which products a list has, and in which order. */
export const productFilterSchema = z.strictObject({
  q: z.string().max(200).optional().meta({
    description:
      "Words of title, variants, SKUs and description: in any case, with or without accents, in the plural or not; the last one may be a beginning. Found in the order of their creation, and in another one among the newest 1000. A new or changed product is found within seconds.",
  }),
  sort: z.enum(["newest", "price", "-price", "popular"]).default("newest"),
  status: productStatusSchema
    .optional()
    .meta({ description: "`active` without it; drafts and archived ones are for staff." }),
});

export const productSchema = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    status: productStatusSchema,
    opensAt: z.iso.datetime().nullable().meta({
      description: "From then on it can be reserved; null for always.",
    }),
    closesAt: z.iso.datetime().nullable().meta({
      description: "From then on it cannot be reserved any more; null for never.",
    }),
    images: z.array(imageSchema),
    variants: z.array(variantSchema),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Product" });

export type Product = z.infer<typeof productSchema>;

const slugSchema = z
  .string()
  .max(MAX_SLUG_CHARS)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use small letters and digits, joined by single dashes.");

/** What Stripe takes as the name of a line. */
export const MAX_LINE_CHARS = 250;

/** What a line is called where there is one place for both titles. */
export function lineName(line: { readonly title: string; readonly variantTitle: string }): string {
  const { title, variantTitle } = line;
  return variantTitle === title ? title : `${title} · ${variantTitle}`;
}

const description = () => linesSchema(10_000);
const moment = () => momentSchema.nullable().optional();

interface Window {
  readonly opensAt?: string | null | undefined;
  readonly closesAt?: string | null | undefined;
}

function refuseWindow({ opensAt, closesAt }: Window, issues: z.RefinementCtx): void {
  if (opensAt == null || closesAt == null) return;
  if (Date.parse(opensAt) < Date.parse(closesAt)) return;
  issues.addIssue({ code: "custom", path: ["closesAt"], message: "Must be later than opensAt." });
}

export const productChangesSchema = z
  .strictObject({
    title: titleSchema().optional(),
    slug: slugSchema.optional(),
    description: description().optional(),
    status: productStatusSchema.optional(),
    opensAt: moment(),
    closesAt: moment(),
  })
  .superRefine(refuseWindow);
export type ProductChanges = z.infer<typeof productChangesSchema>;

export const newProductSchema = z
  .strictObject({
    title: titleSchema(),
    slug: slugSchema.optional(),
    description: description().optional(),
    status: z.enum(["draft", "active"]).optional(),
    opensAt: moment(),
    closesAt: moment(),
    variants: z.array(newVariantSchema).min(1).max(MAX_VARIANTS),
  })
  .superRefine((product, issues) => {
    refuseWindow(product, issues);
    const { title, variants } = product;
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

/** A moment of the API in milliseconds. */
export function millisecondsOf(moment: string | null): number | null {
  return moment === null ? null : Date.parse(moment);
}
