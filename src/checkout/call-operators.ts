import type { StoredOrder, StoredRefund } from "../orders/index.ts";
import type { PaymentOrigin, PaymentSession } from "../payments/index.ts";
import { toTimestamp } from "../platform/clock.ts";
import { formatMoney, type Money } from "../platform/money.ts";
import type { DedupeKey } from "../platform/outbox/dedupe.ts";
import { tellOperators } from "../platform/outbox/operators.ts";
import type { CheckoutContext } from "./context.ts";
import { promisedStep, type Step } from "./step.ts";

export type LostRefund = Pick<StoredRefund, "id" | "amount" | "currency">;

/** Calls the operators to a refund that a bank or Stripe has refused; once for a refund, however it is lost. */
export function callToFailedRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  refund: LostRefund,
): Step {
  const amount = formatMoney(refund);
  return call(ctx, order, {
    subject: `A refund for order #${order.number} failed`,
    words: [
      `${amount} of order #${order.number} did not go back to the customer: the bank or ${ctx.payments.name} refused it.`,
      "Refund it again. If that fails too, agree with the customer on another way to return the money.",
    ],
    about: `refund ${refund.id}`,
    dedupeKey: refundKey(refund),
  });
}

/** Calls the operators to a refund that no retry has brought to Stripe; once for a refund, however it is lost. */
export function callToStuckRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  refund: LostRefund,
): Step {
  const amount = formatMoney(refund);
  return call(ctx, order, {
    subject: `A refund for order #${order.number} could not be sent`,
    words: [
      `${amount} of order #${order.number} did not go back to the customer: no retry has reached ${ctx.payments.name}.`,
      `Once ${ctx.payments.name} works again, replay it from the list of dead letters. It will not be sent twice.`,
    ],
    about: `refund ${refund.id}`,
    dedupeKey: refundKey(refund),
  });
}

/** Calls the operators to a payment that is not what its order asks for. */
export function callToMismatch(
  ctx: CheckoutContext,
  order: StoredOrder,
  session: PaymentSession,
): Step {
  const { number, id } = order;
  return call(ctx, order, {
    subject: `The payment for order #${number} is not what it asks for`,
    words: [
      paidInstead(order, session.total),
      `Nothing was sold for it, and all of the money goes back by itself. Look at ${ctx.payments.name} for how it came about before others pay the same way, and write to the customer if they still want the goods.`,
    ],
    providerPaymentId: session.providerPaymentId,
    dedupeKey: `amount_mismatch:${id}`,
  });
}

/** Calls the operators to a payment for an order that is not here, and that cannot be written again; once a payment. */
export function callToLostOrder(
  ctx: CheckoutContext,
  { orderId, session }: PaymentOrigin,
  { number, why }: { readonly number: number | undefined; readonly why: string },
): Step {
  const name = number === undefined ? `order ${orderId}` : `order #${number} (${orderId})`;
  const { sessionId, providerPaymentId } = session;
  const text = [
    `${formatMoney(session.total)} came for ${name}, which is not in the database, as happens after that was put back to an earlier moment. It could not be written again: ${why}.`,
    "If the goods are there, or were sent, book what is missing in the catalog and the stock, and replay the event; if not, give the money back there.",
    `The payment: ${ctx.payments.dashboardUrl(providerPaymentId)}`,
    `The events: ${ctx.config.publicUrl}/api/v1/webhook-events?status=failed`,
  ].join("\n");
  const subject = `A payment of ${formatMoney(session.total)} has no order`;
  return promisedStep(tellOperators(ctx, { subject, text, dedupeKey: `lost_order:${sessionId}` }));
}

/** Tells the operators that orders are written again from what the provider knows; once a day. */
export function callToRestoredOrders(ctx: CheckoutContext): Step {
  const day = toTimestamp(ctx.now()).slice(0, "2026-11-26".length);
  const text = [
    `${ctx.payments.name} has payments for orders that are not in the database, as happens after that was put back to an earlier moment. They are written again, with their numbers, and ask for attention as "restored".`,
    `Before one of them is sent: see whether it was sent already. ${ctx.payments.name} does not know of shipments, of what came back to the shelf, or of what staff wrote.`,
    `The orders: ${ctx.config.publicUrl}/api/v1/orders`,
  ].join("\n");
  const subject = "Orders were written again from their payments";
  return promisedStep(tellOperators(ctx, { subject, text, dedupeKey: `restored:${day}` }));
}

/** Tells the operators that a shop whose database was put back sells again, and what nobody could write again. */
export function callToOpening(
  ctx: CheckoutContext,
  { ordersFrom, since }: { readonly ordersFrom: number; readonly since: number },
): Step {
  const text = [
    `The database has been compared with ${ctx.payments.name}, and orders are taken again, from #${ordersFrom} on.`,
    `What happened between about ${toTimestamp(since)} and the restore is lost where ${ctx.payments.name} does not know it: shipments, deliveries to the shelf, cancellations, changes of products and people. Count the shelves, and see what the carriers have taken, before anything is sent that was paid until then.`,
  ].join("\n");
  const subject = "The shop is open again after a restore";
  return promisedStep(tellOperators(ctx, { subject, text, dedupeKey: `opened:${ordersFrom}` }));
}

function paidInstead({ number, total, currency }: StoredOrder, paid: Money): string {
  const asked = formatMoney({ amount: total, currency });
  if (paid.amount === total && paid.currency === currency)
    return `${asked} came for order #${number}, but made up of other sums than the order's.`;
  return `${formatMoney(paid)} came for order #${number}, which asks for ${asked}.`;
}

function refundKey({ id }: LostRefund): DedupeKey {
  return `refund_failed:${id}`;
}

interface Call {
  readonly subject: string;
  /** What has happened, and what to do. */
  readonly words: readonly string[];
  /** Where the payment is at Stripe; what is on the order unless it says otherwise. */
  readonly providerPaymentId?: string | null;
  readonly about?: string;
  readonly dedupeKey: DedupeKey;
}

function call(
  ctx: CheckoutContext,
  order: StoredOrder,
  { subject, words, dedupeKey, ...how }: Call,
): Step {
  const { providerPaymentId = order.payments[0]?.providerPaymentId ?? null, about } = how;
  const lines = [
    ...words,
    `The order: ${ctx.config.publicUrl}/orders/${order.id}`,
    ...(providerPaymentId === null
      ? []
      : [`The payment: ${ctx.payments.dashboardUrl(providerPaymentId)}`]),
    `Order ${order.id}${about === undefined ? "" : `, ${about}`}`,
  ];
  return promisedStep(tellOperators(ctx, { subject, text: lines.join("\n"), dedupeKey }));
}
