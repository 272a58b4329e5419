import { toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import type { Interval, ProductReport, SalesReport, Span, StockReport } from "./report.ts";
import {
  listSoldProducts,
  listStockDays,
  type ProductOrder,
  type SalesRow,
  sumSales,
} from "./store.ts";

/** What was sold and what went back, by day, week or month and currency. */
export async function getSalesReport(
  ctx: Context,
  { interval, ...span }: Span & { readonly interval: Interval },
): Promise<SalesReport> {
  const rows = await ctx.db.run(sumSales(span, interval));
  const totals = new Map<string, Sums>();
  for (const row of rows) totals.set(row.currency, added(totals.get(row.currency), row));
  return {
    timeZone: ctx.config.timeZone,
    ...span,
    interval,
    rows: rows.map((row) => ({ start: row.start, ...presentSums(row) })),
    totals: [...totals.values()].map(presentSums),
  };
}

type Sums = Omit<SalesRow, "start">;

function added(known: Sums | undefined, { start: _, ...row }: SalesRow): Sums {
  if (known === undefined) return row;
  return {
    currency: row.currency,
    orders: known.orders + row.orders,
    units: known.units + row.units,
    subtotal: known.subtotal + row.subtotal,
    discount: known.discount + row.discount,
    shipping: known.shipping + row.shipping,
    tax: known.tax + row.tax,
    total: known.total + row.total,
    refunds: known.refunds + row.refunds,
    refunded: known.refunded + row.refunded,
  };
}

function presentSums(sums: Sums) {
  const { currency, orders, units, refunds } = sums;
  const money = (amount: number) => ({ amount, currency });
  return {
    orders,
    units,
    subtotal: money(sums.subtotal),
    discount: money(sums.discount),
    shipping: money(sums.shipping),
    tax: money(sums.tax),
    total: money(sums.total),
    refunds,
    refunded: money(sums.refunded),
    net: money(sums.total - sums.refunded),
  };
}

/** What sold best. */
export async function getProductReport(
  ctx: Context,
  input: Span & { readonly sort: ProductOrder; readonly limit: number },
): Promise<ProductReport> {
  const { from, to } = input;
  const rows = await ctx.db.run(listSoldProducts({ from, to }, input));
  return {
    timeZone: ctx.config.timeZone,
    ...{ from, to },
    rows: rows.map(({ currency, revenue, ...row }) => ({
      ...row,
      revenue: { amount: revenue, currency },
    })),
  };
}

/** What lay on the shelf, and what it was worth. */
export async function getStockReport(ctx: Context, span: Span): Promise<StockReport> {
  const rows = await ctx.db.run(listStockDays(span));
  return {
    timeZone: ctx.config.timeZone,
    ...span,
    rows: rows.map(({ currency, value, countedAt, ...row }) => ({
      ...row,
      countedAt: toTimestamp(countedAt),
      value: { amount: value, currency },
    })),
  };
}
