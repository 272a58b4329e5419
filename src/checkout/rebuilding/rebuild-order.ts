import { insertRestoredUse } from "../../discounts/index.ts";
import { holdStock, sumLines } from "../../inventory/index.ts";
import {
  collectedAddress,
  findOrder,
  type OrderAsItWas,
  restoredOrder,
  type StoredOrder,
} from "../../orders/index.ts";
import type { PaymentOrigin, PaymentSession } from "../../payments/index.ts";
import type { Constraint } from "../../platform/constraints.ts";
import { byRefusal, refusalOf, refusedBy, type Statement } from "../../platform/db.ts";
import type { CheckoutContext } from "../context.ts";
import { type OrderMemo, readMemo } from "../order-memo.ts";
import { writeStep } from "../step.ts";
import { callToLostOrder, callToRestoredOrders } from "./call-to-restore.ts";

type Lost = PaymentOrigin & { readonly orderId: string };

/** Whether somebody has done what the order asks for, so that it must not be forgotten. */
export function isPaying({ state }: PaymentSession): boolean {
  return state === "paid" || state === "processing";
}

/** Why the database does not take an order again, in words for the person who is called. */
const REFUSALS: Readonly<Partial<Record<Constraint, string>>> = {
  stock_not_oversold: "there is not enough left of what it is for",
  sku_not_for_sale: "what it is for is not on sale here any more, or not yet",
  max_per_order: "one order may not have as many any more",
  max_per_customer: "its customer has as many as they may have",
  customer_unknown: "there is a limit for each customer, and nobody says who this one is",
  "FOREIGN KEY": "what it is for is not in the catalog",
};
/** Why it does not get the hold that it was made of: that was not there yet, is over, or is another order's by now. */
const HOLD_REFUSALS: Readonly<Partial<Record<Constraint, true>>> = {
  reservation_not_found: true,
  reservation_claimed: true,
  reservation_expired: true,
  reservation_ended: true,
};
const CODE_REFUSALS: Readonly<Partial<Record<Constraint, true>>> = {
  discounts_used_up: true,
  discount_unknown: true,
  discount_not_started: true,
  discount_ended: true,
  discount_used_by_customer: true,
  discount_needs_customer: true,
  discount_below_minimum: true,
  discount_other_goods: true,
  discount_currency: true,
};

/**
 * Writes an order again that was paid and that the database does not have, as it is after it was put back to an earlier
 * moment: under its id and number, at its prices, over its own hold or a new one, so that its payment is then booked as
 * any other. A person is told of it. Undefined where it cannot be written, because its goods are gone or nobody knows
 * them: then a person is called to this very payment.
 */
export async function rebuildOrder(
  ctx: CheckoutContext,
  origin: Lost,
): Promise<StoredOrder | undefined> {
  const memo = readMemo(origin.memo);
  const why = memo === undefined ? "nothing says what it was for" : await write(ctx, origin, memo);
  const [order] = await ctx.db.run(findOrder(origin.orderId));
  // Whoever has written it at the same time has its goods.
  if (why !== undefined && order === undefined) {
    await writeStep(ctx, callToLostOrder(ctx, origin, { number: memo?.number, why }));
    return undefined;
  }
  ctx.log.note("warn", "order_restored", { orderId: origin.orderId, number: order?.number });
  return order;
}

/** Answers why it cannot be written; undefined once it is there, whoever wrote it. */
async function write(
  ctx: CheckoutContext,
  origin: Lost,
  memo: OrderMemo,
): Promise<string | undefined> {
  const code = memo.discount?.[0];
  const use = code === undefined ? [] : [insertRestoredUse(origin.orderId, code)];
  try {
    await writeOnce(ctx, { origin, memo }, use).catch((error: unknown) => {
      // What was agreed stands, whatever has become of the code since.
      if (!byRefusal(error, CODE_REFUSALS)) throw error;
      return writeOnce(ctx, { origin, memo });
    });
  } catch (error) {
    if (refusedBy(error, "orders.id")) return undefined;
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return byRefusal(error, REFUSALS) ?? `the database refuses it, by "${refusal}"`;
  }
  return undefined;
}

interface Remembered {
  readonly origin: Lost;
  readonly memo: OrderMemo;
}

/** Its own hold, where the database still has that, holds its goods already. */
async function writeOnce(
  ctx: CheckoutContext,
  known: Remembered,
  use: readonly Statement[] = [],
): Promise<void> {
  const { hold, lines } = known.memo;
  try {
    await writeOver(ctx, { id: hold, statements: [] }, known, use);
  } catch (error) {
    if (!byRefusal(error, HOLD_REFUSALS)) throw error;
    const items = lines.map(([sku, quantity]) => ({ sku, quantity }));
    await writeOver(ctx, await holdStock(ctx, sumLines(items)), known, use);
  }
}

async function writeOver(
  ctx: CheckoutContext,
  hold: { readonly id: string; readonly statements: readonly Statement[] },
  { origin, memo }: Remembered,
  use: readonly Statement[],
): Promise<void> {
  const { lines, terms, shipping, discount: [discountCode, discount] = [null, 0] } = memo;
  const { session, orderId, deliverTo } = origin;
  const order: OrderAsItWas = {
    ...{ id: orderId, number: memo.number, currency: memo.currency, lines },
    ...{ discount, discountCode, shipping, paymentTerms: terms },
    ...{ email: session.email, accountId: memo.accountId ?? null, createdAt: memo.createdAt },
    ...{
      reservationId: hold.id,
      shippingAddress: deliverTo === null ? null : collectedAddress(deliverTo),
    },
  };
  const told = callToRestoredOrders(ctx);
  const statements = [
    ...hold.statements,
    ...restoredOrder(ctx, order, session, use),
    ...told.statements,
  ];
  await writeStep(ctx, { statements, promised: told.promised });
}
