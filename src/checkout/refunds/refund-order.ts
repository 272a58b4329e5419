import {
  changeOrderOnce,
  isComplete,
  orderStep,
  presentRefundLine,
  type RefundLine,
  type RefundOfOrder,
  type StoredOrder,
  unitsOf,
} from "../../orders/index.ts";
import { audit } from "../../platform/audit-log/store.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, invalidFields } from "../../platform/errors.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import type { Effect, Performed } from "../../platform/idempotency/perform.ts";
import type { Money } from "../../platform/money.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import type { CheckoutContext } from "../context.ts";
import { decideRefund, tooMuch } from "./decide-refund.ts";
import { type NewRefund, NO_REASON } from "./new-refund.ts";
import { attentionAfterRefund } from "./refund-attention.ts";
import { assertUndisputed, refundableOf } from "./refundable.ts";
import { presentRefund, sendBack } from "./send-back.ts";

/**
 * Sends money of an order back, and takes back the units that an operator says came back. Only the database is asked;
 * the outbox brings the refund to Stripe. Throws `NOT_FOUND`, `INVALID_TRANSITION` when there is no money or a bank has
 * it before it, `VALIDATION_FAILED`, `BUSINESS_RULE_VIOLATION` with what can still go back.
 */
export async function refundOrder(
  ctx: CheckoutContext,
  use: KeyUse | undefined,
  { id, ...input }: NewRefund & { readonly id: string },
): Promise<Performed<RefundOfOrder>> {
  return changeOrderOnce(ctx, { id, use }, (order) => refundOnce(ctx, order, input));
}

function refundOnce(
  ctx: CheckoutContext,
  order: StoredOrder,
  input: NewRefund,
): Effect<RefundOfOrder> {
  const paid = refundableOf(order);
  if (paid === undefined)
    throw new AppError(
      "INVALID_TRANSITION",
      "This order has not been paid, so there is nothing to refund.",
    );
  assertUndisputed(order);
  const { paymentId, left } = paid;
  const { reason = NO_REASON } = input;
  const { money, items } = decideRefund(order, paid, input);
  const { refund, sending } = sendBack(ctx, { paymentId, money, items, reason });
  const refundable = { ...left, amount: left.amount - money.amount };
  const step = {
    type: "refund.created",
    ...{ refund, items: refund.items.map(presentRefundLine), refundable },
    attention: attentionAfterRefund(order, refundable.amount),
    fulfillmentStatus: fulfillmentAfterRefund(order, items),
  } as const;
  const { fulfillmentStatus } = step;
  const said = {
    ...{ refundId: refund.id, amount: money, reason, items: step.items, refundable },
    ...(fulfillmentStatus && { fulfillmentStatus }),
  };
  ctx.soldOut.clear();
  return {
    statements: [
      ...orderStep(ctx, order, step).statements,
      ...(sending === undefined ? [] : [sending.statement]),
      audit(ctx, "order.refunded", order.id, said),
    ],
    result: presentRefund(order.id, refund),
    explain: (error) => explainRefusal(error, left),
    after: () => wakePromises(ctx, sending === undefined ? [] : [sending.id]),
  };
}

/** An order of which a part was sent has all of it once the rest is refunded. */
function fulfillmentAfterRefund(
  order: StoredOrder,
  lines: readonly RefundLine[],
): "fulfilled" | undefined {
  if (order.fulfillmentStatus !== "partially_fulfilled") return undefined;
  const gone = lines.map(({ sku, unsent: quantity }) => ({ sku, quantity }));
  return isComplete(unitsOf(order), gone) ? "fulfilled" : undefined;
}

function explainRefusal(error: unknown, left: Money): AppError | undefined {
  if (refusedBy(error, "refund_exceeds_captured")) return tooMuch(left);
  if (refusedBy(error, "refund_exceeds_items"))
    return invalidFields({ items: "More would be refunded than was bought." });
  if (refusedBy(error, "restock_exceeds_items") || refusedBy(error, "units_exceed_items"))
    return invalidFields({ items: "More would come back than was sold." });
  return undefined;
}
