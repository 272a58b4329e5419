import { endReservation, extendReservation, sellWithoutHold } from "../../inventory/index.ts";
import {
  addressSchema,
  type OrderPatch,
  orderStep,
  type StoredOrder,
  updatePayment,
} from "../../orders/index.ts";
import type { PaymentPage } from "../../payments/index.ts";
import { HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { promise } from "../../platform/outbox/store.ts";
import { callToMismatch } from "../call-operators.ts";
import { AUTOMATIC, marked } from "../refunds/refund-attention.ts";
import { refundMailKey, sendBack } from "../refunds/send-back.ts";
import { joinSteps, type Step } from "../step.ts";
import { addedTax, askedOf } from "./decide-payment.ts";

/** How long stock waits for a bank: the slowest delayed method that Checkout offers takes 14 days. https://docs.stripe.com/payments/payment-methods/payment-method-support */
const BANK_HOLD_MS = 14 * 24 * HOUR_MS;

/** The money is there: the order is paid, the hold is a sale, the receipt is promised. */
export function pay(ctx: Context, order: StoredOrder, page: PaymentPage): Step {
  const receipt = promiseReceipt(ctx, order);
  return {
    statements: [
      ...orderStep(ctx, order, "order.paid", soldPatch(order, page), received(order, page)),
      ...paymentSucceeds(ctx, order, page),
      endReservation(order.reservationId, "committed", ctx.now()),
      receipt.statement,
    ],
    promised: [receipt.id],
  };
}

function promiseReceipt(ctx: Context, order: StoredOrder) {
  return promise(ctx, {
    topic: "mail.receipt",
    payload: { orderId: order.id },
    dedupeKey: `receipt:${order.id}`,
  });
}

/** The money came after the hold had ended, and the stock is still there. */
export function sellLate(ctx: Context, order: StoredOrder, page: PaymentPage): Step {
  const receipt = promiseReceipt(ctx, order);
  const origin = { actor: ctx.actor.label, requestId: ctx.requestId, now: ctx.now() };
  return {
    statements: [
      ...orderStep(ctx, order, "order.paid", soldPatch(order, page), {
        ...received(order, page),
        late: true,
      }),
      ...paymentSucceeds(ctx, order, page),
      sellWithoutHold(order.id, order.lines, origin),
      receipt.statement,
    ],
    promised: [receipt.id],
  };
}

/** The money came and there is nothing to give for it: all of it goes back, and the customer is told. */
export function giveBack(
  ctx: Context,
  order: StoredOrder,
  page: PaymentPage,
  reason: string,
): Step {
  const [payment] = order.payments;
  if (payment === undefined) throw new Error("The order has no payment.");
  const back = sendBack(ctx, order, {
    paymentId: payment.id,
    money: page.total,
    lines: [],
    reason,
    actor: AUTOMATIC,
  });
  const told = promise(ctx, {
    topic: "mail.payment_returned",
    payload: { orderId: order.id },
    dedupeKey: refundMailKey(back.refund.id),
  });
  return {
    statements: [
      ...orderStep(ctx, order, "payment.returned", paidPatch(order, page, {}), {
        reason,
        amount: page.total,
        refundId: back.refund.id,
      }),
      ...paymentSucceeds(ctx, order, page),
      ...back.statements,
      told.statement,
    ],
    promised: [back.promised, told.id],
  };
}

/** Another amount or currency than was asked for: nothing is sold for it, a person is called, and the money goes back. */
export function returnMismatch(ctx: Context, order: StoredOrder, page: PaymentPage): Step {
  const attention = marked("amount_mismatch", ctx.now());
  const pending = order.status === "pending_payment";
  const ended: StoredOrder = { ...order, version: order.version + 1 };
  const stopped: Step = {
    promised: [],
    statements: [
      ...orderStep(
        ctx,
        order,
        "payment.mismatched",
        pending ? { ...attention, status: "canceled" } : attention,
        {
          asked: { amount: order.total, currency: order.currency },
          received: page.total,
        },
      ),
      ...(pending ? [endReservation(order.reservationId, "released", ctx.now())] : []),
    ],
  };
  const back = giveBack(ctx, ended, page, "amount_mismatch");
  return joinSteps(stopped, back, callToMismatch(ctx, order, page));
}

/** The customer is done and the bank is not: the stock waits, within a bound. */
export function waitForBank(ctx: Context, order: StoredOrder, page: PaymentPage): Step {
  return {
    statements: [
      ...orderStep(
        ctx,
        order,
        "payment.processing",
        { paymentStatus: "processing", email: order.email ?? page.email },
        { paymentId: order.payments[0]?.id, amount: page.total },
      ),
      ...order.payments
        .filter(({ status }) => status === "pending")
        .map(({ id }) =>
          updatePayment(
            id,
            {
              status: "processing",
              sessionId: page.sessionId,
              paymentIntentId: page.paymentIntentId,
            },
            ctx.now(),
          ),
        ),
      extendReservation(order.reservationId, ctx.now() + BANK_HOLD_MS),
    ],
    promised: [],
  };
}

/** What the customer has chosen and been taxed at Stripe is what the order is for. */
function soldPatch(order: StoredOrder, page: PaymentPage): OrderPatch {
  const asked = askedOf(order, page);
  const tax = addedTax(asked);
  const address = addressSchema.safeParse(page.address);
  return {
    ...paidPatch(order, page, { status: "paid" }),
    shipping: asked.shipping,
    tax,
    shippingTax: tax === 0 ? 0 : asked.shippingTax,
    total: asked.total,
    ...(order.shippingAddress === null && address.success ? { shippingAddress: address.data } : {}),
  };
}

/** What the history says of a payment. Tax that is in the prices is what the order's sums do not show. */
function received(order: StoredOrder, page: PaymentPage): object {
  const asked = askedOf(order, page);
  const { currency } = asked;
  const amount = asked.tax - addedTax(asked);
  const includedTax = amount > 0 ? { includedTax: { amount, currency } } : {};
  return { paymentId: order.payments[0]?.id, amount: page.total, ...includedTax };
}

function paidPatch(order: StoredOrder, page: PaymentPage, patch: OrderPatch): OrderPatch {
  const sameCurrency = page.total.currency === order.currency;
  return {
    ...patch,
    paymentStatus: "paid",
    captured: sameCurrency ? page.total.amount : 0,
    email: order.email ?? page.email,
  };
}

function paymentSucceeds(ctx: Context, order: StoredOrder, page: PaymentPage): Statement[] {
  return order.payments.map(({ id }) =>
    updatePayment(
      id,
      {
        status: "succeeded",
        captured: page.total.amount,
        sessionId: page.sessionId,
        paymentIntentId: page.paymentIntentId,
      },
      ctx.now(),
    ),
  );
}
