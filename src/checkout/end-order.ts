import { endReservation } from "../inventory/index.ts";
import { orderStep, type Stepped, type StoredOrder } from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";

/** An order that nobody will pay: canceled, its stock free again. Only once its payment session is closed. */
export function cancelUnpaid(ctx: Context, order: StoredOrder, reason: string): Stepped {
  return freeing(ctx, order, orderStep(ctx, order, { type: "order.canceled", reason }));
}

/** The bank has said no, days later perhaps: the order is over. `email` is the one that the session knows. */
export function failUnpaid(ctx: Context, order: StoredOrder, email: string | null): Stepped {
  return freeing(ctx, order, orderStep(ctx, order, { type: "payment.failed", email }));
}

function freeing(ctx: Context, { reservationId }: StoredOrder, ended: Stepped): Stepped {
  const freed = endReservation(reservationId, "released", ctx.now());
  return { ...ended, statements: [...ended.statements, freed] };
}

/** An order that Stripe never opened a session for: canceled, and its hold goes on as before, for another order. */
export function cancelAndKeepHold(ctx: Context, order: StoredOrder, reason: string): Stepped {
  const standIn = newId("rsv", ctx.now());
  return orderStep(ctx, order, { type: "order.canceled", reason, standIn });
}

/** The hold and the payment session are over unpaid. */
export function expireOrder(ctx: Context, order: StoredOrder): Statement[] {
  return [
    ...orderStep(ctx, order, { type: "order.expired" }).statements,
    endReservation(order.reservationId, "expired", ctx.now()),
  ];
}
