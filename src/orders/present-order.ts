import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { statesOf } from "../platform/state.ts";
import { addressSchema, type Order, type OrderEvent } from "./order.ts";
import {
  disputeTransitions,
  paymentTransitions,
  refundSources,
  refundTransitions,
} from "./order-state.ts";
import type { orderEvents } from "./schema.ts";
import type { OrderRow } from "./store.ts";

const storedLines = z.array(
  z.strictObject({
    sku: z.string(),
    productId: z.string(),
    title: z.string(),
    variantTitle: z.string(),
    quantity: z.int(),
    unitAmount: z.int(),
  }),
);
const storedPayments = z.array(
  z.strictObject({
    id: z.string(),
    status: z.enum(statesOf(paymentTransitions)),
    amount: z.int(),
    currency: z.string(),
    captured: z.int(),
    sessionId: z.string().nullable(),
    sessionUrl: z.string().nullable(),
    paymentIntentId: z.string().nullable(),
    createdAt: z.int(),
  }),
);
const storedRefunds = z.array(
  z.strictObject({
    id: z.string(),
    status: z.enum(statesOf(refundTransitions)),
    amount: z.int(),
    currency: z.string(),
    reason: z.string(),
    stripeRefundId: z.string().nullable(),
    source: z.enum(refundSources),
    actor: z.string(),
    createdAt: z.int(),
    items: z.array(z.strictObject({ sku: z.string(), quantity: z.int(), restock: z.boolean() })),
  }),
);
const storedFulfillments = z.array(
  z.strictObject({
    id: z.string(),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    createdAt: z.int(),
    items: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
  }),
);
const storedDisputes = z.array(
  z.strictObject({
    id: z.string(),
    status: z.enum(statesOf(disputeTransitions)),
    reason: z.string(),
    amount: z.int(),
    currency: z.string(),
    createdAt: z.int(),
  }),
);

export type StoredPayment = z.infer<typeof storedPayments>[number];
export type StoredRefund = z.infer<typeof storedRefunds>[number];

export function linesOf(row: OrderRow) {
  return storedLines.parse(JSON.parse(row.lines));
}

export function paymentsOf(row: OrderRow): StoredPayment[] {
  return storedPayments.parse(JSON.parse(row.payments));
}

export function refundsOf(row: OrderRow): StoredRefund[] {
  return storedRefunds.parse(JSON.parse(row.refunds));
}

export function fulfillmentsOf(row: OrderRow) {
  return storedFulfillments.parse(JSON.parse(row.fulfillments));
}

export function disputesOf(row: OrderRow) {
  return storedDisputes.parse(JSON.parse(row.disputes));
}

/** Where it goes to; null while nobody has said. */
export function addressOf(row: Pick<OrderRow, "shippingAddress">): Order["shippingAddress"] {
  const { shippingAddress } = row;
  return shippingAddress === null ? null : addressSchema.parse(JSON.parse(shippingAddress));
}

/** The order as the API shows it. */
export function presentOrder(row: OrderRow): Order {
  const money = (amount: number) => ({ amount, currency: row.currency });
  const { attentionReason, attentionSince } = row;
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    paymentStatus: row.paymentStatus,
    fulfillmentStatus: row.fulfillmentStatus,
    attention:
      attentionReason === null || attentionSince === null
        ? null
        : { reason: attentionReason, since: toTimestamp(attentionSince) },
    email: row.email,
    discountCode: row.discountCode,
    shippingAddress: addressOf(row),
    items: linesOf(row).map(({ unitAmount, ...line }) => ({
      ...line,
      price: money(unitAmount),
      total: money(unitAmount * line.quantity),
    })),
    subtotal: money(row.subtotal),
    discount: money(row.discount),
    shipping: money(row.shipping),
    tax: money(row.tax),
    total: money(row.total),
    refunded: money(row.refunded),
    payments: paymentsOf(row).map((payment) => ({
      id: payment.id,
      status: payment.status,
      amount: { amount: amountOf(row, payment), currency: payment.currency },
      createdAt: toTimestamp(payment.createdAt),
    })),
    refunds: refundsOf(row).map(
      ({ id, status, amount, currency, reason, source, items, createdAt }) => ({
        id,
        status,
        reason,
        source,
        items,
        amount: { amount, currency },
        createdAt: toTimestamp(createdAt),
      }),
    ),
    fulfillments: fulfillmentsOf(row).map(({ createdAt, ...fulfillment }) => ({
      ...fulfillment,
      createdAt: toTimestamp(createdAt),
    })),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  };
}

/** What was paid, with the delivery that was chosen and the tax; before that, what is asked for. */
function amountOf({ captured }: OrderRow, { status, amount }: StoredPayment): number {
  // An order counts only money of its own currency.
  return status === "succeeded" && captured > 0 ? captured : amount;
}

const storedData = z.record(z.string(), z.unknown());

export function presentOrderEvent(row: typeof orderEvents.$inferSelect): OrderEvent {
  return {
    id: row.orderId.replace("ord_", `evt_${String(row.seq).padStart(6, "0")}`),
    type: row.type,
    data: storedData.parse(JSON.parse(row.data)),
    actor: row.actor,
    createdAt: toTimestamp(row.createdAt),
  };
}
