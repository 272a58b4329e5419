import * as z from "zod";
import { PaymentRefused, PaymentUnavailable } from "../../payments/index.ts";
import { DAY_MS, dayOf, HOUR_MS } from "../../platform/clock.ts";
import { formatMoney } from "../../platform/money.ts";
import { callOperators } from "../../platform/outbox/operators.ts";
import {
  beginReconciliation,
  findReconciliation,
  saveReconciliation,
} from "../../webhooks/index.ts";
import type { CheckoutContext } from "../context.ts";
import { compareMovements, type Totals } from "./compare-day.ts";
import { bookedPayments, bookedRefunds, markControlled, notControlled } from "./store.ts";

/** A day is compared once its last webhooks have had their time. */
const LAG_MS = 6 * HOUR_MS;
/** What is not on the provider's books is told for that long. */
const REMINDED_MS = 7 * DAY_MS;
/** Calls for pages of 100 a run; the next run goes on. */
const PAGES = 20;
const MOST_DIFFERENCES = 20;

const totalSchema = z.object({
  paidThere: z.number(),
  paidHere: z.number(),
  backThere: z.number(),
  backHere: z.number(),
});
const progressSchema = z.object({
  /** When the control began; what is older was never compared. Milliseconds, as all of these. */
  since: z.number(),
  /** The day that is compared next, by its beginning in UTC. */
  day: z.number(),
  /** A day on which the books did not agree is compared again a day later: what was missing may have come since. */
  again: z.boolean(),
  after: z.string().nullable(),
  totals: z.record(z.string(), totalSchema),
  differences: z.array(z.string()),
});
type Progress = z.infer<typeof progressSchema>;

/**
 * The nightly control total: what moved on the provider's books against payments and refunds in the shop's, by day and
 * currency. Whatever stands in one and not in the other is a person's matter. Bounded a run; goes on where it stopped.
 */
export async function controlTotals(
  ctx: CheckoutContext,
): Promise<{ days: number; differences: number }> {
  const counts = { days: 0, differences: 0 };
  const name = `${ctx.payments.provider}:control`;
  let { progress, version } = await read(ctx, name);
  for (let page = 0; page < PAGES && ctx.now() >= dueAt(progress); page += 1) {
    const next = await comparePage(ctx, progress);
    if (next === null) break;
    progress = next;
    if (next.after === null) {
      const differences = await closeDay(ctx, next);
      counts.differences += differences;
      counts.days += 1;
      progress = afterDay(next, differences > 0);
    }
    const state = JSON.stringify(progress);
    const [saved] = await ctx.db.run(saveReconciliation({ name, version }, state, ctx.now()));
    if (saved === undefined) break; // another run has got further
    version = saved.version;
  }
  return counts;
}

function dueAt({ day, again }: Progress): number {
  return day + DAY_MS + LAG_MS + (again ? DAY_MS : 0);
}

function afterDay({ since, day, again }: Progress, differs: boolean): Progress {
  const repeat = differs && !again;
  const next = { since, day: repeat ? day : day + DAY_MS, again: repeat };
  return { ...next, after: null, totals: {}, differences: [] };
}

async function read(ctx: CheckoutContext, name: string) {
  const now = ctx.now();
  const today = now - (now % DAY_MS);
  const first: Progress = {
    ...{ since: today, day: today, again: false },
    ...{ after: null, totals: {}, differences: [] },
  };
  const [, [row]] = await ctx.db.batch([
    beginReconciliation(name, JSON.stringify(first), now),
    findReconciliation(name),
  ]);
  if (row === undefined) throw new Error("The control has no row.");
  return { progress: progressSchema.parse(JSON.parse(row.state)), version: row.version };
}

/** Compares the next page of the day; null when the provider does not answer. */
async function comparePage(ctx: CheckoutContext, progress: Progress): Promise<Progress | null> {
  const { day, after } = progress;
  const page = await ctx.payments
    .listMovements({ from: day, to: day + DAY_MS - 1, after })
    .catch((error: unknown) => {
      if (!(error instanceof PaymentRefused || error instanceof PaymentUnavailable)) throw error;
      ctx.log.note("warn", "stripe_not_read", error);
      return null;
    });
  if (page === null) return null;
  const payments = page.items.flatMap(({ providerPaymentId }) => providerPaymentId ?? []);
  const refunds = page.items.flatMap(({ kind, id }) => (kind === "refund" ? id : []));
  const [paid, back] = await ctx.db.batch([bookedPayments(payments), bookedRefunds(refunds)]);
  const found = compareMovements(page.items, { payments: paid, refunds: back }, progress.totals);
  await ctx.db.batch(markControlled(found.agreed, ctx.now()));
  const unreadable = page.unreadable.map((id) => `${id}: cannot be read`);
  const differences = [...progress.differences, ...found.differences, ...unreadable];
  return {
    ...progress,
    after: page.next,
    totals: found.totals,
    differences: differences.slice(0, MOST_DIFFERENCES),
  };
}

/** Says what the day was, and calls the operators where the two books do not agree. Answers in how much. */
async function closeDay(ctx: CheckoutContext, progress: Progress): Promise<number> {
  const { day, since, totals } = progress;
  const from = Math.max(since, day - REMINDED_MS);
  const missing = await ctx.db.run(notControlled(from, day, MOST_DIFFERENCES));
  const differences = [
    ...progress.differences,
    ...missing.map((one) => `${one.id}: nothing there, ${formatMoney(one)} here`),
  ];
  ctx.log.set({ controlled: { [dayOf(day)]: totals } });
  if (differences.length === 0) return 0;
  const { name } = ctx.payments;
  await callOperators(ctx, {
    subject: `${name} and the shop's books do not agree on ${dayOf(day)}`,
    text: [
      ...lines(totals, name),
      "",
      ...differences,
      "",
      `Look at each in ${name}'s dashboard: whether a customer paid and has no order, or got money back that no order knows of.`,
    ].join("\n"),
    dedupeKey: `control_total:${dayOf(day)}:${progress.again ? "again" : ""}`,
  });
  return differences.length;
}

function lines(totals: Totals, name: string): string[] {
  return Object.entries(totals).map(([currency, sum]) => {
    const [paidThere, paidHere, backThere, backHere] = [
      ...[sum.paidThere, sum.paidHere, sum.backThere, sum.backHere],
    ].map((amount) => formatMoney({ amount, currency }));
    return `${currency}: paid ${paidThere} at ${name}, ${paidHere} here; back ${backThere} at ${name}, ${backHere} here`;
  });
}
