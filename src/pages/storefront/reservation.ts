import { getVariants, type ShownVariant } from "../../catalog/index.ts";
import type { Item, Reservation } from "../../inventory/index.ts";
import {
  type HoldAccess,
  type Order,
  type OrderSum,
  openHold,
  presentOrder,
  type StoredOrder,
  showOrder,
  sumsOf,
} from "../../orders/index.ts";
import type { Money } from "../../platform/money.ts";
import type { PageContext } from "../context.ts";
import { type Headline, headlineOf } from "../orders/order-words.ts";

export interface HeldLine {
  readonly sku: string;
  readonly quantity: number;
  readonly title: string | undefined;
  readonly variantTitle: string | undefined;
  readonly total: Money | undefined;
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
}

/** A hold with the names of what it holds and the order that has it, for its holder. Throws `NOT_FOUND`. */
export async function loadHold(ctx: PageContext, access: HoldAccess): Promise<HoldView> {
  const { reservation, order } = await openHold(ctx, access);
  const skus = reservation.items.map(({ sku }) => sku);
  const variants = await getVariants(ctx, { skus });
  if (order !== undefined)
    return { reservation, order, ...asOrdered(presentOrder(order), variants) };
  const lines = reservation.items.map((item) =>
    asInCatalog(
      item,
      variants.find(({ sku }) => sku === item.sku),
    ),
  );
  const total = totalOf(lines);
  const sums = total === undefined ? [] : [{ label: "Total", money: total }];
  return { reservation, order, lines, sums };
}

/** What was ordered costs what the order says, with its code and its delivery, whatever the catalog says by now. */
function asOrdered(order: Order, variants: readonly ShownVariant[]) {
  const lines = order.items.map(({ sku, quantity, title, variantTitle, total }) => ({
    ...{ sku, quantity, title, variantTitle, total },
    variant: variants.find((variant) => variant.sku === sku),
  }));
  return { lines, sums: sumsOf(order) };
}

function asInCatalog({ sku, quantity }: Item, variant: ShownVariant | undefined): HeldLine {
  if (variant === undefined)
    return { sku, quantity, variant, title: undefined, variantTitle: undefined, total: undefined };
  const { price, product, title: variantTitle } = variant;
  const total = { ...price, amount: price.amount * quantity };
  return { sku, quantity, variant, title: product.title, variantTitle, total };
}

/** Whether there is a parcel to send; of what is no longer known, there may be. */
export function shipsSomething({ lines }: HoldView): boolean {
  return lines.some(({ variant }) => variant?.requiresShipping ?? true);
}

function totalOf(lines: readonly HeldLine[]): Money | undefined {
  const currency = lines[0]?.total?.currency;
  if (currency === undefined) return undefined;
  if (lines.some(({ total }) => total?.currency !== currency)) return undefined;
  return { amount: lines.reduce((sum, { total }) => sum + (total?.amount ?? 0), 0), currency };
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
