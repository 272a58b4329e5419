import { explainRefusedDiscount, useDiscount } from "../../discounts/index.ts";
import {
  explainOverLimit,
  explainRefusedHold,
  holdStock,
  sumLines,
} from "../../inventory/index.ts";
import { findOrder, newOrder, ORDER_TOO_LARGE, type StoredOrder } from "../../orders/index.ts";
import { accountOf } from "../../platform/access.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import { insertKey } from "../../platform/idempotency/store.ts";
import { newId } from "../../platform/ids.ts";
import { explainClosed } from "../../platform/opening/explain-closed.ts";
import { requireOpen } from "../../platform/opening/store.ts";
import type { CheckoutContext } from "../context.ts";
import type { NewCheckout } from "./checkout.ts";

/** How long a try may be at Stripe before another with the same key takes over: longer than our time-outs there. */
export const TRY_MS = 30 * SECOND_MS;

/** Phase one, one batch: the key as started, the hold if there is none yet, the order with the catalog's prices, the use of its code. */
export async function openOrder(
  ctx: CheckoutContext,
  use: KeyUse,
  input: NewCheckout,
): Promise<StoredOrder> {
  const now = ctx.now();
  const orderId = newId("ord", now);
  const accountId = accountOf(ctx);
  const hold =
    input.items === undefined
      ? { id: input.reservationId ?? "", statements: [] }
      : await holdStock(ctx, sumLines(input.items));
  const { discountCode: code, email = null } = input;
  const results = await ctx.db.batch([
    insertKey(use, now, { subject: orderId, lockedUntil: now + TRY_MS }),
    requireOpen(ctx.config),
    ...hold.statements,
    ...newOrder(
      ctx,
      {
        ...{ id: orderId, accountId, email, reservationId: hold.id },
        browserHash: accountId === null ? (input.browserHash ?? null) : null,
        shippingAddress: input.shippingAddress ?? null,
        ...{ successUrl: input.successUrl, cancelUrl: input.cancelUrl },
        ...{ terms: ctx.config.terms, now },
      },
      code === undefined ? [] : useDiscount(ctx, { id: orderId, email }, code),
    ),
    findOrder(orderId),
  ]);
  const [order] = results.at(-1) as StoredOrder[]; // the batch's last statement
  if (order === undefined) throw new Error("The order was not found in its own batch.");
  return order;
}

/** Why phase one was refused; undefined when it was something else. */
export async function explainRefusedOrder(
  ctx: CheckoutContext,
  error: unknown,
  input: NewCheckout,
): Promise<AppError | undefined> {
  if (refusedBy(error, "reservation_not_found")) return notFound("reservation");
  if (refusedBy(error, "reservation_expired") || refusedBy(error, "reservation_ended")) {
    return new AppError(
      "RESERVATION_EXPIRED",
      "The reservation has ended. Reserve again to go on.",
    );
  }
  if (refusedBy(error, "reservation_claimed")) {
    return new AppError("CONFLICT", "There is already an order for this reservation.");
  }
  if (refusedBy(error, "orders_one_currency")) {
    return new AppError(
      "BUSINESS_RULE_VIOLATION",
      "These items have different currencies. Check them out one currency at a time.",
    );
  }
  if (refusedBy(error, ORDER_TOO_LARGE)) {
    return new AppError(
      "BUSINESS_RULE_VIOLATION",
      "This is worth more than one payment can be. Check it out in parts.",
    );
  }
  if (refusedBy(error, "customer_unknown")) {
    const sentence = "There is a limit for each customer. Send an email address, or sign in.";
    return new AppError("BUSINESS_RULE_VIOLATION", sentence, { fields: { email: sentence } });
  }
  const { items, reservationId = "", email, discountCode = "" } = input;
  return (
    explainClosed(error) ??
    (await explainRefusedDiscount(ctx, error, discountCode)) ??
    (await explainOverLimit(ctx, error, {
      ...(items === undefined ? { reservationId } : { items: sumLines(items) }),
      ...(email === undefined ? {} : { email }),
    })) ??
    explainRefusedHold(ctx, error, { items: items ?? [] })
  );
}
