import type { Item } from "../../inventory/index.ts";
import { audit } from "../../platform/audit-log/store.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, invalidFields } from "../../platform/errors.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import type { Effect, Performed } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { promise, wakePromises } from "../../platform/outbox/store.ts";
import { changeOrderOnce } from "../change-order.ts";
import type { FulfillmentOfOrder } from "../order.ts";
import { checkItems, isComplete, type Units, unitsOf } from "../order-units.ts";
import { promiseFound } from "../search/index-order.ts";
import { orderStep } from "../steps/order-step.ts";
import type { StoredOrder } from "../store.ts";
import type { Despite, NewFulfillment } from "./new-fulfillment.ts";
import { insertFulfillment, insertFulfillmentLines } from "./store.ts";

/**
 * Writes down that a parcel of a paid order was sent, and promises the customer's mail.
 * Throws `NOT_FOUND`, `INVALID_TRANSITION` when it is not paid, its money is back or before a bank and `despite` does not
 * say so, or nothing is left, `VALIDATION_FAILED` for more than that.
 */
export async function fulfillOrder(
  ctx: Context,
  use: KeyUse | undefined,
  { id, ...input }: NewFulfillment & { readonly id: string },
): Promise<Performed<FulfillmentOfOrder>> {
  return changeOrderOnce(ctx, { id, use }, (order) => {
    const sent = sendParcel(ctx, order, input);
    return { ...sent, result: sent.result.fulfillment };
  });
}

/** A parcel, and what has become of its order with it. */
export interface Sent {
  readonly status: StoredOrder["fulfillmentStatus"];
  readonly fulfillment: FulfillmentOfOrder;
}

/** What is done for one parcel of this order. Throws as above. */
export function sendParcel(
  ctx: Context,
  order: StoredOrder,
  input: NewFulfillment,
): Effect<Sent> & { readonly result: Sent } {
  if (order.status !== "paid") throw notPaid();
  const now = ctx.now();
  const units = unitsOf(order);
  const items = itemsToSend(units, input.items);
  const against = whatIsAgainst(order);
  if (against !== undefined && against !== input.despite) throw isAgainst(against);
  const parcel = {
    id: newId("ful", now),
    carrier: input.carrier ?? null,
    trackingNumber: input.trackingNumber ?? null,
    despite: against ?? null,
  };
  const row = { ...parcel, orderId: order.id, actor: ctx.actor.label, createdAt: now };
  const { id: fulfillmentId, despite, ...tracking } = parcel;
  const told = promise(ctx, {
    topic: "mail.shipped",
    payload: { orderId: order.id, fulfillmentId },
    dedupeKey: `shipped:${fulfillmentId}`,
  });
  const promised = [told, ...(parcel.trackingNumber === null ? [] : [promiseFound(ctx, order)])];
  const fulfillmentStatus = statusAfter(order, isComplete(units, items));
  const sent = { fulfillmentId, ...tracking, items, ...(despite && { despite }) };
  const step = { type: "order.fulfilled", fulfillmentStatus, parcel: sent } as const;
  return {
    statements: [
      ...orderStep(ctx, order, step).statements,
      insertFulfillment(row),
      insertFulfillmentLines(row, items),
      ...promised.map(({ statement }) => statement),
      audit(ctx, "order.fulfilled", order.id, { ...sent, fulfillmentStatus }),
    ],
    result: {
      status: fulfillmentStatus,
      fulfillment: {
        id: fulfillmentId,
        ...tracking,
        orderId: order.id,
        items,
        createdAt: toTimestamp(now),
      },
    },
    explain: explainRefusal,
    after: () =>
      wakePromises(
        ctx,
        promised.map(({ id }) => id),
      ),
  };
}

/** `fulfilled` stays. Units whose refund has failed may be left to send then; `attention` calls a person to them. */
function statusAfter({ fulfillmentStatus }: StoredOrder, complete: boolean) {
  return complete || fulfillmentStatus === "fulfilled" ? "fulfilled" : "partially_fulfilled";
}

/** What was asked for, or all that is owed. */
function itemsToSend(units: readonly Units[], asked: readonly Item[] | undefined): Item[] {
  if (asked !== undefined) {
    checkItems(units, asked, tooMany);
    return [...asked];
  }
  const left = units.map(({ sku, owed: quantity }) => ({ sku, quantity }));
  const items = left.filter(({ quantity }) => quantity > 0);
  if (items.length === 0)
    throw new AppError("INVALID_TRANSITION", "There is nothing left of this order to send.");
  return items;
}

function tooMany({ bought, owed }: Units, { quantity }: Item) {
  if (quantity <= owed) return undefined;
  return ["quantity", `Only ${owed} of ${bought} are left to send.`] as const;
}

/** What stands against sending an order that is paid; the database judges the same. */
function whatIsAgainst({ disputes, payments, refunds }: StoredOrder): Despite | undefined {
  if (disputes.some(({ status }) => status === "open")) return "disputed";
  const captured = payments.find(({ status }) => status === "succeeded")?.captured ?? 0;
  const back = refunds.filter(({ status }) => status !== "failed");
  const isBack = captured > 0 && back.reduce((sum, { amount }) => sum + amount, 0) >= captured;
  return isBack ? "refunded" : undefined;
}

const AGAINST: Readonly<Record<Despite, string>> = {
  refunded: "All of this order's money is back, or on its way back.",
  disputed: "The customer's bank is looking into this payment.",
};

function isAgainst(what: Despite): AppError {
  return new AppError(
    "INVALID_TRANSITION",
    `${AGAINST[what]} To send it all the same, say "despite": "${what}".`,
  );
}

function explainRefusal(error: unknown): AppError | undefined {
  if (refusedBy(error, "order_not_paid")) return notPaid();
  if (refusedBy(error, "order_refunded")) return isAgainst("refunded");
  if (refusedBy(error, "order_disputed")) return isAgainst("disputed");
  if (!refusedBy(error, "units_exceed_items")) return undefined;
  return invalidFields({ items: "More would be sent than is owed." });
}

function notPaid(): AppError {
  return new AppError("INVALID_TRANSITION", "Only an order that is paid can be sent.");
}
