import type { PaymentOrigin } from "../../payments/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import { formatMoney } from "../../platform/money.ts";
import { onceADay, tellOperators } from "../../platform/outbox/operators.ts";
import type { CheckoutContext } from "../context.ts";
import { promisedStep, type Step } from "../step.ts";

/** Calls the operators to a payment for an order that is not here, and that cannot be written again; once a payment and day. */
export function callToLostOrder(
  ctx: CheckoutContext,
  { orderId, session }: PaymentOrigin,
  { number, why }: { readonly number: number | undefined; readonly why: string },
): Step {
  const name = number === undefined ? `order ${orderId}` : `order #${number} (${orderId})`;
  const { sessionId, providerPaymentId, email } = session;
  const money = `${formatMoney(session.total)} came${email === null ? "" : ` from ${email}`}`;
  const text = [
    `${money} for ${name}, which is not in the database, as happens after that was put back to an earlier moment. It could not be written again: ${why}.`,
    "If the goods are there, or were sent, book what is missing in the catalog and the stock, and replay the event; if not, give the money back there.",
    `The payment: ${ctx.payments.dashboardUrl(providerPaymentId)}`,
    `The events: ${ctx.config.publicUrl}/api/v1/webhook-events?status=failed`,
  ].join("\n");
  const subject = `A payment of ${formatMoney(session.total)} has no order`;
  return promisedStep(
    tellOperators(ctx, { subject, text, dedupeKey: onceADay("lost_order", ctx.now(), sessionId) }),
  );
}

/** Tells the operators that orders are written again from what the provider knows; once a restore and day. */
export function callToRestoredOrders(ctx: CheckoutContext): Step {
  const restore = `${ctx.config.ordersFrom ?? ""}`;
  const text = [
    `${ctx.payments.name} has payments for orders that are not in the database, as happens after that was put back to an earlier moment. They are written again, with their numbers, and ask for attention as "restored".`,
    `Before one of them is sent: see whether it was sent already. ${ctx.payments.name} does not know of shipments, of what came back to the shelf, or of what staff wrote.`,
    `The orders: ${ctx.config.publicUrl}/api/v1/orders`,
  ].join("\n");
  const subject = "Orders were written again from their payments";
  return promisedStep(
    tellOperators(ctx, { subject, text, dedupeKey: onceADay("restored", ctx.now(), restore) }),
  );
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
