import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError, notFound } from "../platform/errors.ts";
import { replay } from "../platform/idempotency/answer.ts";
import type { KeyUse } from "../platform/idempotency/key-use.ts";
import {
  type Effect,
  type Performed,
  performOnce,
  type Refusal,
} from "../platform/idempotency/perform.ts";
import { findKey } from "../platform/idempotency/store.ts";
import { ORDER_CHANGED } from "./events/store.ts";
import { findOrder, type StoredOrder } from "./store.ts";

/** Each round of a contest has a winner, so this many may ask at once before one of them is told to try again. */
const MAX_TRIES = 12;

/**
 * Decides and writes a change of an order: `attempt` gets the order as it is and runs one batch with the order's next
 * event. When somebody else changed the order meanwhile, the database refuses the event's key, and it is decided again.
 * Throws `UNAVAILABLE` when others were always faster.
 */
export async function changeOrder<T>(
  ctx: Context,
  found: StoredOrder,
  attempt: (order: StoredOrder) => Promise<T>,
): Promise<T> {
  let order = found;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(order);
    } catch (error) {
      if (!refusedBy(error, ORDER_CHANGED)) throw error;
      if (tries >= MAX_TRIES) throw tooBusy(error);
      order = await reloadOrder(ctx, order.id);
    }
  }
}

interface Asked {
  readonly id: string;
  readonly use: KeyUse | undefined;
  /** Whether the caller may change an order; without it, any. */
  readonly allowed?: (order: StoredOrder) => boolean;
}

/**
 * The same once for an idempotency key: `make` decides what is done to the order as it is, or throws. A key that was
 * used before gets its first answer, and `make` is not asked. Throws `NOT_FOUND`.
 */
export async function changeOrderOnce<T>(
  ctx: Context,
  { id, use, allowed = () => true }: Asked,
  make: (order: StoredOrder) => Effect<T> | Refusal | Promise<Effect<T> | Refusal>,
): Promise<Performed<T>> {
  const [[order], [known]] =
    use === undefined
      ? [await ctx.db.run(findOrder(id)), []]
      : await ctx.db.batch([findOrder(id), findKey(use, ctx.now())]);
  if (order === undefined || !allowed(order)) throw notFound("order");
  if (use !== undefined && known !== undefined)
    return { body: await replay<T>(use, known), replayed: true };
  return changeOrder(ctx, order, (current) => performOnce(ctx, use, () => make(current)));
}

/** An order that is known to exist, as it is now. */
export async function reloadOrder(ctx: Context, id: string): Promise<StoredOrder> {
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
