import { getVariants, type ShownVariant } from "../../catalog/index.ts";
import { getHeldLines, type HeldGoods, type Reservation } from "../../inventory/index.ts";
import {
  type HoldAccess,
  type OrderSum,
  openHold,
  presentOrder,
  type StoredOrder,
  showOrder,
  sumsOf,
} from "../../orders/index.ts";
import type { PageContext } from "../context.ts";
import { type Headline, headlineOf } from "../orders/order-words.ts";

export interface HeldLine extends HeldGoods {
  /** As the catalog has it now. */
  readonly variant: ShownVariant | undefined;
}

/** Everything that a reservation's page shows. */
export interface HoldView {
  readonly reservation: Reservation;
  readonly lines: readonly HeldLine[];
  /** The total, under what it is made of; nothing where it is not known. */
  readonly sums: readonly OrderSum[];
  readonly order: StoredOrder | undefined;
  /** Whether Cloudflare makes smaller pictures. */
  readonly resizes: boolean;
}

/**
 * A hold with what it holds and the order that has it, for its holder. What was held or ordered is called and costs what
 * it did then, whatever the catalog says by now. Throws `NOT_FOUND`.
 */
export async function loadHold(ctx: PageContext, access: HoldAccess): Promise<HoldView> {
  const { reservation, order } = await openHold(ctx, access);
  const skus = reservation.items.map(({ sku }) => sku);
  const [variants, goods] = await Promise.all([
    getVariants(ctx, { skus }),
    order === undefined ? getHeldLines(ctx, reservation) : presentOrder(order).items,
  ]);
  const lines = goods.map((one) => ({
    ...one,
    variant: variants.find(({ sku }) => sku === one.sku),
  }));
  return {
    reservation,
    order,
    lines,
    resizes: ctx.config.imageResizing,
    sums: order === undefined ? totalOf(lines) : sumsOf(presentOrder(order)),
  };
}

/** Whether there is a parcel to send. */
export function shipsSomething({ lines }: HoldView): boolean {
  return lines.some(({ requiresShipping }) => requiresShipping);
}

/** What the goods cost that are held; nothing where they are of several currencies. */
function totalOf(lines: readonly HeldLine[]): OrderSum[] {
  const [first] = lines;
  if (first === undefined) return [];
  const { currency } = first.total;
  if (lines.some(({ total }) => total.currency !== currency)) return [];
  const amount = lines.reduce((sum, { total }) => sum + total.amount, 0);
  return [{ label: "Total", money: { amount, currency } }];
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
  const headline = headlineOf(showOrder(order));
  const bought = order.status === "paid" && headline.tone === "good";
  return bought ? { stage: "bought" } : { stage: "ended", headline };
}
