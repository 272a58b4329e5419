import {
  formatMoney,
  maximumAmount,
  minimumCharge,
  refuseUnchargeable,
} from "../protocol/money.ts";
import { invalid, noSuch } from "../protocol/problem.ts";
import type { Coupon } from "../world/objects.ts";
import type { LineItemParams, SessionParams } from "./session-params.ts";

export interface LineAmounts {
  subtotal: number;
  discount: number;
}

/** What the shop asks, before shipping and taxes. All in the session's minor unit. */
export interface SessionAmounts {
  currency: string;
  lines: LineAmounts[];
  subtotal: number;
}

/** @throws Problem when the amounts cannot be charged together. */
export function sessionAmounts(params: SessionParams, coupon: Coupon | undefined): SessionAmounts {
  const currency = commonCurrency(params);
  refuseParts(params, currency);
  const subtotals = params.line_items.map((item) => item.price_data.unit_amount * item.quantity);
  const subtotal = sum(subtotals);
  const discount = coupon === undefined ? 0 : discountOf(coupon, subtotal, currency);
  const shares = spread(discount, subtotals);
  const shipping = params.shipping_options[0]?.shipping_rate_data.fixed_amount.amount ?? 0;
  refuseAmount(subtotal - discount + shipping, currency);
  const lines = subtotals.map((line, index) => ({ subtotal: line, discount: shares[index] ?? 0 }));
  return { currency, lines, subtotal };
}

function commonCurrency(params: SessionParams): string {
  const first = params.line_items[0];
  if (first === undefined) {
    throw invalid("Missing required param: line_items.", "line_items", "parameter_missing");
  }
  const expected = params.currency ?? first.price_data.currency;
  params.line_items.forEach((item: LineItemParams, index) => {
    if (item.price_data.currency !== expected) {
      throw invalid(
        `All line items must have the same currency: expected ${expected}, but found ${item.price_data.currency}.`,
        `line_items[${index}][price_data][currency]`,
      );
    }
  });
  params.shipping_options.forEach((option, index) => {
    const { currency } = option.shipping_rate_data.fixed_amount;
    if (currency !== expected) {
      throw invalid(
        `The shipping rate must have the currency of the line items: expected ${expected}, but found ${currency}.`,
        `shipping_options[${index}][shipping_rate_data][fixed_amount][currency]`,
      );
    }
  });
  return expected;
}

function refuseParts(params: SessionParams, currency: string): void {
  params.line_items.forEach(({ price_data }, index) => {
    const param = `line_items[${index}][price_data][unit_amount]`;
    refuseUnchargeable(price_data.unit_amount, currency, param);
  });
  params.shipping_options.forEach(({ shipping_rate_data }, index) => {
    const param = `shipping_options[${index}][shipping_rate_data][fixed_amount][amount]`;
    refuseUnchargeable(shipping_rate_data.fixed_amount.amount, currency, param);
  });
}

/** Stripe charges nothing for a total of zero, and refuses totals between zero and its minimum. */
function refuseAmount(total: number, currency: string): void {
  const minimum = minimumCharge(currency);
  if (total > 0 && total < minimum) {
    throw invalid(
      `The Checkout Session's total amount due must add up to at least ${formatMoney(minimum, currency)} ${currency}`,
      "line_items",
      "amount_too_small",
    );
  }
  const maximum = maximumAmount(currency);
  if (total > maximum) {
    throw invalid(
      `The Checkout Session's total amount due must be no more than ${formatMoney(maximum, currency)} ${currency}`,
      "line_items",
      "amount_too_large",
    );
  }
}

function discountOf(coupon: Coupon, subtotal: number, currency: string): number {
  if (coupon.amount_off === null) {
    return Math.round((subtotal * (coupon.percent_off ?? 0)) / 100);
  }
  if (coupon.currency !== currency) {
    throw invalid(
      `The coupon '${coupon.id}' is in ${coupon.currency}, but the session is in ${currency}.`,
      "discounts[0][coupon]",
    );
  }
  return Math.min(coupon.amount_off, subtotal);
}

/** Shares `discount` among the lines by their weight; the last takes what rounding leaves. */
function spread(discount: number, weights: number[]): number[] {
  const whole = sum(weights);
  let rest = discount;
  return weights.map((weight, index) => {
    const share =
      index === weights.length - 1 || whole === 0
        ? rest
        : Math.min(rest, Math.floor((discount * weight) / whole));
    rest -= share;
    return share;
  });
}

function sum(numbers: number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}

/** @throws Problem when the coupon does not exist or can no longer be used; `now` in seconds. */
export function usableCoupon(
  coupons: Map<string, Coupon>,
  params: SessionParams,
  now: number,
): Coupon | undefined {
  const id = params.discounts[0]?.coupon;
  if (id === undefined) return undefined;
  const coupon = coupons.get(id);
  const param = "discounts[0][coupon]";
  if (coupon === undefined) throw noSuch("coupon", id, param);
  const usedUp = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  const late = coupon.redeem_by !== null && coupon.redeem_by <= now;
  if (usedUp || late) {
    throw invalid(
      `Coupon ${id} is used up or expired and cannot be applied.`,
      param,
      "coupon_expired",
    );
  }
  return coupon;
}
