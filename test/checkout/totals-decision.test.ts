import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedTax, decidePayment } from "../../src/checkout/settling/decide-payment.ts";
import { paymentTermsSchema } from "../../src/orders/payment-terms.ts";
import type { PaymentSession } from "../../src/payments/index.ts";
import { readSession } from "../../src/payments/stripe/session.ts";

type Order = Parameters<typeof decidePayment>[0];
type Asked = PaymentSession["asked"];
type Tax = "exclusive" | "inclusive" | null;

interface Sums {
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  /** On top of prices. */
  readonly added: number;
  /** In the prices. */
  readonly included: number;
}

const NOW = 1_000_000;
const plain: Sums = { subtotal: 5000, discount: 0, shipping: 0, added: 0, included: 0 };

function orderOf(sums: Sums, rates: readonly number[], tax: Tax, more: Partial<Order> = {}): Order {
  const currency = "USD";
  const terms = {
    rates: rates.map((amount, i) => ({ name: `Rate ${i}`, amount, currency })),
    countries: [],
    tax,
    delayed: [],
  };
  return {
    status: "pending_payment",
    paymentStatus: "unpaid",
    subtotal: sums.subtotal,
    discount: sums.discount,
    currency,
    paymentTerms: terms,
    holdEndsAt: NOW + 1,
    stopping: null,
    forgottenAt: null,
    ...more,
  };
}

function pageOf(sums: Sums, asked: Partial<Asked> = {}, received: object = {}) {
  const { subtotal, discount, shipping, added, included } = sums;
  const total = subtotal - discount + shipping + added;
  const tax = added + included;
  return {
    state: "paid" as const,
    total: { amount: total, currency: "USD", ...received },
    asked: { currency: "USD", subtotal, discount, shipping, tax, shippingTax: 0, total, ...asked },
  };
}

const decide = (order: Order, page: ReturnType<typeof pageOf>) => decidePayment(order, page, NOW);

const amount = fc.nat(9_999_999);
/** What an honest page may say of an order, with the rates that it offered and its tax. */
const honest = fc
  .record({
    subtotal: amount.map((n) => n + 1),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    rates: fc.array(amount, { maxLength: 5 }),
    chosen: fc.nat(4),
    tax: fc.constantFrom<Tax>("exclusive", "inclusive", null),
    taxed: amount,
  })
  .map(({ subtotal, share, rates, chosen, tax, taxed }) => ({
    rates,
    tax,
    sums: {
      subtotal,
      discount: Math.floor(subtotal * share),
      shipping: rates.length === 0 ? 0 : (rates[chosen % rates.length] ?? 0),
      added: tax === "exclusive" ? taxed : 0,
      included: tax === "inclusive" ? taxed : 0,
    },
  }));

describe("A paid page", () => {
  it("pays its order whichever way of delivery was chosen, whatever tax was added or found", () => {
    fc.assert(
      fc.property(honest, ({ sums, rates, tax }) => {
        expect(decide(orderOf(sums, rates, tax), pageOf(sums))).toBe("pay");
        const late = orderOf(sums, rates, tax, { status: "expired", paymentStatus: "failed" });
        expect(decide(late, pageOf(sums))).toBe("sell_late");
      }),
    );
  });

  it("is a mismatch when any one of its numbers is another", () => {
    const wrongs: ((by: number, sums: Sums) => [Partial<Asked>, object])[] = [
      (by, s) => [{}, { amount: pageOf(s).total.amount + by }],
      () => [{ tax: -1 }, {}],
      () => [{ currency: "EUR" }, {}],
      () => [{}, { currency: "EUR" }],
      () => [{ currency: "EUR" }, { currency: "EUR" }],
    ];
    const by = fc.integer({ min: -1000, max: 1000 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(honest, by, fc.constantFrom(...wrongs), ({ sums, rates, tax }, n, wrong) => {
        const [asked, received] = wrong(n, sums);
        const page = pageOf(sums, asked, received);
        expect(decide(orderOf(sums, rates, tax), page)).toBe("mismatch");
      }),
    );
  });

  it("is a mismatch when its parts are others, unless tax is in the prices", () => {
    const wrongs: ((by: number, sums: Sums) => Partial<Asked>)[] = [
      (by, s) => ({ subtotal: s.subtotal + by }),
      (by, s) => ({ discount: s.discount + by }),
      (by, s) => ({ subtotal: s.subtotal + by, discount: s.discount + by }),
    ];
    const by = fc.integer({ min: -1000, max: 1000 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(honest, by, fc.constantFrom(...wrongs), ({ sums, rates, tax }, n, wrong) => {
        const page = pageOf(sums, wrong(n, sums));
        const expected = tax === "inclusive" ? "pay" : "mismatch";
        expect(decide(orderOf(sums, rates, tax), page)).toBe(expected);
      }),
    );
  });

  it("with tax in the prices is judged by its total, however Stripe splits it", () => {
    const offered = [500, 900];
    const sums = { ...plain, shipping: 900 };
    const net = { subtotal: plain.subtotal - 100, shipping: 750, tax: 250 };
    const page = pageOf(sums, net);
    expect(decide(orderOf(plain, offered, "inclusive"), page)).toBe("pay");
    const other = pageOf({ ...sums, shipping: 901 }, net);
    expect(decide(orderOf(plain, offered, "inclusive"), other)).toBe("mismatch");
  });

  it("is a mismatch for a way of delivery that was not offered", () => {
    fc.assert(
      fc.property(honest, amount, ({ sums, rates, tax }, shipping) => {
        fc.pre(rates.length === 0 ? shipping > 0 : !rates.includes(shipping));
        expect(decide(orderOf(sums, rates, tax), pageOf({ ...sums, shipping }))).toBe("mismatch");
      }),
    );
  });

  it.each<[string, Tax, Partial<Sums>, Partial<Asked>]>([
    ["tax where none is asked for", null, { added: 1 }, {}],
    ["included tax where none is asked for", null, { included: 1 }, {}],
    ["tax on top where it is in the prices", "inclusive", { added: 1 }, {}],
    ["a negative tax", "exclusive", { added: -1 }, {}],
    ["a negative tax in the prices", "inclusive", { included: -1 }, {}],
    ["a total that its tax does not explain", "exclusive", { added: 10 }, { tax: 9 }],
    ["a total that nothing explains", null, { added: 10 }, { tax: 0 }],
  ])("is a mismatch for %s", (_, tax, sums, asked) => {
    const page = pageOf({ ...plain, ...sums }, asked);
    expect(decide(orderOf(plain, [], tax), page)).toBe("mismatch");
  });

  it("of an order made before orders had terms is asked for the goods alone", () => {
    const old = { ...orderOf(plain, [], null), paymentTerms: paymentTermsSchema.parse({}) };
    expect(decide(old, pageOf(plain))).toBe("pay");
    expect(decide(old, pageOf({ ...plain, shipping: 1 }))).toBe("mismatch");
  });

  it("changes nothing once its order is paid, and gives the money of a canceled one back", () => {
    const paid = orderOf(plain, [], null, { status: "paid", paymentStatus: "paid" });
    expect(decide(paid, pageOf(plain, { subtotal: 1 }))).toBe("nothing");
    const canceled = orderOf(plain, [], null, { status: "canceled" });
    expect(decide(canceled, pageOf(plain))).toBe("give_back");
    expect(decide(canceled, pageOf(plain, { total: 1 }))).toBe("mismatch");
  });

  it("that a bank works on changes nothing of an order that is over", () => {
    const page = { ...pageOf(plain), state: "processing" as const };
    for (const status of ["canceled", "expired"] as const)
      for (const paymentStatus of ["unpaid", "processing"] as const) {
        const over = orderOf(plain, [], null, { status, paymentStatus, holdEndsAt: NOW });
        expect(decidePayment(over, page, NOW)).toBe("nothing");
      }
  });

  it("whose bank says no again changes nothing", () => {
    const page = { ...pageOf(plain), state: "failed" as const };
    const over = { status: "canceled", paymentStatus: "failed" } as const;
    expect(decidePayment(orderOf(plain, [], null, over), page, NOW)).toBe("nothing");
  });

  it("that is open, over or under way is not judged by its sums", () => {
    const order = orderOf(plain, [], null);
    const wrong = pageOf(plain, { total: 1 });
    const states = ["open", "expired", "failed", "processing"] as const;
    const decided = states.map((state) => decidePayment(order, { ...wrong, state }, NOW));
    expect(decided).toEqual(["nothing", "expire", "fail", "wait"]);
  });
});

describe("A session that its customer has completed, unpaid", () => {
  it.each([
    ["processing", "processing"],
    ["requires_payment_method", "failed"],
    ["canceled", "failed"],
  ])("whose payment is %s is %s", (intent, state) => {
    const session = {
      id: "cs_1",
      url: null,
      status: "complete",
      payment_status: "unpaid",
      currency: "usd",
      payment_intent: { id: "pi_1", status: intent },
    };
    const page = readSession(session as unknown as Parameters<typeof readSession>[0]);
    expect(page.state).toBe(state);
  });
});

/** Where Stripe's minor unit is not ours, next to those where it is: what 1 of ours is at Stripe. */
const UNITS = [
  ["usd", 1],
  ["jpy", 1],
  ["kwd", 1],
  ["isk", 100],
  ["ugx", 100],
  ["mga", 0.01],
] as const;

describe.each(UNITS)("A session in %s", (currency, factor) => {
  it("is read in the shop's minor unit, and its sums add up", () => {
    const ours = fc.nat(9999).map((n) => n * 100);
    fc.assert(
      fc.property(
        ours,
        ours,
        ours,
        ours,
        ours,
        (subtotal, discount, shipping, goodsTax, shippingTax) => {
          const theirs = (n: number) => Math.round(n * factor);
          const tax = goodsTax + shippingTax;
          const total = subtotal - discount + shipping + tax;
          const session = {
            id: "cs_1",
            url: null,
            status: "complete",
            payment_status: "paid",
            currency,
            amount_subtotal: theirs(subtotal),
            amount_total: theirs(total),
            total_details: {
              amount_discount: theirs(discount),
              amount_shipping: theirs(shipping),
              amount_tax: theirs(tax),
            },
            shipping_cost: { amount_tax: theirs(shippingTax) },
            payment_intent: { id: "pi_1", amount_received: theirs(total), currency },
          };
          const page = readSession(session as unknown as Parameters<typeof readSession>[0]);
          const code = currency.toUpperCase();
          const sums = { subtotal, discount, shipping, tax, shippingTax, total };
          expect(page.asked).toEqual({ currency: code, ...sums });
          expect(page.total).toEqual({ amount: total, currency: code });
          expect(addedTax(page.asked)).toBe(tax);
        },
      ),
    );
  });
});
