import { findOrders, type StoredOrder } from "../../orders/index.ts";
import type { PaymentOrigin, PaymentSession } from "../../payments/index.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import { storeEvents } from "../../webhooks/index.ts";
import type { CheckoutContext } from "../context.ts";
import { isPaying, rebuildOrder } from "../rebuilding/rebuild-order.ts";
import { SESSION_LIFE_MS } from "../session-request.ts";
import { decidePayment } from "../settling/decide-payment.ts";
import { isOurs } from "../settling/whose-payment.ts";
import { type Run, readOn } from "./reconcile-run.ts";

/** What is younger may still be paid; the sweep of the holds looks after it. */
const LAG_MS = SESSION_LIFE_MS + 15 * MINUTE_MS;
/** The log shows no more of a list. */
const IDS_IN_A_NOTE = 20;

/** An order and its payment session as Stripe has it now. */
export interface Pair {
  readonly order: StoredOrder;
  readonly session: PaymentSession;
}

/** Compares the payment sessions that customers have completed with the orders. */
export async function reconcileSessions(ctx: CheckoutContext, run: Run): Promise<void> {
  await readOn(ctx, run, {
    cursor: "sessions",
    lag: LAG_MS,
    overlap: LAG_MS,
    read: (window) => ctx.payments.listCompleted(window),
    handle: (found) => compare(ctx, run, found),
  });
}

async function compare(
  ctx: CheckoutContext,
  run: Run,
  found: readonly PaymentOrigin[],
): Promise<void> {
  const named = found.flatMap(({ orderId, ...origin }) =>
    orderId === null ? [] : [{ orderId, ...origin }],
  );
  if (named.length === 0) return;
  const orders = await ctx.db.run(findOrders(named.map(({ orderId }) => orderId)));
  const byId = new Map(orders.map((order) => [order.id, order]));
  const pairs: Pair[] = [];
  const orphans: string[] = [];
  for (const one of named) {
    const { orderId, mark, session } = one;
    const known = byId.get(orderId);
    if (!isOurs(mark, known, session.sessionId)) continue;
    const order = known ?? (isPaying(session) ? await rebuildOrder(ctx, one) : undefined);
    if (order !== undefined) pairs.push({ order, session });
    else if (isPaying(session)) orphans.push(session.sessionId);
    if (known === undefined && order !== undefined) run.counts.restored += 1;
  }
  run.counts.sessions += pairs.length + orphans.length;
  await repair(ctx, run, pairs);
  run.counts.orphans += orphans.length;
  for (let start = 0; start < orphans.length; start += IDS_IN_A_NOTE)
    ctx.log.note("error", "paid_without_order", orphans.slice(start, start + IDS_IN_A_NOTE));
}

/**
 * Where an order is not what its session at Stripe says, an event of our own goes into the inbox, so that the one consumer
 * mends it, and a person can see and replay it.
 */
export async function repair(
  ctx: CheckoutContext,
  run: Run,
  pairs: readonly Pair[],
): Promise<void> {
  const differing = pairs.filter(
    ({ order, session }) => decidePayment(order, session, ctx.now()) !== "nothing",
  );
  run.counts.repaired += await storeEvents(
    ctx,
    differing.map(({ order, session: { sessionId, state } }) => ({
      provider: ctx.payments.provider,
      eventId: `reconcile:${sessionId}:${state}`,
      subject: order.id,
      ...ctx.payments.lookAt(sessionId),
    })),
  );
}
