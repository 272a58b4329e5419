import { findOrderWhere, type StoredOrder } from "../../orders/index.ts";
import { AppError } from "../../platform/errors.ts";
import { assertSameRequest, inUse, replay } from "../../platform/idempotency/answer.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import type { Performed } from "../../platform/idempotency/perform.ts";
import { findKey, subjectOfKey, takeOverKey } from "../../platform/idempotency/store.ts";
import type { CheckoutContext } from "../context.ts";
import type { Checkout } from "./checkout.ts";
import { TRY_MS } from "./open-order.ts";

/** What a used key stands for: its answer, or the order whose checkout has to go on. Throws while the first try is at work. */
export async function resumeCheckout(
  ctx: CheckoutContext,
  use: KeyUse,
): Promise<Performed<Checkout> | { readonly order: StoredOrder }> {
  const [[row], [order]] = await ctx.db.batch([
    findKey(use, ctx.now()),
    findOrderWhere(subjectOfKey(use)),
  ]);
  if (row === undefined) throw gone();
  assertSameRequest(use, row);
  if (row.status !== null || order === undefined) {
    return { body: await replay<Checkout>(use, row), replayed: true };
  }
  const [taken] = await ctx.db.run(takeOverKey(use, ctx.now(), ctx.now() + TRY_MS));
  if (taken === undefined) throw inUse();
  return { order };
}

function gone(): AppError {
  return new AppError("UNAVAILABLE", "Please send the same request again.", {
    headers: { "Retry-After": "1" },
  });
}
