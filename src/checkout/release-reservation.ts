import { findReservation, releaseUnclaimed } from "../inventory/index.ts";
import { findOrder, ORDER_CHANGED, type OrderRow } from "../orders/index.ts";
import { accountOf } from "../platform/access.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError, notFound } from "../platform/errors.ts";
import { applyPage } from "./apply-page.ts";
import { closePage } from "./close-page.ts";
import type { CheckoutContext } from "./context.ts";
import { cancelOrder } from "./end-order.ts";

/**
 * Gives a hold back before its time. One that is at the checkout has its payment page closed first.
 * Throws `NOT_FOUND`, `RESERVATION_EXPIRED`, `INVALID_TRANSITION` when it is bought, `UPSTREAM_FAILED`.
 */
export async function releaseReservation(
  ctx: CheckoutContext,
  input: { readonly id: string },
): Promise<void> {
  const [released, [row]] = await ctx.db.batch([
    releaseUnclaimed(input.id, accountOf(ctx), ctx.now()),
    findReservation(input.id, accountOf(ctx)),
  ]);
  if (row === undefined) throw notFound("reservation");
  ctx.soldOut.clear();
  if (released.length > 0 || row.status === "released") return;
  if (row.status === "expired")
    throw new AppError("RESERVATION_EXPIRED", "The reservation has ended already.");
  if (row.status === "committed" || row.orderId === null) throw bought();
  await cancelCheckout(ctx, row.orderId);
}

async function cancelCheckout(ctx: CheckoutContext, orderId: string): Promise<void> {
  const [order] = await ctx.db.run(findOrder(orderId));
  if (order === undefined) throw notFound("order");
  const page = await closePage(ctx, order).catch((cause: unknown) => {
    throw notClosed(cause);
  });
  if (page === null || page.state === "expired") return cancel(ctx, order);
  const decision = await applyPage(ctx, order, page);
  if (decision !== "fail") throw bought();
}

/** Somebody else may have ended the order in the meantime; then it is looked at again. */
async function cancel(ctx: CheckoutContext, order: OrderRow): Promise<void> {
  try {
    await ctx.db.batch(cancelOrder(ctx, order, "released"));
  } catch (error) {
    if (!refusedBy(error, ORDER_CHANGED)) throw error;
    await releaseReservation(ctx, { id: order.reservationId });
  }
}

function notClosed(cause: unknown): AppError {
  return new AppError(
    "UPSTREAM_FAILED",
    "The payment page could not be closed yet. Please try again.",
    { headers: { "Retry-After": "2" }, cause },
  );
}

function bought(): AppError {
  return new AppError(
    "INVALID_TRANSITION",
    "This reservation has been paid for, so it cannot be released.",
  );
}
