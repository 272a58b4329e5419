import * as z from "zod";
import { DAY_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { invalidField } from "../platform/errors.ts";
import { moneySchema } from "../platform/money.ts";
import { dayBy, offsetOf } from "./zone/offset-of.ts";

export const INTERVALS = ["day", "week", "month"] as const;
export type Interval = (typeof INTERVALS)[number];

/** How many days there may be to report on at once, so that each report has a bounded number of rows. */
const MOST_DAYS: Readonly<Record<Interval, number>> = { day: 366, week: 1830, month: 3660 };
const USUAL_DAYS = 30;

const day = () => z.iso.date("Must be a day such as 2026-11-26.").meta({ example: "2026-11-26" });

export const spanQuery = z.strictObject({
  from: day().optional().meta({ description: "The first day; 29 days before `to` unless said." }),
  to: day()
    .optional()
    .meta({ description: "The last day, which is counted too; today unless said." }),
});

/** The days that a report is about, both of them with it. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Reads from when to when a report is asked, in days of the shop. Throws `VALIDATION_FAILED`. */
export function spanOf(
  ctx: Pick<Context, "config" | "now">,
  { from, to }: z.infer<typeof spanQuery>,
  interval: Interval,
): Span {
  const now = ctx.now();
  const last = to ?? dayBy(offsetOf(ctx.config.timeZone, now), now);
  const first = from ?? dayBy(0, Date.parse(last) - (USUAL_DAYS - 1) * DAY_MS);
  if (first > last) throw invalidField("from", "Must not be after to.");
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  const most = MOST_DAYS[interval];
  if (days > most)
    throw invalidField("from", `Must be at most ${most - 1} days before to, by ${interval}.`);
  return { from: first, to: last };
}

const span = {
  timeZone: z
    .string()
    .meta({ description: "In which the days are days.", example: "Europe/Berlin" }),
  from: z.iso.date(),
  to: z.iso.date(),
};

const sales = {
  orders: z.int().meta({ description: "Orders that were paid, free ones too." }),
  units: z.int(),
  subtotal: moneySchema.meta({ description: "The goods, at the prices of the orders." }),
  discount: moneySchema,
  shipping: moneySchema,
  tax: moneySchema.meta({
    description: "On top of the prices; what is in them is not told apart.",
  }),
  total: moneySchema.meta({
    description: "What customers paid: goods less discount, delivery, tax.",
  }),
  refunds: z
    .int()
    .meta({ description: "That have succeeded on these days, whenever the order was." }),
  refunded: moneySchema,
  net: z
    .strictObject({ amount: z.int(), currency: moneySchema.shape.currency })
    .meta({ description: "`total` less `refunded`; below zero where more went back than came." }),
};

export const salesReportSchema = z
  .strictObject({
    ...span,
    interval: z.enum(INTERVALS),
    rows: z
      .array(
        z.strictObject({
          start: z.iso.date().meta({
            description: "The first day of the interval: of a week Monday, of a month its first.",
          }),
          ...sales,
        }),
      )
      .meta({
        description: "By interval and currency, oldest first. One without sales is left out.",
      }),
    totals: z.array(z.strictObject(sales)).meta({ description: "All of it, by currency." }),
  })
  .meta({ id: "SalesReport" });
export type SalesReport = z.infer<typeof salesReportSchema>;

export const productReportSchema = z
  .strictObject({
    ...span,
    rows: z.array(
      z.strictObject({
        sku: z.string(),
        productId: z.string(),
        title: z.string(),
        variantTitle: z.string(),
        units: z.int(),
        revenue: moneySchema.meta({
          description: "Units at their prices, before discount, delivery, tax and refunds.",
        }),
      }),
    ),
  })
  .meta({ id: "ProductReport" });
export type ProductReport = z.infer<typeof productReportSchema>;

export const stockReportSchema = z
  .strictObject({
    ...span,
    rows: z
      .array(
        z.strictObject({
          day: z.iso.date(),
          countedAt: z.iso.datetime(),
          skus: z.int(),
          units: z.int(),
          value: moneySchema.meta({ description: "On hand times price, at that moment." }),
        }),
      )
      .meta({ description: "By day and currency, newest first. Today's is counted every hour." }),
  })
  .meta({ id: "StockReport" });
export type StockReport = z.infer<typeof stockReportSchema>;
