import { endReservation } from "../inventory/index.ts";
import {
  insertOrderEvent,
  type OrderPatch,
  type OrderRow,
  paymentsOf,
  updateOrder,
  updatePayment,
} from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";

/** The statements of one step in an order's life: the event that is its lock, and the change. */
export function orderStep(
  ctx: Context,
  order: OrderRow,
  type: string,
  patch: OrderPatch,
  data: object = {},
): Statement[] {
  const seq = order.version + 1;
  const now = ctx.now();
  const { actor, requestId } = ctx;
  return [
    insertOrderEvent({ orderId: order.id, seq, type, data, actor: actor.label, requestId, now }),
    updateOrder(order.id, patch, seq, now),
  ];
}

function paymentEnds(ctx: Context, order: OrderRow, status: "failed" | "expired"): Statement[] {
  // What a bank is still working on does not expire with the page: the money may come.
  const ending = status === "failed" ? ["pending", "processing"] : ["pending"];
  return paymentsOf(order)
    .filter((payment) => ending.includes(payment.status))
    .map((payment) => updatePayment(payment.id, { status }, ctx.now()));
}

/** An order that nobody will pay: canceled, its stock free again. Only once its payment page is closed. */
export function cancelOrder(ctx: Context, order: OrderRow, reason: string): Statement[] {
  return [
    ...orderStep(ctx, order, "order.canceled", { status: "canceled" }, { reason }),
    ...paymentEnds(ctx, order, "expired"),
    endReservation(order.reservationId, "released", ctx.now()),
  ];
}

/** The hold and the payment page are over unpaid. */
export function expireOrder(ctx: Context, order: OrderRow): Statement[] {
  return [
    ...orderStep(ctx, order, "order.expired", { status: "expired" }),
    ...paymentEnds(ctx, order, "expired"),
    endReservation(order.reservationId, "expired", ctx.now()),
  ];
}

/** The bank has said no, days later perhaps. */
export function failOrder(ctx: Context, order: OrderRow): Statement[] {
  return [
    ...orderStep(ctx, order, "payment.failed", { status: "canceled", paymentStatus: "failed" }),
    ...paymentEnds(ctx, order, "failed"),
    endReservation(order.reservationId, "released", ctx.now()),
  ];
}

/** The bank has said no to an order that had stopped waiting for it. */
export function failPayment(ctx: Context, order: OrderRow): Statement[] {
  return [
    ...orderStep(ctx, order, "payment.failed", { paymentStatus: "failed" }),
    ...paymentEnds(ctx, order, "failed"),
  ];
}
