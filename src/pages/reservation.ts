import { getVariants, type ShownVariant } from "../catalog/index.ts";
import { getReservation, type Reservation } from "../inventory/index.ts";
import { findOrder, type OrderRow, paymentsOf } from "../orders/index.ts";
import type { Money } from "../platform/money.ts";
import type { PageContext } from "./context.ts";

export interface HeldLine {
  readonly sku: string;
  readonly quantity: number;
  readonly variant: ShownVariant | undefined;
}

/** Everything that a reservation's page shows. */
export interface HoldView {
  readonly reservation: Reservation;
  readonly lines: readonly HeldLine[];
  readonly total: Money | undefined;
  readonly order: OrderRow | undefined;
}

/** A hold with the names of what it holds and the order that has it. Throws `NOT_FOUND`. */
export async function loadHold(ctx: PageContext, id: string): Promise<HoldView> {
  const reservation = await getReservation(ctx, { id });
  const skus = reservation.items.map(({ sku }) => sku);
  const [variants, order] = await Promise.all([
    getVariants(ctx, { skus }),
    reservation.orderId === null ? undefined : loadOrder(ctx, reservation.orderId),
  ]);
  const lines = reservation.items.map(({ sku, quantity }) => ({
    sku,
    quantity,
    variant: variants.find((variant) => variant.sku === sku),
  }));
  return { reservation, lines, order, total: totalOf(lines) };
}

async function loadOrder(ctx: PageContext, id: string): Promise<OrderRow | undefined> {
  const [order] = await ctx.db.run(findOrder(id));
  return order;
}

function totalOf(lines: readonly HeldLine[]): Money | undefined {
  const currency = lines[0]?.variant?.price.currency;
  if (currency === undefined) return undefined;
  if (lines.some(({ variant }) => variant?.price.currency !== currency)) return undefined;
  const amount = lines.reduce(
    (sum, { variant, quantity }) => sum + (variant?.price.amount ?? 0) * quantity,
    0,
  );
  return { amount, currency };
}

/** Where a hold stands, as far as its holder can do something about it. */
export type Stage = "choose" | "pay" | "bank" | "bought" | "returned" | "released" | "expired";

const NO_MONEY: readonly string[] = ["unpaid", "failed"];

export function stageOf({ reservation, order }: HoldView): Stage {
  // Money that came late has bought without the hold, or goes back: either way the order's page tells.
  if (reservation.status === "committed" || order?.status === "paid") return "bought";
  if (reservation.status !== "held") {
    const paid = order !== undefined && !NO_MONEY.includes(order.paymentStatus);
    return paid ? "returned" : reservation.status;
  }
  if (order === undefined) return "choose";
  if (order.paymentStatus === "processing") return "bank";
  return order.status === "pending_payment" ? "pay" : "bought";
}

/** The payment page that is waiting for the customer; undefined when Stripe has yet to be asked for one. */
export function openPaymentPage(order: OrderRow): string | undefined {
  return paymentsOf(order).find(({ status }) => status === "pending")?.sessionUrl ?? undefined;
}
