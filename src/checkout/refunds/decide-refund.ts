import {
  checkItems,
  type RefundLine,
  refundLine,
  type StoredOrder,
  type Units,
  unitsOf,
} from "../../orders/index.ts";
import { AppError, invalidField } from "../../platform/errors.ts";
import { chargeStep, type Money, stepProblem } from "../../platform/money.ts";
import type { NewRefund } from "./new-refund.ts";
import type { Refundable } from "./refundable.ts";

export interface DecidedRefund {
  readonly money: Money;
  readonly items: RefundLine[];
}

/**
 * How much goes back, and which units it is for: the amount that was asked for, the items' share of what was paid for
 * the goods, or all that is left, every unit. Pure. Throws `VALIDATION_FAILED` for items that are not there,
 * `BUSINESS_RULE_VIOLATION` for more than is left.
 */
export function decideRefund(
  order: StoredOrder,
  { left }: Refundable,
  { amount: asked, items: named }: NewRefund,
): DecidedRefund {
  const units = unitsOf(order);
  checkItems(units, named ?? [], tooMany);
  if (asked !== undefined)
    return { money: decideAmount(asked, left), items: linesOf(units, named ?? []) };
  const items = linesOf(units, named ?? allLeft(units));
  const isFree = order.total === 0;
  if (isFree && items.length > 0) return { money: left, items };
  if (left.amount === 0) throw tooMuch(left);
  return { money: named === undefined ? left : shareLeft(order, { left, units, items }), items };
}

function linesOf(units: readonly Units[], items: NonNullable<NewRefund["items"]>): RefundLine[] {
  return items.flatMap((item) =>
    units.filter(({ sku }) => sku === item.sku).map((unit) => refundLine(unit, item)),
  );
}

/** Nobody has said that anything of it came back. */
function allLeft(units: readonly Units[]) {
  return units
    .map(({ sku, bought, refunded }) => ({
      ...{ sku, quantity: bought - refunded, restock: "none" as const },
    }))
    .filter(({ quantity }) => quantity > 0);
}

interface OfItems {
  readonly left: Money;
  readonly units: readonly Units[];
  readonly items: readonly RefundLine[];
}

/** What was paid for these items, as far as it is not back yet. */
function shareLeft(order: StoredOrder, { left, units, items }: OfItems): Money {
  const share = shareOf(order, units, items);
  if (share === 0)
    throw new AppError(
      "BUSINESS_RULE_VIOLATION",
      "Nothing was paid for these items. Say how much is to go back.",
      { details: { refundable: left } },
    );
  return { ...left, amount: Math.min(share, left.amount) };
}

function decideAmount(money: Money, left: Money): Money {
  if (money.currency !== left.currency)
    throw invalidField("amount.currency", `The order was paid in ${left.currency}.`);
  if (money.amount > left.amount) throw tooMuch(left);
  const problem = stepProblem(money);
  if (problem === undefined) return money;
  throw invalidField("amount.amount", problem);
}

function tooMany(
  { bought, sent, owed, refunded, returned }: Units,
  { quantity, restock }: Pick<RefundLine, "quantity" | "restock">,
) {
  if (quantity > bought - refunded)
    return ["quantity", `Only ${bought - refunded} of ${bought} are left to refund.`] as const;
  if (restock === "cancel" && quantity > owed)
    return ["restock", `Only ${owed} of ${bought} are still to be sent.`] as const;
  if (restock === "return" && quantity > sent - returned)
    return ["restock", `Only ${sent - returned} of ${bought} were sent and are not back.`] as const;
  return undefined;
}

/**
 * What was paid for these units, discount and taxes counted: their part of what was paid for the goods, where a unit that
 * the code is not for has its whole price. Counted from the order's first unit on, so that however they are refunded, all
 * units together give exactly that.
 */
function shareOf(
  order: StoredOrder,
  units: readonly Units[],
  items: readonly RefundLine[],
): number {
  const priceOf = pricesAfterCode(order);
  const worth = (quantity: (unit: Units) => number) =>
    units.reduce((sum, unit) => sum + priceOf(unit) * BigInt(quantity(unit)), 0n);
  const before = worth(({ refunded }) => refunded);
  const now = worth(({ sku }) => items.find((item) => item.sku === sku)?.quantity ?? 0);
  const of = worth(({ bought }) => bought);
  const goods = paidForGoods(order);
  const paidFor = (value: bigint) => partOf(goods, { value, of }, order.currency);
  return paidFor(before + now) - paidFor(before);
}

/** What a unit costs after the code, in parts of which all units have the same: its price, less the code's part of that. */
function pricesAfterCode({ lines, discount }: StoredOrder): (unit: Units) => bigint {
  const isFor = new Map(lines.map(({ sku, discounted }) => [sku, discounted]));
  const goods = lines
    .filter(({ discounted }) => discounted)
    .reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0);
  if (lines.every(({ discounted }) => discounted)) return ({ unitAmount }) => BigInt(unitAmount);
  return ({ sku, unitAmount }) =>
    BigInt(unitAmount) * BigInt(isFor.get(sku) ? goods - discount : goods);
}

/** The total without the delivery and the tax on top of it. Tax that is in the prices is in the delivery's as well. */
function paidForGoods(order: StoredOrder): number {
  const { shipping, tax, total, currency } = order;
  if (shipping === 0) return total;
  const onShipping = roundToStep(order.shippingTax ?? shippingTaxOf(order), currency);
  return total - shipping - Math.min(onShipping, tax);
}

/** Of an order that does not say: the delivery's part of all that is taxed, as if one rate were for everything. */
function shippingTaxOf({ subtotal, discount, shipping, tax, currency }: StoredOrder): number {
  const taxed = { value: BigInt(shipping), of: BigInt(subtotal - discount + shipping) };
  return partOf(tax, taxed, currency);
}

function roundToStep(amount: number, currency: string): number {
  const step = chargeStep(currency);
  return Math.round(amount / step) * step;
}

interface Part {
  readonly value: bigint;
  readonly of: bigint;
}

/** `amount × value / of`, rounded to what can be paid; in big integers, because the product can pass 2^53. */
function partOf(amount: number, { value, of }: Part, currency: string): number {
  if (value === of) return amount;
  const step = chargeStep(currency);
  const whole = of * BigInt(step);
  const doubled = 2n * BigInt(amount) * value + whole;
  return Number(doubled / (2n * whole)) * step;
}

/** `left` is what can still go back. */
export function tooMuch(left: Money): AppError {
  const message =
    left.amount === 0
      ? "All of this order's money is back, or on its way back."
      : "That is more than is left of what was paid.";
  return new AppError("BUSINESS_RULE_VIOLATION", message, { details: { refundable: left } });
}
