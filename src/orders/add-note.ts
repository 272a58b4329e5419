import { audit } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import type { KeyUse } from "../platform/idempotency/key-use.ts";
import type { Effect, Performed } from "../platform/idempotency/perform.ts";
import { changeOrderOnce } from "./change-order.ts";
import type { OrderEvent } from "./order.ts";
import { presentOrderEvent } from "./present-order.ts";
import { orderStep } from "./steps/order-step.ts";
import type { StoredOrder } from "./store.ts";

/** Staff write down something of an order for each other; nobody else is told, whatever its state. Throws `NOT_FOUND`. */
export async function addNote(
  ctx: Context,
  use: KeyUse | undefined,
  { id, body }: { readonly id: string; readonly body: string },
): Promise<Performed<OrderEvent>> {
  return changeOrderOnce(ctx, { id, use }, (order) => note(ctx, order, body));
}

function note(ctx: Context, order: StoredOrder, body: string): Effect<OrderEvent> {
  const type = "note.added";
  const data = { note: body };
  const { statements, after } = orderStep(ctx, order, { type, note: body });
  const event = { orderId: order.id, seq: after.version, type, createdAt: ctx.now() } as const;
  return {
    statements: [...statements, audit(ctx, "order.note_added", order.id, data)],
    result: presentOrderEvent(
      { ...event, data: JSON.stringify(data), actor: ctx.actor.label, byStaff: 1 },
      true,
    ),
  };
}
