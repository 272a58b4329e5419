import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import { findOrder, ORDER_CHANGED, type OrderRow } from "./store.ts";

/** Each round of a contest has a winner, so this many may ask at once before one of them is told to try again. */
const MAX_TRIES = 12;

/**
 * Decides and writes a change of an order: `attempt` gets the order as it is and runs one batch with the order's next
 * event. When somebody else changed the order meanwhile, the database refuses the event's key, and it is decided again.
 * Throws `UNAVAILABLE` when others were always faster.
 */
export async function changeOrder<T>(
  ctx: Context,
  found: OrderRow,
  attempt: (order: OrderRow) => Promise<T>,
): Promise<T> {
  let order = found;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(order);
    } catch (error) {
      if (!refusedBy(error, ORDER_CHANGED)) throw error;
      if (tries >= MAX_TRIES) throw tooBusy(error);
      order = await reload(ctx, order.id);
    }
  }
}

async function reload(ctx: Context, id: string): Promise<OrderRow> {
  const [fresh] = await ctx.db.run(findOrder(id));
  if (fresh === undefined) throw new Error("An order has disappeared.");
  return fresh;
}

function tooBusy(cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "The order is being changed by others. Please try again.", {
    headers: { "Retry-After": "1" },
    cause,
  });
}
