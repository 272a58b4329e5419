import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromStripe, toStripe } from "../../src/payments/stripe/amount.ts";
import {
  CHARGE_STEP,
  formatMoney,
  isChargeable,
  MINOR_UNIT_DIGITS,
  maxAmount,
} from "../../src/platform/money.ts";

describe("The currency table", () => {
  it("has the minor units of ISO 4217", () => {
    const known: Record<number, string> = {
      0: "JPY KRW VND CLP ISK UGX XAF XOF XPF BIF DJF GNF KMF PYG RWF VUV",
      2: "USD EUR GBP CHF CNY INR MXN BRL ZAR SEK NOK DKK PLN CZK HUF TRY AUD CAD NZD SGD HKD MGA",
      3: "BHD JOD KWD OMR TND",
    };
    for (const [digits, codes] of Object.entries(known)) {
      for (const code of codes.split(" ")) {
        expect([code, MINOR_UNIT_DIGITS.get(code)]).toEqual([code, Number(digits)]);
      }
    }
  });

  it("has no code that is not of three capitals, and none twice", () => {
    for (const code of MINOR_UNIT_DIGITS.keys()) expect(code).toMatch(/^[A-Z]{3}$/);
    expect(MINOR_UNIT_DIGITS.size).toBeGreaterThan(135);
    for (const code of ["DEM", "usd", "XXX", "BTC", "", "KPW", "IRR", "CUP"])
      expect(MINOR_UNIT_DIGITS.has(code)).toBe(false);
  });
});

describe("The largest amount that can be paid", () => {
  it("is counted in Stripe's unit, and never ends in what cannot be paid", () => {
    const known: Record<string, number> = {
      USD: 99_999_999,
      JPY: 99_999_999,
      KWD: 99_999_990,
      ISK: 999_999,
      UGX: 999_999,
      MGA: 9_999_999_900,
      INR: 999_999_999,
      COP: 9_999_999_999,
      IDR: 999_999_999_999,
    };
    const found = Object.keys(known).map((currency) => [currency, maxAmount(currency)]);
    expect(Object.fromEntries(found)).toEqual(known);
  });

  it("is, in every currency, what Stripe's digits have room for, and one step more is not", () => {
    const digits: Record<string, number> = { IDR: 12, COP: 10, INR: 9 };
    for (const currency of MINOR_UNIT_DIGITS.keys()) {
      const most = { amount: maxAmount(currency), currency };
      const room = 10 ** (digits[currency] ?? 8);
      const step = CHARGE_STEP[currency] ?? 1;
      expect([currency, isChargeable(most)]).toEqual([currency, true]);
      expect(toStripe(most).amount).toBeLessThan(room);
      expect(toStripe({ ...most, amount: most.amount + step }).amount).toBeGreaterThanOrEqual(room);
      expect(fromStripe(toStripe(most).amount, currency)).toEqual(most);
    }
  });
});

describe("An amount in words", () => {
  it("has the decimals of its currency", () => {
    const cases: [number, string, string][] = [
      [2500, "USD", "$25.00"],
      [2500, "JPY", "¥2,500"],
      [2500, "KWD", "KWD 2.500"],
      [5, "USD", "$0.05"],
      [5, "KWD", "KWD 0.005"],
      [0, "EUR", "€0.00"],
      [-1999, "EUR", "-€19.99"],
      [1, "JPY", "¥1"],
    ];
    for (const [amount, currency, text] of cases) {
      expect(formatMoney({ amount, currency }).replaceAll("\u00a0", " ")).toBe(text);
    }
  });

  it("is exact above 32 bits, up to every sum that an order can have", () => {
    const cases: [number, string, string][] = [
      [2 ** 31 + 1, "USD", "$21,474,836.49"],
      [2 ** 32 + 1, "JPY", "¥4,294,967,297"],
      [99_999_999 * 10_000 * 50, "USD", "$499,999,995,000.00"],
      [9_007_199_254_740_99, "USD", "$9,007,199,254,740.99"],
    ];
    for (const [amount, currency, text] of cases)
      expect(formatMoney({ amount, currency })).toBe(text);
  });

  it("keeps every digit of every amount", () => {
    const currencies = fc.constantFrom("USD", "JPY", "KWD");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 14 }), currencies, (amount, currency) => {
        const digits = formatMoney({ amount, currency }).replaceAll(/\D/g, "");
        expect(digits.replace(/^0+/, "") || "0").toBe(String(amount));
      }),
    );
  });
});
