import { endReservation, extendReservation, sellWithoutHold } from "../../inventory/index.ts";
import {
  collectedAddress,
  type OrderStep,
  orderStep,
  promiseFound,
  type ReturnReason,
  type StoredOrder,
} from "../../orders/index.ts";
import type { PaymentSession } from "../../payments/index.ts";
import { HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { promise } from "../../platform/outbox/store.ts";
import { callToMismatch } from "../call-operators.ts";
import type { CheckoutContext } from "../context.ts";
import { cancelUnpaid } from "../end-order.ts";
import { AUTOMATIC } from "../refunds/refund-attention.ts";
import { refundMailKey, sendBack } from "../refunds/send-back.ts";
import { tellOfSale } from "../sell-free.ts";
import { joinSteps, promisedStep, type Step } from "../step.ts";
import { addedTax, askedOf } from "./decide-payment.ts";

const DAY_MS = 24 * HOUR_MS;

/** The money is there: the order is paid, the hold is a sale, the receipt is promised. */
export function pay(ctx: Context, order: StoredOrder, session: PaymentSession): Step {
  const statements = [
    ...orderStep(ctx, order, paidWith(order, session)).statements,
    endReservation(order.reservationId, "committed", ctx.now()),
  ];
  return joinSteps({ statements, promised: [] }, tellOfSale(ctx, order));
}

/** The money came after the hold had ended, and the stock is still there. */
export function sellLate(ctx: Context, order: StoredOrder, session: PaymentSession): Step {
  const origin = { actor: ctx.actor.label, requestId: ctx.requestId, now: ctx.now() };
  const statements = [
    ...orderStep(ctx, order, { ...paidWith(order, session), late: true }).statements,
    sellWithoutHold(order.id, order.lines, origin),
  ];
  return joinSteps({ statements, promised: [] }, tellOfSale(ctx, order));
}

/** The money came and there is nothing to give for it: all of it goes back, and the customer is told. */
export function giveBack(
  ctx: Context,
  order: StoredOrder,
  session: PaymentSession,
  reason: ReturnReason,
): Step {
  const [payment] = order.payments;
  if (payment === undefined) throw new Error("The order has no payment.");
  const back = sendBack(ctx, {
    paymentId: payment.id,
    money: session.total,
    items: [],
    reason,
    actor: AUTOMATIC,
  });
  const told = promise(ctx, {
    topic: "mail.payment_returned",
    payload: { orderId: order.id },
    dedupeKey: refundMailKey(back.refund.id),
  });
  const step = { type: "payment.returned", paying: session, refund: back.refund } as const;
  const { statements } = orderStep(ctx, order, step);
  return joinSteps(
    { statements, promised: [] },
    ...[back.sending, told, promiseFound(ctx, order)].map(promisedStep),
  );
}

/** The money came for an order that was written again, of somebody who was forgotten: it ends, and all of it goes back. */
export function callOff(ctx: Context, order: StoredOrder, session: PaymentSession): Step {
  const { statements, after } = cancelUnpaid(ctx, order, "customer_deleted");
  const back = giveBack(ctx, after, session, "order_canceled");
  return joinSteps({ statements, promised: [] }, back);
}

/** Another amount or currency than was asked for: nothing is sold for it, a person is called, and the money goes back. */
export function returnMismatch(
  ctx: CheckoutContext,
  order: StoredOrder,
  session: PaymentSession,
): Step {
  const step = { type: "payment.mismatched", received: session.total } as const;
  const { statements, after } = orderStep(ctx, order, step);
  const freed =
    order.status === "pending_payment"
      ? [endReservation(order.reservationId, "released", ctx.now())]
      : [];
  const stopped: Step = { statements: [...statements, ...freed], promised: [] };
  const back = giveBack(ctx, after, session, "amount_mismatch");
  return joinSteps(stopped, back, callToMismatch(ctx, order, session));
}

/**
 * The customer is done and the bank is not: the stock waits for as long as the order's terms say of this way to pay. One
 * that they do not name, which the provider should not have offered, makes no hold longer: its money is late money.
 */
export function waitForBank(ctx: Context, order: StoredOrder, session: PaymentSession): Step {
  const { statements } = orderStep(ctx, order, { type: "payment.processing", paying: session });
  const waitMs = bankHoldMs(order, session);
  const extended = waitMs === 0 ? [] : [extendReservation(order.reservationId, ctx.now() + waitMs)];
  return { statements: [...statements, ...extended], promised: [] };
}

function bankHoldMs({ paymentTerms }: StoredOrder, { method }: PaymentSession): number {
  const days = paymentTerms.delayed.find((one) => one.method === method)?.days ?? 0;
  return days * DAY_MS;
}

/** What the customer has chosen and been taxed at Stripe is what the order is for. */
function paidWith(order: StoredOrder, session: PaymentSession): OrderStep<"order.paid"> {
  const { shipping, total, shippingTax, currency, ...asked } = askedOf(order, session);
  const tax = addedTax({ shipping, total, shippingTax, currency, ...asked });
  const included = asked.tax - tax;
  const { address } = session;
  return {
    type: "order.paid",
    paying: session,
    sold: {
      ...{ shipping, tax, total, shippingTax: tax === 0 ? 0 : shippingTax },
      ...(order.shippingAddress === null && address !== null
        ? { shippingAddress: collectedAddress(address) }
        : {}),
    },
    ...(included > 0 ? { includedTax: { amount: included, currency } } : {}),
  };
}
