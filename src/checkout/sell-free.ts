import { endReservation } from "../inventory/index.ts";
import { orderStep, promiseFound, type StoredOrder } from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import { promise, promiseOnce } from "../platform/outbox/store.ts";
import { wantsMail } from "../settings/index.ts";
import { joinSteps, promisedStep, type Step } from "./step.ts";

/** There is nothing to pay: the order is paid as it stands. */
export function sellFree(ctx: Context, order: StoredOrder, email: string): Step {
  const statements = [
    ...orderStep(ctx, order, { type: "order.paid", free: { email } }).statements,
    endReservation(order.reservationId, "committed", ctx.now()),
  ];
  return joinSteps({ statements, promised: [] }, tellOfSale(ctx, order));
}

/**
 * Who is told of an order that is paid: its customer, by its one receipt, the index of words, and the operators, if there
 * are some and they want to.
 */
export function tellOfSale(ctx: Context, order: StoredOrder): Step {
  const { id: orderId } = order;
  const payload = { orderId };
  const receipt = promise(ctx, {
    topic: "mail.receipt",
    payload,
    dedupeKey: `receipt:${orderId}`,
  });
  const told = joinSteps(promisedStep(receipt), promisedStep(promiseFound(ctx, order)));
  if (ctx.config.operatorEmail === undefined) return told;
  const operators = promiseOnce(
    ctx,
    { topic: "mail.order_paid", payload, dedupeKey: `order_paid:${orderId}` },
    wantsMail("paidOrders"),
  );
  return joinSteps(told, promisedStep(operators));
}
