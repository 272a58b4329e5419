import type { Context } from "../../platform/context.ts";
import { notFound } from "../../platform/errors.ts";
import { findSettings, type ShopSettings, settingsOf } from "../../settings/index.ts";
import { findPaid } from "../events/store.ts";
import type { OrderAccess } from "../get-order.ts";
import type { Order } from "../order.ts";
import { orderGate } from "../order-token.ts";
import { presentOrder } from "../present-order.ts";
import { findOrder } from "../store.ts";
import { type Paid, presentPaid } from "./receipt.ts";

export interface Receipt {
  readonly order: Order;
  /** Undefined of an order that was never paid: of that there is no receipt. */
  readonly paid: Paid | undefined;
  readonly settings: ShopSettings;
}

/** An order with what its receipt shows, for those who may read the order. Throws `NOT_FOUND`, `UNAUTHENTICATED`. */
export async function readReceipt(ctx: Context, access: OrderAccess): Promise<Receipt> {
  const mayRead = await orderGate(ctx, access);
  const [[order], [paid], [settings]] = await ctx.db.batch(findReceipt(access.id));
  if (order === undefined || !mayRead(order)) throw notFound("order");
  return {
    order: presentOrder(order),
    paid: paid && presentPaid(ctx, paid),
    settings: settingsOf(settings),
  };
}

/** The statements that find an order, when it was paid, and who sells. */
export function findReceipt(orderId: string) {
  return [findOrder(orderId), findPaid(orderId), findSettings()] as const;
}
