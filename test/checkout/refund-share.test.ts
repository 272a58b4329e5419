import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRefund } from "../../src/checkout/decide-refund.ts";
import { refundableOf } from "../../src/checkout/refundable.ts";
import type { OrderRow } from "../../src/orders/index.ts";
import { CHARGE_STEP } from "../../src/platform/money.ts";

interface Line {
  readonly unitAmount: number;
  readonly quantity: number;
}

interface Amounts {
  readonly lines: readonly Line[];
  readonly discount: number;
  readonly shipping: number;
  readonly tax: number;
  readonly currency: string;
}

const skuOf = (i: number) => `SKU-${i}`;
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** A paid order of these lines, with these refunds of its units. */
function paid({ lines, currency, ...amounts }: Amounts, refunds: readonly object[]): OrderRow {
  const subtotal = sum(lines.map(({ unitAmount, quantity }) => unitAmount * quantity));
  const { discount, shipping, tax } = amounts;
  const total = subtotal - discount + shipping + tax;
  const payment = {
    ...{ id: "pay_1", status: "succeeded", amount: total, captured: total, currency },
    ...{ sessionId: null, sessionUrl: null, paymentIntentId: null, createdAt: 1 },
  };
  const stored = lines.map(({ unitAmount, quantity }, i) => ({
    ...{ sku: skuOf(i), productId: "prod_1", title: "A", variantTitle: "B" },
    ...{ quantity, unitAmount },
  }));
  const row: Partial<OrderRow> = {
    ...{ status: "paid", currency, subtotal, discount, shipping, tax, total },
    lines: JSON.stringify(stored),
    payments: JSON.stringify([payment]),
    refunds: JSON.stringify(refunds),
    fulfillments: "[]",
    disputes: "[]",
  };
  return row as OrderRow; // all that deciding a refund reads
}

const made = (items: readonly object[], amount: number, currency: string) => ({
  ...{ id: "ref_1", status: "succeeded", amount, currency, reason: "x", stripeRefundId: null },
  ...{ source: "shop", actor: "test", createdAt: 1, items },
});

/** Refunds one unit after the other in this order, and answers the amounts. */
function refundUnits(amounts: Amounts, order: readonly number[]): number[] {
  const refunds: object[] = [];
  return order.map((line) => {
    const row = paid(amounts, refunds);
    const refundable = refundableOf(row);
    if (refundable === undefined) throw new Error("It is paid.");
    const items = [{ sku: skuOf(line), quantity: 1, restock: false }];
    const { amount } = decideRefund(row, refundable, { items });
    refunds.push(made(items, amount, amounts.currency));
    return amount;
  });
}

const orders = fc
  .record({
    lines: fc.array(
      fc.record({
        unitAmount: fc.integer({ min: 200, max: 9_999_999 }),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    off: fc.integer({ min: 0, max: 80 }),
    shipping: fc.integer({ min: 0, max: 5000 }),
    taxed: fc.integer({ min: 0, max: 25 }),
    currency: fc.constantFrom("USD", "JPY", "KWD", "MGA"),
  })
  .map(({ lines, off, shipping, taxed, currency }) => {
    const step = CHARGE_STEP[currency] ?? 1;
    const round = (amount: number) => Math.floor(amount) * step;
    const inSteps = lines.map((line) => ({ ...line, unitAmount: line.unitAmount * step }));
    const worth = sum(lines.map(({ unitAmount, quantity }) => unitAmount * quantity));
    return {
      lines: inSteps,
      discount: round((worth * off) / 100),
      shipping: round(shipping),
      tax: round((worth * taxed) / 100),
      currency,
    };
  });

const shuffled = orders.chain((amounts) => {
  const units = amounts.lines.flatMap(({ quantity }, i) => Array<number>(quantity).fill(i));
  return fc.tuple(
    fc.constant(amounts),
    fc.shuffledSubarray(units, { minLength: units.length, maxLength: units.length }),
  );
});

describe("What items are refunded with", () => {
  it("is, for all of them together, what was paid for the goods, however they come back", () => {
    fc.assert(
      fc.property(shuffled, ([amounts, order]) => {
        const { lines, discount, tax, currency } = amounts;
        const parts = refundUnits(amounts, order);
        const goods = sum(lines.map((one) => one.unitAmount * one.quantity)) - discount + tax;
        expect(sum(parts)).toBe(goods);
        for (const part of parts) expect(part % (CHARGE_STEP[currency] ?? 1)).toBe(0);
      }),
    );
  });

  it("is the rounded part of the total without the delivery", () => {
    const lines = [
      { unitAmount: 999, quantity: 1 },
      { unitAmount: 101, quantity: 1 },
    ];
    const amounts = { lines, discount: 165, shipping: 500, tax: 93, currency: "USD" };
    expect(refundUnits(amounts, [0, 1])).toEqual([934, 94]);
    expect(refundUnits(amounts, [1, 0])).toEqual([94, 934]);
  });

  it("is exact where the product of the amounts passes 2^53", () => {
    const lines = [
      { unitAmount: 99_999_998, quantity: 1 },
      { unitAmount: 99_999_999, quantity: 1 },
    ];
    const amounts = { lines, discount: 100_000_000, shipping: 0, tax: 0, currency: "USD" };
    expect(sum(refundUnits(amounts, [0, 1]))).toBe(99_999_997);
  });
});
