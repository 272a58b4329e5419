import { invalidFields } from "../platform/errors.ts";
import type { RefundLine } from "./refunds/refund-line.ts";
import type { StoredOrder } from "./store.ts";
import type { StoredRefund } from "./stored-order.ts";

/** What has become of the units of one line. */
export interface Units {
  readonly sku: string;
  readonly bought: number;
  /** In minor units of the order's currency. */
  readonly unitAmount: number;
  readonly sent: number;
  /** Those of a refund that failed are not. */
  readonly refunded: number;
  /** Neither sent nor refunded before they were: what the customer is still to get. */
  readonly owed: number;
  /** Sent and back on the shelf, also for a refund that failed. */
  readonly returned: number;
}

interface Counted {
  readonly sku: string;
  readonly quantity: number;
}

/** The lines of an order with how many of their units were sent, refunded and came back. */
export function unitsOf(order: StoredOrder): Units[] {
  const sent = order.fulfillments.flatMap(({ items }) => items);
  const refunded = linesOf(order.refunds.filter(({ status }) => status !== "failed"));
  // What is on the shelf is owed to nobody, whatever has become of the money.
  const unsent = linesOf(order.refunds, ({ status }, { restock }) =>
    status === "failed" ? restock === "cancel" : true,
  ).map((line) => ({ ...line, quantity: line.unsent }));
  const returned = linesOf(order.refunds, (_, { restock }) => restock === "return");
  return order.lines.map(({ sku, quantity: bought, unitAmount }) => ({
    ...{ sku, bought, unitAmount, sent: count(sent, sku), refunded: count(refunded, sku) },
    owed: bought - count(sent, sku) - count(unsent, sku),
    returned: count(returned, sku),
  }));
}

function linesOf(
  refunds: readonly StoredRefund[],
  counts: (refund: StoredRefund, line: RefundLine) => boolean = () => true,
): RefundLine[] {
  return refunds.flatMap((refund) => refund.items.filter((line) => counts(refund, line)));
}

/** How many were taken out of the order before they were sent. */
export function takenOut({ bought, sent, owed }: Units): number {
  return bought - sent - owed;
}

/** Whether nothing is left to send once these units are not owed any more. */
export function isComplete(units: readonly Units[], these: readonly Counted[]): boolean {
  return units.every(({ owed, sku }) => owed <= count(these, sku));
}

/** A refund of these units, which the customer still has or is owed. */
export function refundLine(
  { owed }: Pick<Units, "owed">,
  { sku, quantity, restock }: Omit<RefundLine, "unsent">,
): RefundLine {
  const unsent = { cancel: quantity, return: 0, none: Math.min(quantity, owed) };
  return { sku, quantity, restock, unsent: unsent[restock] };
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
