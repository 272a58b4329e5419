import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMemo, writeMemo } from "../../src/checkout/order-memo.ts";
import { memoMetadata, memoOf } from "../../src/payments/stripe/memo.ts";

const line = fc.record({
  sku: fc.string({ unit: "grapheme", minLength: 1, maxLength: 64 }),
  quantity: fc.integer({ min: 1, max: 1000 }),
  unitAmount: fc.integer({ min: 1, max: 10 ** 9 }),
  discounted: fc.boolean(),
});

function orderOf(
  lines: readonly { sku: string; quantity: number; unitAmount: number; discounted: boolean }[],
) {
  return {
    ...{ number: 1001, reservationId: "rsv_1", createdAt: 1, currency: "EUR", accountId: null },
    ...{ discountCode: "WELCOME 10", discount: 5 },
    lines: lines.map((one) => ({
      ...{ ...one, productId: "", title: "", variantTitle: "" },
      requiresShipping: true,
    })),
    paymentTerms: {
      rates: [{ name: "Zustellung bis zur Tür 🚚", amount: 490, currency: "EUR" }],
      ...{ countries: [], tax: null, delayed: [] },
    },
  };
}

describe("What Stripe keeps of an order", () => {
  it("comes back as it went, in parts that Stripe takes, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 50 }), (lines) => {
        const kept = memoMetadata(writeMemo(orderOf(lines)));
        expect(Object.keys(kept).length).toBeLessThanOrEqual(40);
        for (const part of Object.values(kept)) expect(part).toMatch(/^[\x21-\x7e]{1,500}$/);
        if (Object.keys(kept).length === 0) return;
        const memo = readMemo(memoOf({ ...kept, orderId: "ord_x" }));
        expect(memo?.lines).toEqual(
          lines.map((one) => [one.sku, one.quantity, one.unitAmount, one.discounted ? 1 : 0]),
        );
        expect(memo).toMatchObject({ number: 1001, discount: ["WELCOME 10", 5], shipping: 490 });
        expect(memo?.terms).toEqual(orderOf(lines).paymentTerms);
      }),
    );
  });

  it("is left out when it is too long, and an order of 50 lines is not", () => {
    const lines = Array.from({ length: 50 }, (_, i) => ({
      ...{ sku: `${i}`.padStart(64, "X"), quantity: 999, unitAmount: 10 ** 9, discounted: true },
    }));
    expect(readMemo(memoOf(memoMetadata(writeMemo(orderOf(lines)))))?.lines).toHaveLength(50);
    expect(memoMetadata("x".repeat(500 * 40 + 1))).toEqual({});
  });

  it.each([null, "", "{", "{}", '{"number":"1"}'])("is nothing where it says %j", (text) => {
    expect(readMemo(text)).toBeUndefined();
    expect(memoOf({ orderId: "ord_x" })).toBeNull();
  });
});
