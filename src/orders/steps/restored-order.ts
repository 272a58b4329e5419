import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { insertOrderCreated, insertOrderEvent } from "../events/store.ts";
import {
  insertLostLines,
  insertLostOrder,
  insertPendingPayment,
  type LostOrder,
} from "../placing/store.ts";
import { setPaymentSession } from "../store.ts";

export type OrderAsItWas = Omit<LostOrder, "now" | "url">;

/**
 * The statements that write an order again over a hold, which the database had and has no more: it waits for the
 * payment of this session, as it did then. Its history begins when it did, and says that it was written again.
 */
export function restoredOrder(
  ctx: Context,
  order: OrderAsItWas,
  session: { readonly sessionId: string; readonly url: string | null },
  more: readonly Statement[] = [],
): Statement[] {
  const { id: orderId, createdAt, number, lines } = order;
  const { actor, requestId } = ctx;
  const now = ctx.now();
  const paymentId = newId("pay", now);
  const by = { orderId, actor: actor.label, requestId };
  const data = { number, sessionId: session.sessionId };
  return [
    insertLostOrder({ ...order, url: `${ctx.config.publicUrl}/orders/${orderId}`, now }),
    insertLostLines(orderId, lines),
    ...more,
    insertPendingPayment(paymentId, orderId, createdAt),
    setPaymentSession(paymentId, session, now),
    insertOrderCreated({ ...by, now: createdAt }),
    insertOrderEvent({ ...by, seq: 2, type: "order.restored", data, now }),
  ];
}
