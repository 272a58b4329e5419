import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromStripe, toStripe } from "../../src/payments/stripe/amount.ts";
import { parseConfig } from "../../src/platform/config.ts";
import { makeDiscount } from "../support/discounts.ts";
import { shopOver } from "../support/rig.ts";
import { roundsOf } from "../support/sample.ts";
import { checkoutBody, makeSku, order } from "../support/shop.ts";
import { askStripe, deliverAll, sessionOf, stripe } from "../support/stripe.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

const RUNS = roundsOf(8, 60);
const SMALLEST_CHARGE = 50;

/** What an amount is a multiple of: Stripe takes no thousandths, and no half ariary. */
const STEPS = { USD: 1, EUR: 1, JPY: 1, ISK: 1, KWD: 10, BHD: 10, MGA: 100 } as const;
type Currency = keyof typeof STEPS;

const purchase = fc.record({
  currency: fc.constantFrom(...(Object.keys(STEPS) as Currency[])),
  lines: fc.array(
    fc.record({
      price: fc.integer({ min: 300, max: 40_000 }),
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  discount: fc.oneof(
    fc.constant(null),
    fc.record({ percentOff: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ amountOff: fc.integer({ min: 1, max: 60_000 }) }),
  ),
  rates: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 3000 })), { maxLength: 4 }),
  chosen: fc.nat(3),
  tax: fc.constantFrom("", "exclusive", "inclusive"),
  percent: fc.constantFrom(0, 7, 19, 25),
});
type Purchase = typeof purchase extends fc.Arbitrary<infer P> ? P : never;

/** The sums as a person would work them out, in exact integers. */
function expected({ currency, lines, discount, rates }: Purchase) {
  const step = STEPS[currency];
  const subtotal = lines.reduce((sum, { price, quantity }) => sum + price * step * quantity, 0);
  let off = 0;
  if (discount !== null && "amountOff" in discount) off = discount.amountOff * step;
  if (discount !== null && "percentOff" in discount) {
    const hundredths = BigInt(subtotal / step) * BigInt(discount.percentOff);
    off = Number((hundredths + 50n) / 100n) * step;
  }
  off = Math.min(off, subtotal);
  const offered = rates.map((amount) => amount * step);
  const leasts = offered.length === 0 ? [0] : offered;
  const least = subtotal - off + Math.min(...leasts);
  // Nobody is asked for the way of delivery of an order with nothing to pay: it goes the free one.
  return { subtotal, off, offered, least, first: least === 0 ? 0 : (offered[0] ?? 0) };
}

async function checkOut(wish: Purchase, offered: readonly number[]) {
  const { currency, lines, discount, tax } = wish;
  const step = STEPS[currency];
  const rates = offered.map((amount, i) => ({ name: `Way ${i}`, amount, currency }));
  const variables = { SHIPPING_RATES: JSON.stringify(rates), STRIPE_TAX: tax };
  const shop = shopOver(env.DB, { config: parseConfig({ ...env, ...variables }) });
  const items = [];
  for (const { price, quantity } of lines)
    items.push({ sku: await makeSku(9, { amount: price * step, currency }), quantity });
  const code = discount === null ? undefined : (await makeDiscount(toBody(discount, wish))).code;
  return shop.call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: checkoutBody({ items, discountCode: code }),
  });
}

function toBody(discount: NonNullable<Purchase["discount"]>, { currency }: Purchase) {
  if ("percentOff" in discount) return { kind: "percentage", ...discount };
  const amount = discount.amountOff * STEPS[currency];
  return { kind: "fixed", amountOff: { amount, currency } };
}

interface Session {
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly total_details: {
    readonly amount_discount: number;
    readonly amount_shipping: number;
    readonly amount_tax: number;
  };
}

async function isRight(wish: Purchase): Promise<void> {
  const { currency, rates, chosen, tax, percent } = wish;
  const { subtotal, off, offered, least, first } = expected(wish);
  const money = (amount: number) => ({ amount, currency });
  const ours = (amount: number) => fromStripe(amount, currency).amount;
  fc.pre(least === 0 || toStripe(money(least)).amount >= SMALLEST_CHARGE);
  await stripe.control("/tax", { percent });
  const answer = await checkOut(wish, offered);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  const at = answer.body.data;
  expect(await order(at)).toMatchObject({
    subtotal: money(subtotal),
    discount: money(off),
    shipping: money(first),
    tax: money(0),
    total: money(subtotal - off + first),
    ...(least === 0
      ? { status: "paid", paymentStatus: "paid", attention: null, payments: [] }
      : {}),
  });
  if (least === 0) {
    expect([at.status, at.paymentUrl, at.total]).toEqual(["paid", null, money(0)]);
    return;
  }
  const shippingOption = rates.length === 0 ? undefined : chosen % rates.length;
  const { payment_intent } = await stripe.pay(at.paymentUrl, { shippingOption });
  await deliverAll();
  await settle();
  const paid = await order(at);
  const session = await askStripe<Session>(`/checkout/sessions/${sessionOf(at.paymentUrl)}`);
  const intent = await askStripe<{ amount_received: number }>(`/payment_intents/${payment_intent}`);
  const shipping = offered[shippingOption ?? 0] ?? 0;
  expect(paid).toMatchObject({
    status: "paid",
    attention: null,
    subtotal: money(subtotal),
    discount: money(off),
    shipping: money(shipping),
  });
  const { amount_discount, amount_shipping, amount_tax } = session.total_details;
  expect([session.amount_subtotal, amount_discount, amount_shipping].map(ours)).toEqual([
    subtotal,
    off,
    shipping,
  ]);
  expect(paid.tax.amount).toBe(tax === "exclusive" ? ours(amount_tax) : 0);
  expect(paid.total.amount).toBe(subtotal - off + shipping + paid.tax.amount);
  expect(paid.total.amount).toBe(ours(session.amount_total));
  expect(paid.total.amount).toBe(ours(intent.amount_received));
}

describe("Totals", () => {
  it(`add up at the order, on the payment page and on the card, in every currency: ${RUNS} random purchases`, async () => {
    await fc.assert(fc.asyncProperty(purchase, isRight), { numRuns: RUNS, endOnFailure: true });
  });
});
