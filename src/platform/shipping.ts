import * as z from "zod";
import { isCountry } from "./countries.ts";
import { moneySchema, refuseUnpayable } from "./money.ts";
import { lineSchema } from "./text.ts";

/** Stripe's limits. https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-shipping_options */
const MAX_RATES = 5;
const MAX_NAME_CHARS = 100;

/** A way of delivery and its price, in minor units of its currency; when it arrives, in days from the shipment. */
export const shippingRateSchema = z
  .strictObject({
    name: lineSchema(MAX_NAME_CHARS),
    amount: z.int().min(0),
    currency: moneySchema.shape.currency,
    minDays: z.int().min(1).optional(),
    maxDays: z.int().min(1).optional(),
  })
  .superRefine(refuseUnpayable)
  .refine(({ minDays, maxDays }) => minDays === undefined || (maxDays ?? minDays) >= minDays, {
    path: ["maxDays"],
    error: "must not be before minDays",
  });
export type ShippingRate = z.infer<typeof shippingRateSchema>;

const ratesSchema = z.array(shippingRateSchema).refine(
  (rates) => {
    const byCurrency = Map.groupBy(rates, ({ currency }) => currency).values();
    return [...byCurrency].every((same) => same.length <= MAX_RATES);
  },
  { error: `has more than ${MAX_RATES} rates of one currency` },
);

/** `SHIPPING_RATES`: JSON. Stripe preselects a currency's first rate. */
export const shippingRatesVariable = z.string().transform((text, issues): ShippingRate[] => {
  const rates = ratesSchema.safeParse(readJson(text));
  if (rates.success) return rates.data;
  issues.addIssue({ code: "custom", message: `is not right: ${problemOf(rates.error)}` });
  return z.NEVER;
});

function problemOf({ issues: [issue] }: z.ZodError): string {
  const [index, ...field] = issue?.path ?? [];
  if (issue === undefined || (index === undefined && issue.code === "invalid_type"))
    return "it is no JSON list";
  const where = index === undefined ? [] : [`rate ${Number(index) + 1}`, ...field.map(String)];
  return where.length === 0 ? issue.message : `${where.join(", ")}: ${issue.message}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `SHIPPING_COUNTRIES`: ISO 3166-1 alpha-2 codes, separated by commas. */
export const countriesVariable = z
  .string()
  .transform((text) => [...new Set(text.split(",").map((code) => code.trim().toUpperCase()))])
  .pipe(
    z.array(z.string()).refine((codes) => codes.every(isCountry), {
      error: "must be ISO country codes such as DE,AT, separated by commas",
    }),
  );
