import { endReservation } from "../inventory/index.ts";
import { orderStep, promiseFound, type StoredOrder } from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import { promise } from "../platform/outbox/store.ts";
import type { Step } from "./step.ts";

/** There is nothing to pay: the order is paid as it stands. */
export function sellFree(ctx: Context, order: StoredOrder, email: string): Step {
  const receipt = promiseReceipt(ctx, order);
  const found = promiseFound(ctx, order);
  return {
    statements: [
      ...orderStep(ctx, order, { type: "order.paid", free: { email } }).statements,
      endReservation(order.reservationId, "committed", ctx.now()),
      receipt.statement,
      found.statement,
    ],
    promised: [receipt.id, found.id],
  };
}

/** The one receipt of an order that is paid. */
export function promiseReceipt(ctx: Context, order: StoredOrder) {
  return promise(ctx, {
    topic: "mail.receipt",
    payload: { orderId: order.id },
    dedupeKey: `receipt:${order.id}`,
  });
}
