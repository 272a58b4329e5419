import type { StoredOrder } from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import { promiseOnce } from "../platform/outbox/store.ts";
import type { PayloadOf } from "../platform/outbox/topics.ts";
import { NOTHING, promisedStep, type Step } from "./step.ts";

/** Promises the one mail of an order whose customer had left the payment to a bank, and has none. */
export function tellPaymentFailed(
  ctx: Context,
  { id: orderId, email }: Pick<StoredOrder, "id" | "email">,
  reason: PayloadOf<"mail.payment_failed">["reason"],
): Step {
  if (email === null) return NOTHING;
  const told = promiseOnce(ctx, {
    topic: "mail.payment_failed",
    payload: { orderId, reason },
    dedupeKey: `payment_failed:${orderId}`,
  });
  return promisedStep(told);
}
