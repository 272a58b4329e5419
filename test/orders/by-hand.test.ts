import { describe, expect, it } from "vitest";
import {
  byHand,
  HELD,
  insert,
  mustBe,
  ORDERED,
  PAID,
  useEmptyShop,
  without,
} from "../support/by-hand.ts";

useEmptyShop();

const ACCOUNTS = [insert("accounts"), insert("accounts", { id: "acc_2" })];
const hold = (status: string, more = "") =>
  `UPDATE reservations SET status = '${status}', ended_at = ${status === "held" ? "NULL" : 1}${more}`;

describe("An order, whoever writes it", () => {
  it("is taken when it is right", async () => {
    expect(await byHand(...ORDERED)).toBe("taken");
  });

  it.each([
    ["in a currency of two letters", "orders_one_currency", { currency: "US" }],
    ["in a currency of four letters", "orders_one_currency", { currency: "USDT" }],
    ["of goods below nothing", "orders_amounts", { subtotal: -1, tax: 51 }],
    ["of a discount below nothing", "orders_amounts", { discount: -1, total: 51 }],
    ["of a delivery below nothing", "orders_amounts", { shipping: -1, total: 49 }],
    ["of a tax below nothing", "orders_amounts", { tax: -1, total: 49 }],
    ["of a refund below nothing", "orders_amounts", { refunded: -1 }],
    ["of a total below nothing", "orders_amounts", { subtotal: 0, discount: 1, total: -1 }],
    ["of a total without its goods", "orders_total", { subtotal: 40 }],
    ["of a total without its discount", "orders_total", { discount: 1 }],
    ["of a total without its delivery", "orders_total", { shipping: 1 }],
    ["of a total without its tax", "orders_total", { tax: 1 }],
    [
      "of more refunds than payments",
      "orders_refunded_within_captured",
      { captured: 9, refunded: 10 },
    ],
    ["that needs a person since no time", "orders_attention", { attention_reason: "x" }],
    ["that needs a person for no reason", "orders_attention", { attention_since: 1 }],
    ["of a hold that there is not", "reservation_not_found", { reservation_id: "rsv_2" }],
  ])("%s is refused", async (_, word, said) => {
    expect(await byHand(...HELD, insert("orders", said))).toContain(word);
  });

  it("has a number of its own", async () => {
    const other = [
      insert("reservations", { id: "rsv_2" }),
      insert("orders", { id: "ord_2", reservation_id: "rsv_2" }),
    ];
    const unique = [without("orders_no_replace"), ...ORDERED, ...other];
    expect(await byHand(...unique)).toContain("orders.number");
    expect(await byHand(...ORDERED, ...other)).toContain("orders.number");
  });

  it("has a hold of its own, though nobody says by then that it is taken", async () => {
    const freed = "UPDATE reservations SET order_id = NULL";
    const other = insert("orders", { id: "ord_2", number: 1002 });
    expect(await byHand(...ORDERED, other)).toContain("reservation_claimed");
    const unique = [without("orders_no_replace"), ...ORDERED, freed, other];
    expect(await byHand(...unique)).toContain("orders.reservation_id");
    expect(await byHand(...ORDERED, freed, other)).toContain("orders.reservation_id");
  });

  it.each([
    ["that the sweep has ended", "reservation_expired", hold("expired")],
    ["that is over at this instant", "reservation_expired", hold("held", ", expires_at = 1")],
    ["that was given back", "reservation_ended", hold("released")],
    [
      "that was given back and would be over",
      "reservation_ended",
      hold("released", ", expires_at = 1"),
    ],
    ["that was sold", "reservation_ended", hold("committed")],
  ])("is not made of a hold %s", async (_, word, first) => {
    expect(await byHand(...HELD, first, insert("orders"))).toContain(word);
  });

  it("takes its hold over, and no other", async () => {
    const other = insert("reservations", { id: "rsv_2" });
    const taken = mustBe(
      "(SELECT group_concat(id) FROM reservations WHERE order_id = 'ord_1') = 'rsv_1'",
    );
    expect(await byHand(other, ...ORDERED, taken)).toBe("taken");
  });

  it.each([
    ["a guest's hold for an account", "taken", null, "acc_1"],
    ["its own hold", "taken", "acc_1", "acc_1"],
    ["another account's hold", "reservation_not_found", "acc_1", "acc_2"],
    ["an account's hold for a guest", "reservation_not_found", "acc_1", null],
  ])("of %s: %s", async (_, word, holder, buyer) => {
    const mine = [
      insert("reservations", { account_id: holder }),
      insert("orders", { account_id: buyer }),
    ];
    expect(await byHand(...ACCOUNTS, ...mine)).toContain(word);
  });

  it("of its own hold, whatever others hold", async () => {
    const others = insert("reservations", { id: "rsv_2", account_id: "acc_1" });
    expect(await byHand(...ACCOUNTS, others, ...ORDERED)).toBe("taken");
  });
});

describe("The lines and the history of an order, whoever writes them", () => {
  it.each([
    [
      "a line of no units",
      "order_lines_quantity",
      insert("order_lines", { sku: "B", quantity: 0 }),
    ],
    ["a line of no price", "order_lines_unit_amount", insert("order_lines", { unit_amount: 0 })],
    ["a line that is there", "order_lines.sku", insert("order_lines")],
    ["another line", "order_lines is append-only", "UPDATE order_lines SET quantity = 9"],
    ["a line less", "order_lines is append-only", "DELETE FROM order_lines"],
    ["a step that is there", "order_events.seq", insert("order_events", { type: "order.paid" })],
    ["another step", "order_events is append-only", "UPDATE order_events SET type = 'x'"],
    ["a step less", "order_events is append-only", "DELETE FROM order_events"],
  ])("do not take %s", async (_, word, statement) => {
    const first = insert("order_events");
    const said = statement.includes("INTO order_lines") && !word.includes("sku");
    const lines = said ? ORDERED.slice(0, -2) : ORDERED;
    expect(await byHand(...lines, first, statement)).toContain(word);
  });
});

describe("A shipment, whoever writes it", () => {
  const SENT = [...PAID, insert("fulfillments"), insert("fulfillments", { id: "ful_2" })];
  const line = (said: Parameters<typeof insert>[1]) => insert("fulfillment_lines", said);

  it("is of what was bought, in parcels as many as one likes", async () => {
    const parcels = [line({}), line({ fulfillment_id: "ful_2" }), line({ sku: "B", quantity: 3 })];
    expect(await byHand(...SENT, ...parcels)).toBe("taken");
  });

  it("is of a paid order, whatever others are", async () => {
    const waiting = [
      insert("reservations", { id: "rsv_2" }),
      insert("orders", { id: "ord_2", number: 1002, reservation_id: "rsv_2" }),
    ];
    expect(await byHand(...PAID, ...waiting, insert("fulfillments"))).toBe("taken");
    expect(await byHand(...ORDERED, insert("fulfillments"))).toContain("order_not_paid");
    const sent = insert("fulfillments", { id: "ful_3", order_id: "ord_2" });
    expect(await byHand(...SENT, ...waiting, sent)).toContain("order_not_paid");
  });

  it.each([
    ["no units", "fulfillment_lines_quantity", [line({ quantity: 0 })]],
    ["more than was bought", "units_exceed_items", [line({ quantity: 3 })]],
    [
      "more than is left",
      "units_exceed_items",
      [line({ quantity: 2 }), line({ fulfillment_id: "ful_2" })],
    ],
    [
      "more of one SKU, as there is of the other",
      "units_exceed_items",
      [line({ quantity: 3 }), line({ sku: "B", quantity: 2 })],
    ],
    ["one SKU twice", "fulfillment_lines.sku", [line({}), line({})]],
    ["what was not bought", "FOREIGN KEY", [line({ sku: "C" })]],
    [
      "another number",
      "fulfillment_lines is append-only",
      [line({}), "UPDATE fulfillment_lines SET quantity = 2"],
    ],
    [
      "nothing any more",
      "fulfillment_lines is append-only",
      [line({}), "DELETE FROM fulfillment_lines"],
    ],
  ])("is not of %s", async (_, word, statements) => {
    expect(await byHand(...SENT, ...statements)).toContain(word);
  });

  it("of one order counts for no other", async () => {
    const other = [
      insert("reservations", { id: "rsv_2" }),
      insert("orders", { id: "ord_2", number: 1002, reservation_id: "rsv_2" }),
      insert("order_lines", { order_id: "ord_2" }),
      "UPDATE orders SET status = 'paid' WHERE id = 'ord_2'",
      insert("fulfillments", { id: "ful_3", order_id: "ord_2" }),
      line({ fulfillment_id: "ful_3", order_id: "ord_2", quantity: 2 }),
    ];
    expect(await byHand(...SENT, ...other, line({ quantity: 2 }))).toBe("taken");
  });

  it("of one SKU counts for no other", async () => {
    const both = [line({ sku: "B", quantity: 3 }), line({ quantity: 2 })];
    expect(await byHand(...SENT, ...both)).toBe("taken");
  });
});
