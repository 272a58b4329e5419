import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRefund } from "../../src/checkout/refunds/decide-refund.ts";
import { refundableOf } from "../../src/checkout/refunds/refundable.ts";
import type { StoredOrder, StoredPayment, StoredRefund } from "../../src/orders/index.ts";
import { AppError } from "../../src/platform/errors.ts";
import { CHARGE_STEP } from "../../src/platform/money.ts";

interface Line {
  readonly unitAmount: number;
  readonly quantity: number;
}

interface Amounts {
  readonly lines: readonly Line[];
  readonly discount: number;
  readonly shipping: number;
  /** On top of the prices. */
  readonly tax: number;
  /** What of it is on the delivery; null where Stripe has not said. */
  readonly shippingTax: number | null;
  readonly currency: string;
}

const skuOf = (i: number) => `SKU-${i}`;
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

const subtotalOf = ({ lines }: Pick<Amounts, "lines">) =>
  sum(lines.map(({ unitAmount, quantity }) => unitAmount * quantity));

/** A paid order of these lines, with these refunds of its units. */
function paid(
  { lines, currency, ...amounts }: Amounts,
  refunds: readonly StoredRefund[],
): StoredOrder {
  const subtotal = subtotalOf({ lines });
  const { discount, shipping, tax, shippingTax } = amounts;
  const total = subtotal - discount + shipping + tax;
  const payment: StoredPayment = {
    ...{ id: "pay_1", status: "succeeded", amount: total, captured: total, currency },
    ...{ sessionId: null, sessionUrl: null, providerPaymentId: null, createdAt: 1 },
  };
  const stored = lines.map(({ unitAmount, quantity }, i) => ({
    ...{ sku: skuOf(i), productId: "prod_1", title: "A", variantTitle: "B" },
    ...{ quantity, unitAmount, requiresShipping: true, discounted: true },
  }));
  const row: Partial<StoredOrder> = {
    ...{ status: "paid", currency, subtotal, discount, shipping, tax, shippingTax, total },
    lines: stored,
    payments: [payment],
    refunds: [...refunds],
    fulfillments: [],
    disputes: [],
  };
  return row as StoredOrder; // all that deciding a refund reads
}

const made = (items: StoredRefund["items"], amount: number, currency: string): StoredRefund => ({
  ...{ id: "ref_1", status: "succeeded", amount, currency, reason: "x", providerRefundId: null },
  ...{ source: "shop", actor: "test", createdAt: 1, items },
});

/** Refunds one unit after the other in this order, and answers the amounts. */
function refundUnits(amounts: Amounts, order: readonly number[]): number[] {
  const refunds: StoredRefund[] = [];
  return order.map((line) => {
    const row = paid(amounts, refunds);
    const refundable = refundableOf(row);
    if (refundable === undefined) throw new Error("It is paid.");
    const items = [{ sku: skuOf(line), quantity: 1, restock: "none" as const }];
    const { money, items: lines } = decideRefund(row, refundable, { items });
    refunds.push(made(lines, money.amount, amounts.currency));
    return money.amount;
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
    shippingTaxed: fc.integer({ min: 0, max: 25 }),
    currency: fc.constantFrom("USD", "JPY", "KWD", "MGA"),
  })
  .map(({ lines, off, shipping, taxed, shippingTaxed, currency }) => {
    const step = CHARGE_STEP[currency] ?? 1;
    const round = (amount: number) => Math.floor(amount) * step;
    const inSteps = lines.map((line) => ({ ...line, unitAmount: line.unitAmount * step }));
    const worth = subtotalOf({ lines });
    const shippingTax = round((shipping * shippingTaxed) / 100);
    return {
      lines: inSteps,
      discount: round((worth * off) / 100),
      shipping: round(shipping),
      tax: round((worth * taxed) / 100) + shippingTax,
      shippingTax,
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
        const { discount, tax, shippingTax, currency } = amounts;
        const parts = refundUnits(amounts, order);
        const goods = subtotalOf(amounts) - discount + tax - shippingTax;
        expect(sum(parts)).toBe(goods);
        for (const part of parts) expect(part % (CHARGE_STEP[currency] ?? 1)).toBe(0);
      }),
    );
  });

  it("leaves out what the delivery has of the tax, its share of it where Stripe has not said", () => {
    fc.assert(
      fc.property(shuffled, ([amounts, order]) => {
        const { discount, shipping, tax, currency } = amounts;
        const parts = refundUnits({ ...amounts, shippingTax: null }, order);
        const goods = subtotalOf(amounts) - discount;
        const taxOfGoods = sum(parts) - goods;
        const step = CHARGE_STEP[currency] ?? 1;
        expect(taxOfGoods % step).toBe(0);
        const exact = (tax * goods) / (goods + shipping);
        expect(Math.abs(taxOfGoods - exact)).toBeLessThan(step / 2 + 0.001);
      }),
    );
  });

  it.each([
    ["as Stripe has said", 200],
    ["by its share", null],
  ])("is without the tax on the delivery, %s", (_, shippingTax) => {
    const lines = [{ unitAmount: 5000, quantity: 2 }];
    const amounts = { lines, discount: 0, shipping: 1000, tax: 2200, shippingTax, currency: "USD" };
    expect(refundUnits(amounts, [0, 0])).toEqual([6000, 6000]);
    const off = { ...amounts, discount: 2000, tax: 1800 };
    expect(refundUnits(off, [0, 0])).toEqual([4800, 4800]);
  });

  it("counts another rate for the delivery than for the goods", () => {
    const lines = [{ unitAmount: 10_000, quantity: 1 }];
    const amounts = { lines, discount: 0, shipping: 1000, currency: "USD" };
    expect(refundUnits({ ...amounts, tax: 2000, shippingTax: 0 }, [0])).toEqual([12_000]);
    expect(refundUnits({ ...amounts, tax: 890, shippingTax: 190 }, [0])).toEqual([10_700]);
  });

  it("is all of the total where delivery costs nothing, and tax in the prices is in it", () => {
    const lines = [{ unitAmount: 10_000, quantity: 1 }];
    const amounts = { lines, discount: 0, shipping: 0, shippingTax: null, currency: "USD" };
    expect(refundUnits({ ...amounts, tax: 2000 }, [0])).toEqual([12_000]);
    expect(refundUnits({ ...amounts, shipping: 1000, tax: 0 }, [0])).toEqual([10_000]);
  });

  it.each([200, null])(
    "is refused where only the delivery was paid and taxed (%s)",
    (shippingTax) => {
      const lines = [{ unitAmount: 10_000, quantity: 1 }];
      const free = { lines, discount: 10_000, shipping: 1000, tax: 200, shippingTax };
      expect(() => refundUnits({ ...free, currency: "USD" }, [0])).toThrow(AppError);
    },
  );

  it("can be paid where the tax on the delivery cannot", () => {
    const lines = [{ unitAmount: 10_000, quantity: 1 }];
    const dinars = { lines, discount: 0, shipping: 1000, tax: 1030, currency: "KWD" };
    expect(refundUnits({ ...dinars, shippingTax: 94 }, [0])).toEqual([10_940]);
  });

  it("is the rounded part of the total without the delivery", () => {
    const lines = [
      { unitAmount: 999, quantity: 1 },
      { unitAmount: 101, quantity: 1 },
    ];
    const amounts = {
      lines,
      discount: 165,
      shipping: 500,
      tax: 93,
      shippingTax: 0,
      currency: "USD",
    };
    expect(refundUnits(amounts, [0, 1])).toEqual([934, 94]);
    expect(refundUnits(amounts, [1, 0])).toEqual([94, 934]);
  });

  it("is exact where the product of the amounts passes 2^53", () => {
    const lines = [
      { unitAmount: 99_999_998, quantity: 1 },
      { unitAmount: 99_999_999, quantity: 1 },
    ];
    const taxes = { tax: 0, shippingTax: 0 };
    const amounts = { lines, discount: 100_000_000, shipping: 0, ...taxes, currency: "USD" };
    expect(sum(refundUnits(amounts, [0, 1]))).toBe(99_999_997);
  });
});
