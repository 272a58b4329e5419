import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { where } from "../platform/json-schema.ts";
import { momentSchema } from "../platform/moment.ts";
import { moneySchema, refuseUnpayable } from "../platform/money.ts";
import { asTyped } from "../platform/spelling.ts";
import { storedJson } from "../platform/stored-json.ts";
import type { DiscountRow } from "./store.ts";

const MAX_CODE_CHARS = 50;
const MAX_USES = 1_000_000_000;
const MAX_PRODUCTS = 100;
const PRODUCT_ID = /^prod_[0-9a-z]{1,60}$/;

/** A code as it is kept and compared: as typed, in capitals. */
export const discountCodeSchema = z
  .string()
  .overwrite(asTyped)
  .toUpperCase()
  .regex(
    new RegExp(`^[A-Z0-9_-]{1,${MAX_CODE_CHARS}}$`),
    `Use up to ${MAX_CODE_CHARS} letters, digits, dashes and underscores.`,
  );

export const discountSchema = z
  .strictObject({
    id: z.string(),
    code: z.string(),
    kind: z.enum(["percentage", "fixed"]),
    percentOff: z.int().nullable().meta({ description: "Whole percent, of the goods alone." }),
    amountOff: z.union([moneySchema, z.null()]),
    active: z.boolean(),
    startsAt: z.iso.datetime().nullable(),
    endsAt: z.iso.datetime().nullable(),
    maxUses: z.int().nullable(),
    maxUsesPerCustomer: z.int().nullable(),
    products: z
      .array(z.string())
      .nullable()
      .meta({ description: "The ids of what it is for; null for everything." }),
    minimum: z
      .union([moneySchema, z.null()])
      .meta({ description: "What the goods that it is for must come to." }),
    uses: z.int().meta({
      description: "Orders that are open or paid; an order that ends unpaid gives its use back.",
    }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Discount" });
export type Discount = z.infer<typeof discountSchema>;

const limit = z.int().min(1).max(MAX_USES).nullable().optional();
const moment = momentSchema.nullable().optional();

export const discountChangesSchema = z.strictObject({
  active: z.boolean().optional(),
  startsAt: moment,
  endsAt: moment,
  maxUses: limit,
  maxUsesPerCustomer: limit,
});
export type DiscountChanges = z.infer<typeof discountChangesSchema>;

/** In the document: one of the two is there, and the other is not. */
const only = (wanted: string, other: string) => ({
  required: [wanted],
  properties: { [wanted]: { not: { type: "null" } }, [other]: { type: "null" } },
});

export const newDiscountSchema = discountChangesSchema
  .extend({
    code: discountCodeSchema,
    kind: z.enum(["percentage", "fixed"]),
    percentOff: z.int().min(1).max(100).nullable().optional(),
    amountOff: z
      .union([
        moneySchema.extend({ amount: z.int().min(1) }).superRefine(refuseUnpayable),
        z.null(),
      ])
      .optional(),
    products: z
      .array(z.string().regex(PRODUCT_ID, "Must be the id of a product."))
      .min(1)
      .max(MAX_PRODUCTS)
      .refine((ids) => new Set(ids).size === ids.length, "Has a product twice.")
      .meta({ uniqueItems: true })
      .nullable()
      .optional(),
    minimum: z.union([moneySchema.extend({ amount: z.int().min(1) }), z.null()]).optional(),
  })
  .superRefine(({ kind, percentOff, amountOff, minimum }, issues) => {
    const given = { percentOff: percentOff ?? undefined, amountOff: amountOff ?? undefined };
    const wanted = kind === "percentage" ? "percentOff" : "amountOff";
    const other = kind === "percentage" ? "amountOff" : "percentOff";
    const wrong = (path: string, message: string) =>
      issues.addIssue({ code: "custom", path: [path], message });
    if (given[wanted] === undefined) wrong(wanted, `Is required where kind is ${kind}.`);
    if (given[other] !== undefined) wrong(other, `Has no meaning where kind is ${kind}.`);
    if (amountOff && minimum && amountOff.currency !== minimum.currency)
      wrong("minimum", `Must be in ${amountOff.currency}, as what is taken off.`);
  })
  .meta(
    where(
      { kind: { const: "percentage" } },
      only("percentOff", "amountOff"),
      only("amountOff", "percentOff"),
    ),
  );
export type NewDiscount = z.infer<typeof newDiscountSchema>;

const productsIn = storedJson(z.array(z.string()));
const money = (amount: number | null, currency: string | null) =>
  amount === null || currency === null ? null : { amount, currency };
const time = (ms: number | null) => (ms === null ? null : toTimestamp(ms));

export function presentDiscount(row: DiscountRow): Discount {
  return {
    id: row.id,
    code: row.code,
    kind: row.kind,
    percentOff: row.percent,
    amountOff: money(row.amount, row.currency),
    active: row.active === 1,
    startsAt: time(row.startsAt),
    endsAt: time(row.endsAt),
    maxUses: row.maxUses,
    maxUsesPerCustomer: row.maxUsesPerCustomer,
    products: row.products === null ? null : productsIn(row.products),
    minimum: money(row.minimum, row.minimumCurrency),
    uses: row.uses,
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  };
}
