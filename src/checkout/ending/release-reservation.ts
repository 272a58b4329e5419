import {
  ANY_HOLDER,
  holdSaid,
  idCalledByStaff,
  refOfHold,
  releaseUnclaimed,
} from "../../inventory/index.ts";
import {
  changeOrder,
  findHoldAndOrder,
  type HoldAccess,
  isHolder,
  type StoredOrder,
} from "../../orders/index.ts";
import { accountOf, isStaff } from "../../platform/access.ts";
import { audit, auditIfChanged } from "../../platform/audit-log/store.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import type { CheckoutContext } from "../context.ts";
import { joinSteps, NOTHING, writeStep } from "../step.ts";
import { tellPaymentFailed } from "../tell-payment-failed.ts";
import { stopCheckout } from "./stop-checkout.ts";

/**
 * Gives a hold back before its time: its holder, or staff, of whom the audit log says so, for whomever they do it. One
 * that is at the checkout has its payment session closed first.
 * Throws `NOT_FOUND`, `RESERVATION_EXPIRED`, `INVALID_TRANSITION` when it is bought, `UPSTREAM_FAILED`.
 */
export async function releaseReservation(ctx: CheckoutContext, input: HoldAccess): Promise<void> {
  const { id: name, ...access } = input;
  const staff = isStaff(ctx.actor, "orders:write");
  const id = staff ? await idCalledByStaff(ctx, name) : name;
  const holder = staff ? ANY_HOLDER : accountOf(ctx);
  const [released, [row], [order]] = await ctx.db.batch([
    releaseUnclaimed(id, holder, ctx.now()),
    ...findHoldAndOrder(id, holder), // changes nothing, so the audit line still sees what the release did
    ...(staff ? [auditIfChanged(ctx, "reservation.released", refOfHold(id), holdSaid(id))] : []),
  ]);
  if (row === undefined || !(staff || (await isHolder(ctx, row, { order, ...access }))))
    throw notFound("reservation");
  ctx.soldOut.clear();
  if (released.length > 0 || row.status === "released") return;
  if (row.status === "expired") throw expired();
  if (row.status === "committed" || order === undefined) throw bought();
  await changeOrder(ctx, order, (current) => cancelCheckout(ctx, current, { id, ...access }));
}

/** Somebody else may have ended the order in the meantime; then that is what became of the hold. */
async function cancelCheckout(
  ctx: CheckoutContext,
  order: StoredOrder,
  hold: HoldAccess,
): Promise<void> {
  if (order.status === "canceled") {
    // One whose code Stripe has just refused has left its hold as it was, perhaps for another order.
    return order.reservationId === hold.id ? undefined : releaseReservation(ctx, hold);
  }
  if (order.status === "expired") throw expired();
  const ending = await stopCheckout(ctx, order, { reason: "released", evenAtBank: false });
  if (ending === undefined) throw bought();
  const { statements, after } = ending;
  const failed = after.paymentStatus === "failed";
  const told = failed ? tellPaymentFailed(ctx, after, "over") : NOTHING;
  const audited = isStaff(ctx.actor, "orders:write")
    ? [
        audit(
          ctx,
          "reservation.released",
          refOfHold(hold.id),
          holdSaid(hold.id, { orderId: order.id }),
        ),
      ]
    : [];
  await writeStep(ctx, joinSteps({ statements, promised: [] }, told), audited);
}

function expired(): AppError {
  return new AppError("RESERVATION_EXPIRED", "The reservation has ended already.");
}

function bought(): AppError {
  return new AppError(
    "INVALID_TRANSITION",
    "This reservation has been paid for, so it cannot be released.",
  );
}
