import { describe, expect, it } from "vitest";
import { byHand, insert, mustBe, ORDERED, PAID, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const paid = { status: "succeeded", captured: 50 };
const OTHER_ORDER = [
  insert("reservations", { id: "rsv_2" }),
  insert("orders", { id: "ord_2", number: 1002, reservation_id: "rsv_2" }),
  insert("order_lines", { order_id: "ord_2", quantity: 1 }),
  insert("payments", { id: "pay_2", order_id: "ord_2", ...paid }),
];

describe("A payment, whoever writes it", () => {
  it.each([
    ["of nothing", "payments_amounts", [insert("payments", { amount: 0 })]],
    ["of less than nothing taken", "payments_amounts", [insert("payments", { captured: -1 })]],
    [
      "that is the second success of its order",
      "payments.order_id",
      [insert("payments", paid), insert("payments", { id: "pay_2", ...paid })],
    ],
    [
      "by a page that pays already",
      "payments.session_id",
      [
        insert("payments", { session_id: "cs_1" }),
        insert("payments", { id: "pay_2", session_id: "cs_1" }),
      ],
    ],
    [
      "by a payment that pays already",
      "payments.provider_payment_id",
      [
        insert("payments", { provider_payment_id: "pi_1" }),
        insert("payments", { id: "pay_2", provider_payment_id: "pi_1" }),
      ],
    ],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...ORDERED, ...statements)).toContain(word);
  });

  it("may fail as often as it likes beside the one that succeeds", async () => {
    const others = ["pay_2", "pay_3"].map((id) => insert("payments", { id, status: "failed" }));
    expect(await byHand(...ORDERED, insert("payments", paid), ...others)).toBe("taken");
  });
});

describe("A refund, whoever writes it", () => {
  const refund = (id: string, amount: number, said: object = {}) =>
    insert("refunds", { id, amount, ...said });

  it("is of all that was taken, to the last unit", async () => {
    expect(await byHand(...PAID, refund("ref_1", 20), refund("ref_2", 30))).toBe("taken");
  });

  it("that has failed leaves room for another", async () => {
    const failed = refund("ref_1", 50, { status: "failed" });
    expect(await byHand(...PAID, failed, refund("ref_2", 50))).toBe("taken");
  });

  it("of one payment leaves all of the other", async () => {
    const other = refund("ref_2", 50, { order_id: "ord_2", payment_id: "pay_2" });
    expect(await byHand(...PAID, ...OTHER_ORDER, refund("ref_1", 50), other)).toBe("taken");
  });

  it.each([
    ["of nothing", "refunds_amount", [refund("ref_1", 0)]],
    ["of more than was taken", "refund_exceeds_captured", [refund("ref_1", 51)]],
    [
      "of more than is left, one under way",
      "refund_exceeds_captured",
      [refund("ref_1", 30), refund("ref_2", 21)],
    ],
    [
      "of more than is left, one made",
      "refund_exceeds_captured",
      [refund("ref_1", 30, { status: "succeeded" }), refund("ref_2", 21)],
    ],
    [
      "of what another payment has taken",
      "refund_exceeds_captured",
      [
        insert("payments", { id: "pay_0", status: "failed", captured: 0 }),
        refund("ref_1", 1, { payment_id: "pay_0" }),
      ],
    ],
    [
      "that Stripe knows by the id of another",
      "refunds.provider_refund_id",
      [
        refund("ref_1", 1, { provider_refund_id: "re_1" }),
        refund("ref_2", 1, { provider_refund_id: "re_1" }),
      ],
    ],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...PAID, ...statements)).toContain(word);
  });
});

describe("What a refund is for, whoever writes it", () => {
  const REFUNDED = [
    ...PAID,
    insert("refunds"),
    insert("refunds", { id: "ref_2" }),
    insert("refunds", { id: "ref_f", status: "failed" }),
  ];
  const line = (said: Parameters<typeof insert>[1] = {}) => insert("refund_lines", said);
  const SENT = [insert("fulfillments"), insert("fulfillment_lines", { quantity: 2 })];
  const onHand = "(SELECT on_hand FROM stock_levels WHERE sku = 'A')";

  it("is what was bought, each unit once", async () => {
    const all = [line(), line({ refund_id: "ref_2" }), line({ sku: "B", quantity: 3 })];
    expect(await byHand(...REFUNDED, ...all)).toBe("taken");
  });

  it("leaves what a refund was for that has failed", async () => {
    const again = [line({ refund_id: "ref_f", quantity: 2 }), line({ quantity: 2 })];
    expect(await byHand(...REFUNDED, ...again)).toBe("taken");
  });

  it("in one order is nothing in another", async () => {
    const other = [
      insert("refunds", { id: "ref_3", order_id: "ord_2", payment_id: "pay_2" }),
      line({ refund_id: "ref_3", order_id: "ord_2", quantity: 1 }),
    ];
    expect(await byHand(...REFUNDED, ...OTHER_ORDER, ...other, line({ quantity: 2 }))).toBe(
      "taken",
    );
  });

  it("comes back to the shelf where it says so, and only there", async () => {
    const kept = [line(), mustBe(`${onHand} = 8`)];
    expect(await byHand(...REFUNDED, ...kept)).toBe("taken");
    const back = [line({ restock: "cancel", quantity: 2 }), mustBe(`${onHand} = 10`)];
    expect(await byHand(...REFUNDED, ...back)).toBe("taken");
  });

  it("comes back once, though the refund that brought it has failed", async () => {
    const first = line({ refund_id: "ref_f", quantity: 2, restock: "cancel" });
    const again = line({ quantity: 1, restock: "cancel" });
    expect(await byHand(...REFUNDED, first, again)).toContain("units_exceed_items");
  });

  it.each([
    ["no units", "refund_lines_quantity", [line({ quantity: 0 })]],
    ["half a return", "refund_lines_restock", [line({ restock: "half" })]],
    ["more than was bought", "units_exceed_items", [line({ quantity: 3 })]],
    [
      "what another refund is for",
      "units_exceed_items",
      [line({ quantity: 2 }), line({ refund_id: "ref_2" })],
    ],
    [
      "more of one SKU, though less of the other",
      "units_exceed_items",
      [line({ quantity: 3 }), line({ sku: "B" })],
    ],
    [
      "more than was bought and sent",
      "refund_exceeds_items",
      [...SENT, line({ quantity: 3, unsent: 0 })],
    ],
    [
      "what another refund is for, of units that were sent",
      "refund_exceeds_items",
      [...SENT, line({ quantity: 2, unsent: 0 }), line({ refund_id: "ref_2", unsent: 0 })],
    ],
    ["one SKU twice", "refund_lines.sku", [line(), line()]],
    ["what was not bought", "FOREIGN KEY", [line({ sku: "C" })]],
    [
      "another number",
      "refund_lines is append-only",
      [line(), "UPDATE refund_lines SET quantity = 2"],
    ],
    ["nothing any more", "refund_lines is append-only", [line(), "DELETE FROM refund_lines"]],
  ])("is not %s", async (_, word, statements) => {
    expect(await byHand(...REFUNDED, ...statements)).toContain(word);
  });
});

describe("A dispute, whoever writes it", () => {
  it.each([["of nothing", "disputes_amount", insert("disputes", { amount: 0 })]])(
    "%s is refused",
    async (_, word, statement) => {
      expect(await byHand(...PAID, statement)).toContain(word);
    },
  );
});
