import { findOrders, type OrderRow, paymentsOf } from "../orders/index.ts";
import { HOUR_MS } from "../platform/clock.ts";
import type { CheckoutContext } from "./context.ts";
import { repair } from "./reconcile-orders.ts";
import { saveProgress } from "./reconcile-progress.ts";
import type { Run } from "./reconcile-run.ts";
import { awaitingBank } from "./store.ts";

/** How often each order that waits for a bank is read at Stripe. */
const ROUND_MS = 6 * HOUR_MS;
/** The slowest bank takes 14 days; what it says after that is late money, and looked for a while longer. */
const OLDEST_MS = 30 * 24 * HOUR_MS;
/** Cloudflare keeps six connections of an invocation open at a time. */
const AT_ONCE = 5;

/** Reads the orders whose money a bank has yet to send at Stripe, a few a run, until a round is done. */
export async function reconcileBanks(ctx: CheckoutContext, run: Run): Promise<void> {
  const { nextAt, after } = run.progress.banks;
  if (run.startedAt < nextAt) return;
  const { banks: limit } = run.bounds;
  const waiting = await ctx.db.run(awaitingBank(after ?? [run.startedAt - OLDEST_MS, ""], limit));
  const orders = await ctx.db.run(findOrders(waiting.map(({ id }) => id)));
  run.counts.banks += orders.length;
  await compareAll(ctx, run, orders);
  const last = waiting.at(-1);
  const banks =
    last === undefined || waiting.length < limit
      ? { nextAt: run.startedAt + ROUND_MS, after: null }
      : { nextAt, after: [last.createdAt, last.id] satisfies [number, string] };
  run.progress = await saveProgress(ctx, run.progress, { banks });
}

/** One that cannot be read does not keep the others from it; when none can, it is Stripe, and the next run tries again. */
async function compareAll(
  ctx: CheckoutContext,
  run: Run,
  orders: readonly OrderRow[],
): Promise<void> {
  let failed = 0;
  for (let start = 0; start < orders.length; start += AT_ONCE) {
    const read = await Promise.allSettled(
      orders.slice(start, start + AT_ONCE).map((order) => compareOne(ctx, run, order)),
    );
    for (const result of read) {
      if (result.status === "fulfilled") continue;
      failed += 1;
      if (failed === orders.length) throw result.reason;
      ctx.log.note("warn", "bank_payment_not_read", result.reason);
    }
  }
}

async function compareOne(ctx: CheckoutContext, run: Run, order: OrderRow): Promise<void> {
  const sessionId = paymentsOf(order).find((payment) => payment.sessionId !== null)?.sessionId;
  if (sessionId === undefined || sessionId === null) return;
  await repair(ctx, run, [{ order, page: await ctx.payments.readPage(sessionId) }]);
}
