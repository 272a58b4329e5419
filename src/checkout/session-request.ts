import { lineName, type StoredOrder } from "../orders/index.ts";
import type { SessionRequest } from "../payments/index.ts";
import { MINUTE_MS } from "../platform/clock.ts";
import { writeMemo } from "./order-memo.ts";

/**
 * Stripe takes no session shorter than 30 minutes, and compares every parameter of a repeated try. Counted from the
 * order's creation, an hour is the same in each try and still 30 minutes ahead when the hold of 15 is over. The sweep
 * closes the session long before. https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
export const SESSION_LIFE_MS = 60 * MINUTE_MS;

/** What Stripe is asked for an order: made of the stored order alone, so that every try asks the same. */
export function sessionRequest(order: StoredOrder): SessionRequest {
  const { currency, discountCode } = order;
  const { rates, countries, tax, delayed } = order.paymentTerms;
  return {
    orderId: order.id,
    orderNumber: order.number,
    memo: writeMemo(order),
    orderedAt: order.createdAt,
    lines: order.lines.map((line) => ({
      name: lineName(line),
      price: { amount: line.unitAmount, currency },
      quantity: line.quantity,
    })),
    // A small percentage of a small order rounds to nothing, and there is no coupon of nothing at Stripe.
    discount:
      discountCode === null || order.discount === 0
        ? null
        : { code: discountCode, off: { amount: order.discount, currency } },
    rates: rates.map(({ amount, currency: of, ...rate }) => ({
      ...rate,
      price: { amount, currency: of },
    })),
    tax,
    delayed: delayed.map(({ method }) => method),
    countries,
    // One that the session has asked for is not part of the request.
    address: countries.length === 0 ? order.shippingAddress : null,
    email: order.email,
    successUrl: order.successUrl,
    cancelUrl: order.cancelUrl,
    expiresAt: order.createdAt + SESSION_LIFE_MS,
  };
}
