import { audit } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";
import type { KeyUse } from "../platform/idempotency/key-use.ts";
import type { Effect, Performed } from "../platform/idempotency/perform.ts";
import { changeOrderOnce } from "./change-order.ts";
import type { Order } from "./order.ts";
import { presentOrder } from "./present-order.ts";
import { orderStep } from "./steps/order-step.ts";
import type { StoredOrder } from "./store.ts";

const OK = 200;

/**
 * A person has settled what called them. What happens to the order after it may call somebody again.
 * Throws `NOT_FOUND`, `INVALID_TRANSITION` when the order calls nobody.
 */
export async function resolveAttention(
  ctx: Context,
  use: KeyUse | undefined,
  { id, note }: { readonly id: string; readonly note: string },
): Promise<Performed<Order>> {
  return changeOrderOnce(ctx, { id, use }, (order) => resolve(ctx, order, note));
}

function resolve(ctx: Context, order: StoredOrder, note: string): Effect<Order> {
  const { attentionReason: reason } = order;
  if (reason === null)
    throw new AppError("INVALID_TRANSITION", "Nothing about this order calls for a person.");
  const { statements, after } = orderStep(ctx, order, { type: "attention.resolved", note });
  return {
    status: OK,
    statements: [...statements, audit(ctx, "order.attention_resolved", order.id, { reason, note })],
    result: presentOrder(after),
  };
}
