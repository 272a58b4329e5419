import { describe, expect, it } from "vitest";
import { byHand, insert, mustBe, SHOP, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const DAY = 10;
const order = (n: number, said: object = {}) => [
  insert("reservations", { id: `rsv_${n}`, expires_at: 99 }),
  insert("orders", { id: `ord_${n}`, number: n, reservation_id: `rsv_${n}`, ...said }),
];
const use = (n: number, said: object = {}) =>
  insert("discount_uses", { order_id: `ord_${n}`, created_at: DAY, ...said });
const uses = (count: number) =>
  mustBe(`(SELECT uses FROM discounts WHERE id = 'dsc_1') = ${count}`);
const ACCOUNTS = [insert("accounts"), insert("accounts", { id: "acc_2" })];
const ORDERS = [...SHOP, ...ACCOUNTS, ...order(1), ...order(2), ...order(3)];
const end = (n: number, status: string) =>
  `UPDATE orders SET status = '${status}', updated_at = 9 WHERE id = 'ord_${n}'`;

describe("A discount, whoever writes it", () => {
  const fixed = { kind: "fixed", percent: null, amount: 5, currency: "USD" };

  it("is taken when it is right", async () => {
    const whole = [
      insert("discounts", { percent: 100 }),
      insert("discounts", { id: "dsc_2", code: "TWO", ...fixed }),
    ];
    expect(await byHand(...whole)).toBe("taken");
  });

  it.each([
    ["of a code in small letters", "discounts_code", { code: "code" }],
    ["of no code", "discounts_code", { code: "" }],
    ["of a kind that there is not", "discounts_kind", { kind: "gift" }],
    ["of 0 percent", "discounts_kind", { percent: 0 }],
    ["of 101 percent", "discounts_kind", { percent: 101 }],
    ["of percents that it does not say", "discounts_kind", { percent: null }],
    ["of percents and an amount", "discounts_kind", { amount: 5 }],
    ["of percents in a currency", "discounts_kind", { currency: "USD" }],
    ["of an amount of nothing", "discounts_kind", { ...fixed, amount: 0 }],
    ["of an amount that it does not say", "discounts_kind", { ...fixed, amount: null }],
    ["of an amount in no currency", "discounts_kind", { ...fixed, currency: null }],
    ["of an amount in half a currency", "discounts_kind", { ...fixed, currency: "US" }],
    ["of an amount and percents", "discounts_kind", { ...fixed, percent: 5 }],
    ["that is half active", "discounts_active", { active: 2 }],
    ["that ends as it begins", "discounts_window", { starts_at: 5, ends_at: 5 }],
    ["for no use", "discounts_limits", { max_uses: 0 }],
    ["for no use by each", "discounts_limits", { max_uses_per_customer: 0 }],
    ["used less than never", "discounts_uses_not_negative", { uses: -1 }],
    ["used more often than it may be", "discounts_used_up", { max_uses: 1, uses: 2 }],
  ])("%s is refused", async (_, word, said) => {
    expect(await byHand(insert("discounts", said))).toContain(word);
  });

  it("has a code that no other has", async () => {
    const two = [insert("discounts"), insert("discounts", { id: "dsc_2" })];
    expect(await byHand(...two)).toContain("discounts.code");
  });
});

describe("A use of a code, whoever writes it", () => {
  it.each([
    ["that is not active", "discount_unknown", { active: 0 }],
    ["a millisecond before it is good", "discount_not_started", { starts_at: DAY + 1 }],
    ["at the instant at which it ends", "discount_ended", { ends_at: DAY }],
    [
      "of another currency",
      "discount_currency",
      { kind: "fixed", percent: null, amount: 5, currency: "EUR" },
    ],
    ["for each customer, by nobody", "discount_needs_customer", { max_uses_per_customer: 1 }],
  ])("%s is refused", async (_, word, said) => {
    expect(await byHand(...ORDERS, insert("discounts", said), use(1))).toContain(word);
  });

  it.each([
    ["from the instant on at which it begins", { starts_at: DAY }],
    ["up to the millisecond before it ends", { ends_at: DAY + 1 }],
    ["in its currency", { kind: "fixed", percent: null, amount: 5, currency: "USD" }],
    ["by percents in any currency", {}],
  ])("is good %s", async (_, said) => {
    expect(await byHand(...ORDERS, insert("discounts", said), use(1), uses(1))).toBe("taken");
  });

  it("of a code that there is not is refused", async () => {
    expect(await byHand(...ORDERS, use(1))).toContain("discount_unknown");
    const off = insert("discounts", { id: "dsc_0", code: "OFF", active: 0 });
    expect(
      await byHand(...ORDERS, insert("discounts"), off, use(1, { discount_id: "dsc_0" })),
    ).toContain("discount_unknown");
  });

  it("is one for an order, and counts for its code alone", async () => {
    const two = [insert("discounts"), insert("discounts", { id: "dsc_2", code: "TWO" })];
    const other = mustBe("(SELECT uses FROM discounts WHERE id = 'dsc_2') = 0");
    expect(await byHand(...ORDERS, ...two, use(1), uses(1), other)).toBe("taken");
    expect(await byHand(...ORDERS, ...two, use(1), use(1))).toContain("discount_uses.order_id");
  });

  const ONCE = [
    ...ORDERS,
    insert("discounts", { max_uses_per_customer: 1 }),
    insert("discounts", { id: "dsc_2", code: "TWO", max_uses_per_customer: 1 }),
  ];
  const byAccount = { account_id: "acc_1" };
  const byEmail = { email: "ada@example.com" };

  it.each([
    ["account", byAccount, { account_id: "acc_2" }],
    ["address", byEmail, { email: "bob@example.com" }],
  ])("is as often as each customer may, known by their %s", async (_, one, another) => {
    const word = "discount_used_by_customer";
    expect(await byHand(...ONCE, use(1, one), use(2, one))).toContain(word);
    expect(await byHand(...ONCE, use(1, one), use(2, another))).toBe("taken");
    expect(await byHand(...ONCE, use(1, { ...one, discount_id: "dsc_2" }), use(2, one))).toBe(
      "taken",
    );
    expect(await byHand(...ONCE, use(1, { ...one, given_back_at: 5 }), use(2, one))).toBe("taken");
  });

  it("that is given back is taken off, once, and put on when it is taken again", async () => {
    const back = "UPDATE discount_uses SET given_back_at = 5 WHERE order_id = 'ord_1'";
    const again = "UPDATE discount_uses SET given_back_at = NULL WHERE order_id = 'ord_1'";
    const two = [insert("discounts"), use(1), use(2), uses(2)];
    expect(
      await byHand(...ORDERS, ...two, back, uses(1), back, uses(1), again, uses(2), again, uses(2)),
    ).toBe("taken");
  });

  it.each([
    ["account", byAccount],
    ["address", byEmail],
  ])("is not taken again by whoever has used the code since, known by their %s", async (_, one) => {
    const back = [use(1, one), "UPDATE discount_uses SET given_back_at = 5"];
    const again = "UPDATE discount_uses SET given_back_at = NULL WHERE order_id = 'ord_1'";
    expect(await byHand(...ONCE, ...back, use(2, one), again)).toContain(
      "discount_used_by_customer",
    );
    expect(await byHand(...ONCE, ...back, use(2, { ...one, discount_id: "dsc_2" }), again)).toBe(
      "taken",
    );
    expect(await byHand(...ONCE, ...back, again)).toBe("taken");
  });

  it("is kept by whoever has it, however often that is written", async () => {
    const kept = "UPDATE discount_uses SET given_back_at = NULL";
    expect(await byHand(...ONCE, use(1, byAccount), kept)).toBe("taken");
  });

  it("is never deleted", async () => {
    const gone = [insert("discounts"), use(1), "DELETE FROM discount_uses"];
    expect(await byHand(...ORDERS, ...gone)).toContain("discount_uses is append-only");
  });

  it("is given back by an order that ends unpaid, at that time, and by no other", async () => {
    const when = (n: number) =>
      `(SELECT given_back_at FROM discount_uses WHERE order_id = 'ord_${n}')`;
    const used = [...ORDERS, insert("discounts"), use(1), use(2), uses(2)];
    for (const status of ["expired", "canceled"]) {
      const after = [uses(1), mustBe(`${when(1)} = 9`), mustBe(`${when(2)} IS NULL`)];
      expect(await byHand(...used, end(1, status), ...after)).toBe("taken");
    }
    expect(await byHand(...used, end(1, "paid"), uses(2), end(1, "canceled"), uses(2))).toBe(
      "taken",
    );
  });

  it("is taken again by an expired order whose money comes, and by no other", async () => {
    const both = [
      insert("discounts"),
      use(1),
      use(2),
      end(1, "expired"),
      end(2, "expired"),
      uses(0),
    ];
    expect(await byHand(...ORDERS, ...both, end(1, "paid"), uses(1))).toBe("taken");
  });

  it("keeps the time at which it was given back first", async () => {
    const first = [insert("discounts"), use(1, { given_back_at: 5 }), end(1, "expired")];
    const kept = mustBe("(SELECT given_back_at FROM discount_uses) = 5");
    expect(await byHand(...ORDERS, ...first, kept)).toBe("taken");
  });

  it("goes with its order to an account, and with no other", async () => {
    const mine = mustBe(
      "(SELECT group_concat(order_id) FROM discount_uses WHERE account_id = 'acc_1') = 'ord_1'",
    );
    const joins = "UPDATE orders SET account_id = 'acc_1' WHERE id = 'ord_1'";
    expect(await byHand(...ORDERS, insert("discounts"), use(1), use(2), joins, mine)).toBe("taken");
  });
});
