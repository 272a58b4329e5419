import { endReservation, insertStandIn, unclaimReservation } from "../inventory/index.ts";
import {
  type OrderPatch,
  orderStep,
  type StoredOrder,
  updateOrder,
  updatePayment,
} from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";

/** How an order ends, and what it is then. */
export interface Ending {
  readonly statements: readonly Statement[];
  readonly after: StoredOrder;
}

/** Which payments end with the page: what a bank is still working on does not expire with it, because the money may come. */
const ENDING = { failed: ["pending", "processing"], expired: ["pending"] } as const;

function endsAs(status: "failed" | "expired", payment: { readonly status: string }): boolean {
  return ENDING[status].some((one) => one === payment.status);
}

function paymentEnds(ctx: Context, order: StoredOrder, status: "failed" | "expired"): Statement[] {
  return order.payments
    .filter((payment) => endsAs(status, payment))
    .map(({ id }) => updatePayment(id, { status }, ctx.now()));
}

/** The order as its next step leaves it. */
export function orderAfter(
  ctx: Context,
  order: StoredOrder,
  patch: OrderPatch & Partial<Pick<StoredOrder, "payments" | "refunds">>,
): StoredOrder {
  return { ...order, ...patch, version: order.version + 1, updatedAt: ctx.now() };
}

interface Unpaid {
  readonly type: string;
  readonly patch: OrderPatch;
  readonly payments: "failed" | "expired";
  readonly data: object;
}

function endUnpaid(
  ctx: Context,
  order: StoredOrder,
  { type, patch, payments, data }: Unpaid,
): Ending {
  const ended = order.payments.map((payment) =>
    endsAs(payments, payment) ? { ...payment, status: payments } : payment,
  );
  return {
    statements: [
      ...orderStep(ctx, order, type, patch, data),
      ...paymentEnds(ctx, order, payments),
      endReservation(order.reservationId, "released", ctx.now()),
    ],
    after: orderAfter(ctx, order, { ...patch, payments: ended }),
  };
}

/** What the history says of an order that ends unpaid: what was not paid, and the code that is good again. */
function givenUp({ total, currency, discountCode }: StoredOrder): object {
  return { total: { amount: total, currency }, ...(discountCode === null ? {} : { discountCode }) };
}

/** An order that nobody will pay: canceled, its stock free again. Only once its payment page is closed. */
export function cancelUnpaid(ctx: Context, order: StoredOrder, reason: string): Ending {
  return endUnpaid(ctx, order, {
    type: "order.canceled",
    patch: { status: "canceled" },
    payments: "expired",
    data: { reason, ...givenUp(order) },
  });
}

/** An order that Stripe never opened a page for: canceled, and its hold goes on as before, for another order. */
export function cancelAndKeepHold(ctx: Context, order: StoredOrder, reason: string): Statement[] {
  const now = ctx.now();
  const { id: orderId, reservationId } = order;
  const standIn = newId("rsv", now);
  return [
    ...orderStep(
      ctx,
      order,
      "order.canceled",
      { status: "canceled" },
      { reason, ...givenUp(order) },
    ),
    ...paymentEnds(ctx, order, "expired"),
    unclaimReservation(reservationId),
    insertStandIn(standIn, { reservationId, orderId, now }),
    updateOrder(orderId, { reservationId: standIn }, order.version + 1, now),
  ];
}

/** The bank has said no, days later perhaps: the order is over. `email` is the one that the page knows. */
export function failUnpaid(ctx: Context, order: StoredOrder, email: string | null): Ending {
  return endUnpaid(ctx, order, {
    type: "payment.failed",
    patch: { status: "canceled", paymentStatus: "failed", email: order.email ?? email },
    payments: "failed",
    data: { reason: "declined", ...givenUp(order) },
  });
}

/** The hold and the payment page are over unpaid. */
export function expireOrder(ctx: Context, order: StoredOrder): Statement[] {
  return [
    ...orderStep(ctx, order, "order.expired", { status: "expired" }, givenUp(order)),
    ...paymentEnds(ctx, order, "expired"),
    endReservation(order.reservationId, "expired", ctx.now()),
  ];
}

/** The bank has said no to an order that had stopped waiting for it. */
export function failPayment(ctx: Context, order: StoredOrder): Statement[] {
  return [
    ...orderStep(
      ctx,
      order,
      "payment.failed",
      { paymentStatus: "failed" },
      { reason: "declined", total: { amount: order.total, currency: order.currency } },
    ),
    ...paymentEnds(ctx, order, "failed"),
  ];
}
