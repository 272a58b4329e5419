import type { Money } from "../../platform/money.ts";
import type { Address } from "../address.ts";
import type { NewRefund } from "../refunds/store.ts";
import type { OrderPatch, PaymentPatch, StoredOrder } from "../store.ts";
import type { StoredPayment } from "../stored-order.ts";
import { type AttentionMark, marked } from "./attention.ts";

/** What the payment of an order has brought, or what a bank is working on. */
interface Paying {
  readonly sessionId: string;
  readonly providerPaymentId: string | null;
  readonly total: Money;
  /** Where the payer can be written to. */
  readonly email: string | null;
}

/** What the customer has chosen and been taxed while paying, in minor units. */
type Sold = Pick<StoredOrder, "shipping" | "tax" | "shippingTax" | "total"> & {
  readonly shippingAddress?: Address;
};

/** What goes back of an order that was paid, when it is canceled. */
interface CalledOff {
  readonly refunded: Money;
  readonly restocked: readonly { readonly sku: string; readonly quantity: number }[];
  /** None where all of the money is back already, or on its way. */
  readonly refund?: NewRefund;
  readonly attention?: AttentionMark | undefined;
}

/** Everything that happens to an order once it is made, but for money that went back; nothing else changes one. */
export interface OrderSteps {
  "order.paid":
    | {
        readonly paying: Paying;
        readonly sold: Sold;
        /** Tax that is in the prices, which the order's sums do not show. */
        readonly includedTax?: Money;
        /** The hold had ended before the money came. */
        readonly late?: true;
      }
    /** There was nothing to pay. */
    | { readonly free: { readonly email: string } };
  "payment.returned": { readonly paying: Paying; readonly refund: NewRefund };
  "payment.mismatched": { readonly received: Money };
  "payment.processing": { readonly paying: Paying };
  "payment.failed": Pick<Paying, "email">;
  "order.expired": object;
  "order.canceled": {
    readonly reason: string;
    /** For an order that was paid. */
    readonly calledOff?: CalledOff;
    /** The ended hold that it keeps, where its own goes on for another order. */
    readonly standIn?: string;
  };
  "order.fulfilled": {
    readonly fulfillmentStatus: StoredOrder["fulfillmentStatus"];
    readonly parcel: object;
  };
  "refund.created": {
    readonly refund: NewRefund;
    readonly items: readonly object[];
    /** What can go back after it. */
    readonly refundable: Money;
    readonly fulfillmentStatus?: StoredOrder["fulfillmentStatus"] | undefined;
    readonly attention?: AttentionMark | undefined;
  };
  "refund.stuck": { readonly refundId: string };
  "attention.resolved": { readonly note: string };
  "receipt.requested": object;
  "note.added": { readonly note: string };
}

export type OrderStep<Type extends keyof OrderSteps = keyof OrderSteps> = {
  [T in Type]: { readonly type: T } & OrderSteps[T];
}[Type];

/** What follows from a step. */
export interface StepEffect {
  readonly patch: OrderPatch;
  /** What the history says. */
  readonly data: object;
  /** What becomes of a payment; undefined for one that stays as it is. */
  readonly payments?: (payment: StoredPayment) => PaymentPatch | undefined;
  /** Money that is to go back from now on. */
  readonly refund?: NewRefund;
  /** The ended hold that it keeps, where its own goes on for another order. */
  readonly standIn?: string;
  /** Nobody but staff is to see that anything has happened: the order's time of change stays. */
  readonly unseen?: true;
}

type Effects = {
  readonly [Type in keyof OrderSteps]: (
    order: StoredOrder,
    step: OrderSteps[Type],
    now: number,
  ) => StepEffect;
};

const EFFECTS: Effects = {
  "order.paid": (order, step) => ("free" in step ? free(order, step.free) : paid(order, step)),
  "payment.returned": (order, { paying, refund }) => ({
    patch: paidPatch(order, paying),
    data: { reason: refund.reason, amount: paying.total, refundId: refund.id },
    payments: () => succeeded(paying),
    refund,
  }),
  "payment.mismatched": ({ status, total, currency }, { received }, now) => ({
    patch: {
      ...marked("amount_mismatch", now),
      ...(status === "pending_payment" ? { status: "canceled" } : {}),
    },
    data: { asked: { amount: total, currency }, received },
  }),
  "payment.processing": (order, { paying: { sessionId, providerPaymentId, total, email } }) => ({
    patch: { paymentStatus: "processing", email: addressOf(order, email) },
    data: { paymentId: order.payments[0]?.id, amount: total },
    payments: ({ status }) =>
      status === "pending" ? { status: "processing", sessionId, providerPaymentId } : undefined,
  }),
  "payment.failed": (order, { email }) => ({
    patch:
      order.status === "pending_payment"
        ? { status: "canceled", paymentStatus: "failed", email: addressOf(order, email) }
        : { paymentStatus: "failed" },
    data: { reason: "declined", ...givenUp(order) },
    payments: ends("failed", ["pending", "processing"]),
  }),
  "order.expired": (order) => ({
    patch: { status: "expired" },
    data: givenUp(order),
    payments: ends("expired", ["pending"]),
  }),
  "order.canceled": (order, { reason, calledOff, standIn }) =>
    calledOff === undefined
      ? {
          patch: { status: "canceled", ...(standIn && { reservationId: standIn }) },
          data: { reason, ...givenUp(order) },
          payments: ends("expired", ["pending"]),
          ...(standIn && { standIn }),
        }
      : callOff(reason, calledOff),
  "order.fulfilled": (_, { fulfillmentStatus, parcel }) => ({
    patch: { fulfillmentStatus },
    data: { ...parcel, fulfillmentStatus },
  }),
  "refund.created": (_, { refund, items, refundable, fulfillmentStatus, attention }) => ({
    patch: { ...attention, ...(fulfillmentStatus && { fulfillmentStatus }) },
    data: {
      ...{ refundId: refund.id, amount: moneyOf(refund), reason: refund.reason, items, refundable },
      ...(fulfillmentStatus && { fulfillmentStatus }),
    },
    refund,
  }),
  "refund.stuck": (_, { refundId }, now) => ({
    patch: marked("refund_failed", now),
    data: { refundId },
  }),
  "attention.resolved": ({ attentionReason: reason }, { note }, now) => ({
    patch: marked(null, now),
    data: { reason, note },
  }),
  "receipt.requested": () => ({ patch: {}, data: {} }),
  "note.added": (_, { note }) => ({ patch: {}, data: { note }, unseen: true }),
};

/** What a step makes of an order. Pure; `now` in milliseconds. */
export function effectOfStep<Type extends keyof OrderSteps>(
  order: StoredOrder,
  step: OrderStep<Type>,
  now: number,
): StepEffect {
  return EFFECTS[step.type](order, step, now);
}

function paid(
  order: StoredOrder,
  { paying, sold, includedTax, late }: Exclude<OrderSteps["order.paid"], { free: unknown }>,
): StepEffect {
  return {
    patch: { ...paidPatch(order, paying), status: "paid", ...sold },
    data: {
      ...{ paymentId: order.payments[0]?.id, amount: paying.total },
      ...(includedTax && { includedTax }),
      ...(late && { late }),
    },
    payments: () => succeeded(paying),
  };
}

function free({ currency }: StoredOrder, { email }: { readonly email: string }): StepEffect {
  return {
    patch: { status: "paid", paymentStatus: "paid", email },
    data: { amount: { amount: 0, currency } },
  };
}

function callOff(
  reason: string,
  { refunded, restocked, refund, attention }: CalledOff,
): StepEffect {
  return {
    patch: { status: "canceled", ...attention },
    data: { reason, refunded, restocked, ...(refund && { refundId: refund.id }) },
    ...(refund && { refund }),
  };
}

/** Where the buyer can be written to, as the order has it or the payer says; of somebody who was forgotten nobody says it again. */
function addressOf(order: StoredOrder, said: string | null): string | null {
  return order.forgottenAt === null ? (order.email ?? said) : null;
}

/** An order counts only money of its own currency. */
function paidPatch(order: StoredOrder, { total, email }: Paying): OrderPatch {
  return {
    paymentStatus: "paid",
    captured: total.currency === order.currency ? total.amount : 0,
    email: addressOf(order, email),
  };
}

function succeeded({ total, sessionId, providerPaymentId }: Paying): PaymentPatch {
  return { status: "succeeded", captured: total.amount, sessionId, providerPaymentId };
}

/** What a bank is still working on does not expire with the session, because the money may come. */
function ends(status: "failed" | "expired", from: readonly StoredPayment["status"][]) {
  return (payment: StoredPayment) => (from.includes(payment.status) ? { status } : undefined);
}

/** Of an order that ends unpaid: what was not paid, and the code that is good again. */
function givenUp({ status, total, currency, discountCode }: StoredOrder): object {
  const code = status === "pending_payment" && discountCode !== null ? { discountCode } : {};
  return { total: { amount: total, currency }, ...code };
}

function moneyOf({ amount, currency }: NewRefund): Money {
  return { amount, currency };
}
