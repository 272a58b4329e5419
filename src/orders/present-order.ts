import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { storedJson } from "../platform/stored-json.ts";
import type { Order, OrderEvent } from "./order.ts";
import { presentLine } from "./order-line.ts";
import { presentRefundLine } from "./refunds/refund-line.ts";
import type { orderEvents } from "./schema.ts";
import type { StoredOrder } from "./store.ts";
import type { StoredPayment } from "./stored-order.ts";

/** The order as the API shows it. */
export function presentOrder(row: StoredOrder): Order {
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
    shippingAddress: row.shippingAddress,
    items: row.lines.map((line) => presentLine(line, row.currency)),
    subtotal: money(row.subtotal),
    discount: money(row.discount),
    shipping: money(row.shipping),
    tax: money(row.tax),
    total: money(row.total),
    refunded: money(row.refunded),
    payments: row.payments.map((payment) => ({
      id: payment.id,
      status: payment.status,
      amount: { amount: amountOf(row, payment), currency: payment.currency },
      createdAt: toTimestamp(payment.createdAt),
    })),
    refunds: row.refunds.map(
      ({ id, status, amount, currency, reason, source, items, createdAt }) => ({
        id,
        status,
        reason,
        source,
        items: items.map(presentRefundLine),
        amount: { amount, currency },
        createdAt: toTimestamp(createdAt),
      }),
    ),
    fulfillments: row.fulfillments.map(({ createdAt, ...fulfillment }) => ({
      ...fulfillment,
      createdAt: toTimestamp(createdAt),
    })),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  };
}

/** What was paid, with the delivery that was chosen and the tax; before that, what is asked for. */
function amountOf({ captured }: StoredOrder, { status, amount }: StoredPayment): number {
  // An order counts only money of its own currency.
  return status === "succeeded" && captured > 0 ? captured : amount;
}

const readData = storedJson(z.record(z.string(), z.unknown()));
/** Whoever of the shop did something, to those who do not belong to it. */
const STAFF = "staff";

/** What staff note of it is for staff, and which of them did it. */
export function presentOrderEvent(
  row: Omit<typeof orderEvents.$inferSelect, "requestId"> & { readonly byStaff: number },
  forStaff: boolean,
): OrderEvent {
  const { note, ...data } = readData(row.data);
  return {
    id: row.orderId.replace("ord_", `evt_${String(row.seq).padStart(6, "0")}`),
    type: row.type,
    data: note === undefined || !forStaff ? data : { ...data, note },
    actor: row.byStaff === 1 && !forStaff ? STAFF : row.actor,
    createdAt: toTimestamp(row.createdAt),
  };
}
