import { returnToShelf } from "../../inventory/index.ts";
import {
  orderStep,
  type RefundLine,
  type StoredOrder,
  type Units,
  unitsOf,
} from "../../orders/index.ts";
import type { Statement } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import type { Money } from "../../platform/money.ts";
import type { CheckoutContext } from "../context.ts";
import { type Ending, orderAfter } from "../end-order.ts";
import { attentionAfterRefund } from "../refunds/refund-attention.ts";
import { assertUndisputed, refundableOf } from "../refunds/refundable.ts";
import { sendBack } from "../refunds/send-back.ts";

const CANCELED = "order_canceled";

export interface PaidEnding extends Ending {
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
  const back = sendBack(ctx, order, { paymentId, money: left, lines, reason: CANCELED });
  const refundId = back.refund.id;
  const patch = { status: "canceled" as const, ...attentionAfterRefund(order, 0) };
  return {
    statements: [
      ...orderStep(ctx, order, "order.canceled", patch, {
        ...said(how.reason, lines, left),
        refundId,
      }),
      ...back.statements,
    ],
    after: orderAfter(ctx, order, { ...patch, refunds: back.refunds }),
    promised: [back.promised],
    refundId,
  };
}

/** All of the money is back already, or on its way; the goods may not be. */
function endWithoutRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  lines: readonly RefundLine[],
  reason: string,
): PaidEnding {
  const patch = { status: "canceled" as const };
  const nothing = { amount: 0, currency: order.currency };
  const back = lines.filter(({ restock }) => restock);
  const origin = { actor: ctx.actor.label, requestId: ctx.requestId, now: ctx.now() };
  const shelf: Statement[] = back.length === 0 ? [] : [returnToShelf(order.id, back, origin)];
  return {
    statements: [
      ...orderStep(ctx, order, "order.canceled", patch, said(reason, lines, nothing)),
      ...shelf,
    ],
    after: orderAfter(ctx, order, patch),
    promised: [],
  };
}

function said(reason: string, lines: readonly RefundLine[], refunded: Money): object {
  const restocked = lines
    .filter(({ restock }) => restock)
    .map(({ sku, quantity }) => ({ sku, quantity }));
  return { reason, refunded, restocked };
}

/** The units of a line that are neither refunded nor, when they are to go there, on the shelf. */
function lineOf({ sku, bought, refunded, restocked }: Units, restock: boolean): RefundLine[] {
  const left = bought - refunded;
  const off = Math.min(left, bought - restocked);
  const line = restock && off > 0 ? { quantity: off, restock } : { quantity: left, restock: false };
  return line.quantity > 0 ? [{ sku, ...line }] : [];
}
