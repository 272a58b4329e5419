import { getVariants, type ShownVariant } from "../../catalog/index.ts";
import type { Reservation } from "../../inventory/index.ts";
import { type HoldAccess, openHold, presentOrder, type StoredOrder } from "../../orders/index.ts";
import type { Money } from "../../platform/money.ts";
import type { PageContext } from "../context.ts";
import { type Headline, headlineOf } from "../orders/order-words.ts";

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
  readonly order: StoredOrder | undefined;
}

/** A hold with the names of what it holds and the order that has it, for its holder. Throws `NOT_FOUND`. */
export async function loadHold(ctx: PageContext, access: HoldAccess): Promise<HoldView> {
  const { reservation, order } = await openHold(ctx, access);
  const skus = reservation.items.map(({ sku }) => sku);
  const variants = await getVariants(ctx, { skus });
  const lines = reservation.items.map(({ sku, quantity }) => ({
    sku,
    quantity,
    variant: variants.find((variant) => variant.sku === sku),
  }));
  return { reservation, lines, order, total: totalOf(lines) };
}

/** Whether there is a parcel to send; of what is no longer known, there may be. */
export function shipsSomething({ lines }: HoldView): boolean {
  return lines.some(({ variant }) => variant?.requiresShipping ?? true);
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

/** `closing`: the time is over, and Stripe is being asked what became of the payment. */
export type Stage = "choose" | "pay" | "closing" | "bank" | "bought" | "released" | "expired";

/** Where a hold stands, as far as its holder can do something about it; what ended is its order's to tell. */
export type Standing =
  | { readonly stage: Stage }
  | { readonly stage: "ended"; readonly headline: Headline };

/** The order says it before the hold: that stays `committed` when its order is canceled, and `released` says not by whom. */
export function standingOf({ reservation, order }: HoldView, now: number): Standing {
  const over = Date.parse(reservation.expiresAt) <= now;
  if (order !== undefined) return standingOfOrder(order, over);
  if (reservation.status === "held") return { stage: "choose" };
  return { stage: reservation.status === "committed" ? "bought" : reservation.status };
}

function standingOfOrder(order: StoredOrder, over: boolean): Standing {
  if (order.status === "pending_payment") {
    if (order.paymentStatus === "processing") return { stage: "bank" };
    return { stage: over ? "closing" : "pay" };
  }
  const headline = headlineOf(presentOrder(order));
  const bought = order.status === "paid" && headline.tone === "good";
  return bought ? { stage: "bought" } : { stage: "ended", headline };
}
