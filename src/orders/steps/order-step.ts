import { nameGuest } from "../../identity/index.ts";
import { insertStandIn, unclaimReservation } from "../../inventory/index.ts";
import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { insertOrderEvent } from "../events/store.ts";
import { insertRefund, type NewRefund } from "../refunds/store.ts";
import { type StoredOrder, updateOrder, updatePayment } from "../store.ts";
import type { StoredRefund } from "../stored-order.ts";
import { effectOfStep, type OrderStep, type StepEffect } from "./order-steps.ts";

export interface Stepped {
  readonly statements: readonly Statement[];
  /** The order as it is then. */
  readonly after: StoredOrder;
}

/**
 * One step in an order's life, in statements that belong into one batch: the event, whose key is the lock, and what
 * follows from it for the order, its payment and its refunds.
 */
export function orderStep(ctx: Context, order: StoredOrder, step: OrderStep): Stepped {
  const seq = order.version + 1;
  const now = ctx.now();
  const { actor, requestId } = ctx;
  const effect = effectOfStep(order, step, now);
  const { type } = step;
  const event = { orderId: order.id, seq, type, data: effect.data, actor: actor.label };
  const payments = paymentsAfter(order, effect);
  const updatedAt = effect.unseen === true ? order.updatedAt : now;
  const bought = { ...order, ...effect.patch };
  return {
    statements: [
      ...(type === "order.paid" ? nameBuyer(bought, now) : []),
      insertOrderEvent({ ...event, requestId, now }),
      ...(effect.standIn === undefined ? [] : leaveHold(order, effect.standIn, now)),
      updateOrder(order.id, effect.patch, seq, updatedAt),
      ...payments.flatMap(({ id, patch }) => (patch ? [updatePayment(id, patch, now)] : [])),
      ...(effect.refund === undefined ? [] : insertRefund(order.id, effect.refund)),
    ],
    after: {
      ...bought,
      ...{ version: seq, updatedAt },
      payments: payments.map(({ payment, patch }) => ({ ...payment, ...patch })),
      refunds: [
        ...order.refunds,
        ...(effect.refund === undefined ? [] : [asStored(effect.refund)]),
      ],
    },
  };
}

/** Of a guest nobody knows a name but that on the parcel. Before the order is paid, which counts it for them. */
function nameBuyer({ accountId, email, shippingAddress }: StoredOrder, now: number) {
  const name = shippingAddress?.name ?? "";
  return accountId !== null || email === null || name === "" ? [] : nameGuest({ email, name, now });
}

/** What an order keeps of a hold that goes on without it. */
function leaveHold({ id: orderId, reservationId }: StoredOrder, standIn: string, now: number) {
  return [
    unclaimReservation(reservationId),
    insertStandIn({ id: standIn, ref: newId("hld", now) }, { reservationId, orderId, now }),
  ];
}

function paymentsAfter({ payments }: StoredOrder, effect: StepEffect) {
  return payments.map((payment) => ({
    ...{ id: payment.id, payment },
    patch: effect.payments?.(payment),
  }));
}

function asStored({ paymentId: _, updatedAt: __, ...refund }: NewRefund): StoredRefund {
  return { ...refund, providerRefundId: null, source: "shop" };
}
