import { type Item, returnToShelf } from "../../inventory/index.ts";
import {
  orderStep,
  type RefundLine,
  type RefundReason,
  refundLine,
  type Stepped,
  type StoredOrder,
  type Units,
  unitsOf,
} from "../../orders/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { CheckoutContext } from "../context.ts";
import { attentionAfterRefund } from "../refunds/refund-attention.ts";
import { assertUndisputed, refundableOf } from "../refunds/refundable.ts";
import { sendBack } from "../refunds/send-back.ts";
import { joinSteps, promisedStep } from "../step.ts";

const CANCELED: RefundReason = "order_canceled";

export interface PaidEnding extends Stepped {
  /** What to wake once it is written. */
  readonly promised: readonly string[];
  readonly refundId?: string;
}

interface How {
  readonly reason: string;
  readonly restock: boolean;
}

/**
 * The end of an order that is paid: what is left of its money goes back, and, where `restock` says so, its goods to the
 * shelf. Throws `INVALID_TRANSITION` when something of it was sent, or a bank has the payment before it.
 */
export function cancelPaid(ctx: CheckoutContext, order: StoredOrder, how: How): PaidEnding {
  if (order.fulfillments.length > 0)
    throw new AppError(
      "INVALID_TRANSITION",
      "Something of this order has been sent, so it cannot be canceled. It can be refunded.",
    );
  assertUndisputed(order);
  const refundable = refundableOf(order);
  const lines = unitsOf(order).flatMap((units) => lineOf(units, how.restock));
  if (refundable === undefined || refundable.left.amount === 0)
    return endWithoutRefund(ctx, order, lines, how.reason);
  const { paymentId, left } = refundable;
  const back = sendBack(ctx, { paymentId, money: left, items: lines, reason: CANCELED });
  const { refund, sending } = back;
  const { statements, after } = orderStep(ctx, order, {
    type: "order.canceled",
    reason: how.reason,
    calledOff: {
      ...{ refunded: left, restocked: restockedOf(lines), refund },
      attention: attentionAfterRefund(order, 0),
    },
  });
  const sent = promisedStep(sending);
  return {
    ...joinSteps({ statements, promised: [] }, sent),
    after,
    refundId: refund.id,
  };
}

/** All of the money is back already, or on its way; the goods may not be. */
function endWithoutRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  lines: readonly RefundLine[],
  reason: string,
): PaidEnding {
  const restocked = restockedOf(lines);
  const refunded = { amount: 0, currency: order.currency };
  const origin = { actor: ctx.actor.label, requestId: ctx.requestId, now: ctx.now() };
  const calledOff = { refunded, restocked };
  const { statements, after } = orderStep(ctx, order, {
    type: "order.canceled",
    reason,
    calledOff,
  });
  const shelf = restocked.length === 0 ? [] : [returnToShelf(order.id, restocked, origin)];
  return { statements: [...statements, ...shelf], after, promised: [] };
}

function restockedOf(lines: readonly RefundLine[]): Item[] {
  return lines
    .filter(({ restock }) => restock === "cancel")
    .map(({ sku, quantity }) => ({ sku, quantity }));
}

/** The units of a line that are owed, when they are to go to the shelf, or those that are not refunded. */
function lineOf(units: Units, restock: boolean): RefundLine[] {
  const { sku, bought, refunded, owed } = units;
  const left = bought - refunded;
  const off = Math.min(left, owed);
  const line =
    restock && off > 0
      ? refundLine(units, { sku, quantity: off, restock: "cancel" })
      : refundLine(units, { sku, quantity: left, restock: "none" });
  return line.quantity > 0 ? [line] : [];
}
