import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../src/platform/config.ts";

const termsOf = (variables: object) =>
  parseConfig({ ...env, DELAYED_PAYMENTS: undefined, ...variables }).terms;
const standard = { name: "Standard", amount: 490, currency: "EUR" };

function problemOf(variables: object): string {
  try {
    parseConfig({ ...env, ...variables });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("It was taken.");
}

describe("What a payment page offers", () => {
  it("is nothing unless it is configured", () => {
    const none = { rates: [], countries: [], tax: null, delayed: [] };
    expect(termsOf({})).toEqual(none);
    const empty = {
      ...{ SHIPPING_RATES: "", SHIPPING_COUNTRIES: "", STRIPE_TAX: "" },
      DELAYED_PAYMENTS: "",
    };
    expect(termsOf(empty)).toEqual(none);
  });

  it("is read once, in the order in which it is written", () => {
    const rates = [standard, { ...standard, name: "Express", minDays: 1, maxDays: 2 }];
    const variables = {
      SHIPPING_RATES: JSON.stringify(rates),
      SHIPPING_COUNTRIES: " de, AT ,de",
      STRIPE_TAX: "inclusive",
      DELAYED_PAYMENTS: "sepa_debit:14, boleto:3",
    };
    expect(termsOf(variables)).toEqual({
      rates,
      countries: ["DE", "AT"],
      tax: "inclusive",
      delayed: [
        { method: "sepa_debit", days: 14 },
        { method: "boleto", days: 3 },
      ],
    });
  });

  it.each([
    ["no JSON", "[{", "it is no JSON list"],
    ["no list", JSON.stringify(standard), "it is no JSON list"],
    ["no name", JSON.stringify([{ ...standard, name: " " }]), "rate 1, name"],
    ["a fraction", JSON.stringify([standard, { ...standard, amount: 4.9 }]), "rate 2, amount"],
    ["no such currency", JSON.stringify([{ ...standard, currency: "EURO" }]), "rate 1, currency"],
    [
      "a thousandth",
      '[{"name":"A","amount":5,"currency":"KWD"}]',
      "rate 1, amount: Must be a multiple of 10 in KWD.",
    ],
    [
      "more than Stripe takes",
      '[{"name":"A","amount":1000000,"currency":"ISK"}]',
      "rate 1, amount: Must be at most 999999 in ISK.",
    ],
    [
      "days backwards",
      JSON.stringify([{ ...standard, minDays: 3, maxDays: 2 }]),
      "rate 1, maxDays",
    ],
    ["something unknown", JSON.stringify([{ ...standard, price: 1 }]), "rate 1: "],
    ["six rates of a currency", JSON.stringify(Array(6).fill(standard)), "more than 5 rates"],
  ])("fails loudly for rates with %s", (_, SHIPPING_RATES, said) => {
    const problem = problemOf({ SHIPPING_RATES });
    expect(problem).toContain("SHIPPING_RATES (the ways of delivery and their prices)");
    expect(problem).toContain(said);
    expect(problem).not.toContain("undefined");
  });

  it("fails loudly for countries and taxes that are none", () => {
    expect(problemOf({ SHIPPING_COUNTRIES: "DE,Austria" })).toContain("SHIPPING_COUNTRIES");
    expect(problemOf({ STRIPE_TAX: "yes" })).toContain("must be exclusive or inclusive");
  });
});
