import type { StoredOrder } from "../orders/index.ts";
import type { PaymentSession } from "../payments/index.ts";
import { toTimestamp } from "../platform/clock.ts";
import { formatMoney } from "../platform/money.ts";
import { type Notice, onceADay } from "../platform/outbox/operators.ts";
import type { CheckoutContext } from "./context.ts";

/** The mail shows no more of a list. */
const MOST_LINES = 20;

/** For the operators: what the provider's lists say cannot be read, by the ids of its entries. */
export function noticeOfUnreadable(ctx: CheckoutContext, ids: readonly string[]): Notice {
  return {
    subject: `Some of what ${ctx.payments.name} says cannot be read`,
    text: [
      `These entries of ${ctx.payments.name}'s lists are not what its documentation says; all others were read:`,
      ...ids.slice(0, MOST_LINES),
      "Look at them in its dashboard: whether a customer paid and has no order.",
    ].join("\n"),
    dedupeKey: onceADay("unreadable", ctx.now(), ids[0] ?? ""),
  };
}

/** For the operators: the provider forgets its events after a while, and some were not read in time. Times in milliseconds. */
export function noticeOfForgottenEvents(ctx: CheckoutContext, from: number, to: number): Notice {
  const { name } = ctx.payments;
  return {
    subject: `${name} has forgotten events that the shop has not read`,
    text: [
      `What ${name} had to say from ${toTimestamp(from)} to ${toTimestamp(to)} was not read, and ${name} does not keep it any longer.`,
      "Payments are still found by their sessions. Compare refunds and disputes of that time by hand.",
    ].join("\n"),
    dedupeKey: onceADay("forgotten", ctx.now(), String(from)),
  };
}

/** For the operators: only a person can say which of two payments for one order goes back. */
export function noticeOfSecondPayment(
  ctx: CheckoutContext,
  order: StoredOrder,
  session: PaymentSession,
): Notice {
  const payment = session.providerPaymentId ?? session.sessionId;
  return {
    subject: `Order #${order.number} was paid a second time`,
    text: [
      `${formatMoney(session.total)} came for order #${order.number}, which is paid already.`,
      `Give one of the two payments back at ${ctx.payments.name}: ${ctx.payments.dashboardUrl(session.providerPaymentId)}`,
      `The order: ${ctx.config.publicUrl}/orders/${order.id}`,
    ].join("\n"),
    dedupeKey: onceADay("paid_twice", ctx.now(), payment),
  };
}
