import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { insertOrderEvent } from "./events/store.ts";
import { type OrderPatch, type StoredOrder, updateOrder } from "./store.ts";

/** The statements of one step in an order's life: the event that is its lock, and the change. */
export function orderStep(
  ctx: Context,
  order: StoredOrder,
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
