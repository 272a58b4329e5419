import { findOrders, type StoredOrder } from "../../orders/index.ts";
import { PaymentUnavailable } from "../../payments/index.ts";
import { HOUR_MS } from "../../platform/clock.ts";
import type { CheckoutContext } from "../context.ts";
import { awaitingBank } from "../store.ts";
import { type Pair, repair } from "./reconcile-orders.ts";
import { saveProgress } from "./reconcile-progress.ts";
import type { Run } from "./reconcile-run.ts";

/** How often each order that waits for a bank is read at Stripe. */
const ROUND_MS = 6 * HOUR_MS;
/** No goods wait for a bank for longer (`DELAYED_PAYMENTS`); what it says after that is late money, which a webhook brings. */
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
  const late = run.startedAt >= nextAt + ROUND_MS;
  const pairs = await readSessions(ctx, orders, late);
  run.counts.banks += orders.length;
  await repair(ctx, run, pairs);
  const last = waiting.at(-1);
  const banks =
    last === undefined || waiting.length < limit
      ? { nextAt: run.startedAt + ROUND_MS, after: null }
      : { nextAt, after: [last.createdAt, last.id] satisfies [number, string] };
  run.progress = await saveProgress(ctx, run.progress, { banks });
}

/**
 * The payment sessions of these orders. One that cannot be read does not keep the others from it. When Stripe is away, the
 * next run tries all of them again; a round that is `late` goes on without them, as it may be they that are the trouble.
 * Throws `PaymentUnavailable`.
 */
async function readSessions(
  ctx: CheckoutContext,
  orders: readonly StoredOrder[],
  late: boolean,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const unread: { orderId: string; reason: unknown }[] = [];
  for (let start = 0; start < orders.length; start += AT_ONCE) {
    const some = orders.slice(start, start + AT_ONCE);
    const read = some.map((order) =>
      readSession(ctx, order).catch((reason: unknown) => {
        unread.push({ orderId: order.id, reason });
        return [];
      }),
    );
    pairs.push(...(await Promise.all(read)).flat());
  }
  const away = unread.filter(({ reason }) => reason instanceof PaymentUnavailable);
  const [first] = away;
  if (!late && first !== undefined && away.length === orders.length) throw first.reason;
  for (const one of unread) ctx.log.note("warn", "bank_payment_not_read", one);
  return pairs;
}

async function readSession(ctx: CheckoutContext, order: StoredOrder): Promise<Pair[]> {
  const sessionId = order.payments.find((payment) => payment.sessionId !== null)?.sessionId;
  if (sessionId === undefined || sessionId === null) return [];
  return [{ order, session: await ctx.payments.readSession(sessionId) }];
}
