import type { StoredOrder } from "../orders/index.ts";
import type { Context } from "../platform/context.ts";
import { promiseOnce } from "../platform/outbox/store.ts";
import { NOTHING, promisedStep, type Step } from "./step.ts";

/**
 * Why no money came: the bank has said no and ends the order with it; it has not answered in time; it has said no to an
 * order that is over anyway.
 */
export type NoMoney = "declined" | "late" | "over";

/** Promises the one mail of an order whose customer had left the payment to a bank, and has none. */
export function tellPaymentFailed(
  ctx: Context,
  { id: orderId, email }: Pick<StoredOrder, "id" | "email">,
  reason: NoMoney,
): Step {
  if (email === null) return NOTHING;
  const told = promiseOnce(ctx, {
    topic: "mail.payment_failed",
    payload: { orderId, reason },
    dedupeKey: `payment_failed:${orderId}`,
  });
  return promisedStep(told);
}
