import { invalidFields } from "../platform/errors.ts";
import type { StoredOrder } from "./store.ts";

/** What has become of the units of one line. */
export interface Units {
  readonly sku: string;
  readonly bought: number;
  /** In minor units of the order's currency. */
  readonly unitAmount: number;
  readonly sent: number;
  /** Those of a refund that failed are not. */
  readonly refunded: number;
  /** Also those that came back for a refund that failed: they are on the shelf. */
  readonly restocked: number;
}

interface Counted {
  readonly sku: string;
  readonly quantity: number;
}

/** The lines of an order with how many of their units were sent, refunded and came back. */
export function unitsOf(order: StoredOrder): Units[] {
  const sent = order.fulfillments.flatMap(({ items }) => items);
  const refunds = order.refunds;
  const refunded = refunds
    .filter(({ status }) => status !== "failed")
    .flatMap(({ items }) => items);
  const back = refunds.flatMap(({ items }) => items).filter(({ restock }) => restock);
  return order.lines.map(({ sku, quantity, unitAmount }) => ({
    sku,
    bought: quantity,
    unitAmount,
    sent: count(sent, sku),
    refunded: count(refunded, sku),
    restocked: count(back, sku),
  }));
}

/** How many units of a line are neither sent nor refunded. */
export function leftToSend({ bought, sent, refunded }: Units): number {
  return Math.max(0, bought - sent - refunded);
}

/** Whether nothing is left to send once these are sent, or refunded, as well. */
export function isComplete(units: readonly Units[], these: readonly Counted[]): boolean {
  return units.every((unit) => leftToSend(unit) <= count(these, unit.sku));
}

function count(items: readonly Counted[], wanted: string): number {
  return items.filter(({ sku }) => sku === wanted).reduce((sum, { quantity }) => sum + quantity, 0);
}

type Problem = readonly [field: "quantity" | "restock", sentence: string];

/** Holds what is asked for against the order's lines. Throws `VALIDATION_FAILED` with each item that is not there, or has a problem. */
export function checkItems<Item extends Counted>(
  units: readonly Units[],
  items: readonly Item[],
  problemOf: (unit: Units, item: Item) => Problem | undefined,
): void {
  const fields = items.flatMap((item, i): [string, string][] => {
    const unit = units.find(({ sku }) => sku === item.sku);
    if (unit === undefined) return [[`items[${i}].sku`, "Is not in this order."]];
    const [field, sentence] = problemOf(unit, item) ?? [];
    return field === undefined || sentence === undefined
      ? []
      : [[`items[${i}].${field}`, sentence]];
  });
  if (fields.length > 0) throw invalidFields(Object.fromEntries(fields));
}
