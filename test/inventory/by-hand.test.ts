import { describe, expect, it } from "vitest";
import {
  byHand,
  HELD,
  insert,
  mustBe,
  ORDERED,
  PAID,
  SHOP,
  useEmptyShop,
  without,
} from "../support/by-hand.ts";

useEmptyShop();

const onHand = (sku: string) => `(SELECT on_hand FROM stock_levels WHERE sku = '${sku}')`;
const reserved = (sku: string) => `(SELECT reserved FROM stock_levels WHERE sku = '${sku}')`;
const back = (sku: string, units: number, said: object = { order_id: "ord_1" }) =>
  insert("stock_movements", { sku, kind: "return", on_hand_delta: units, ...said });
const end = (status: string) => `UPDATE reservations SET status = '${status}', ended_at = 1`;

describe("A hold, whoever writes it", () => {
  it("that the shop writes again after a restore was made in time", async () => {
    const times = "UPDATE products SET opens_at = 2";
    const hold = insert("reservations", { actor: "system" });
    expect(await byHand(...SHOP, times, hold, insert("reservation_lines"))).toBe("taken");
  });

  it("takes its stock line by line", async () => {
    expect(
      await byHand(...HELD, mustBe(`${reserved("A")} = 2`), mustBe(`${reserved("B")} = 3`)),
    ).toBe("taken");
  });

  it.each([
    ["of no units", "reservation_lines_quantity", [insert("reservation_lines", { quantity: 0 })]],
    [
      "of one SKU twice",
      "reservation_lines.sku",
      [insert("reservation_lines"), insert("reservation_lines")],
    ],
    ["of a SKU that there is not", "sku_not_for_sale", [insert("reservation_lines", { sku: "C" })]],
    [
      "of a variant that is archived",
      "sku_not_for_sale",
      ["UPDATE variants SET archived_at = 1 WHERE sku = 'A'", insert("reservation_lines")],
    ],
    [
      "before its product opens",
      "sku_not_on_sale",
      ["UPDATE products SET opens_at = 2", insert("reservation_lines")],
    ],
    [
      "once its product has closed",
      "sku_not_on_sale",
      ["UPDATE products SET closes_at = 1", insert("reservation_lines")],
    ],
    ["that is held and has ended", "reservations_ended", ["UPDATE reservations SET ended_at = 1"]],
    [
      "that has ended at no time",
      "reservations_ended",
      ["UPDATE reservations SET status = 'released'"],
    ],
    [
      "without a hold around it",
      "FOREIGN KEY",
      [insert("reservation_lines", { reservation_id: "rsv_2" })],
    ],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...SHOP, insert("reservations"), ...statements)).toContain(word);
  });

  it("becomes one order, and no second one has it", async () => {
    const other = insert("reservations", { id: "rsv_2" });
    const stolen = "UPDATE reservations SET order_id = 'ord_1' WHERE id = 'rsv_2'";
    const unique = [without("reservations_stay_themselves"), ...ORDERED, other, stolen];
    expect(await byHand(...unique)).toContain("reservations.order_id");
    expect(await byHand(...ORDERED, other, stolen)).toContain("reservations.order_id");
  });

  it("turns into a sale or into free stock in the moment in which it ends", async () => {
    const freed = [mustBe(`${onHand("A")} = 10`), mustBe(`${reserved("A")} = 0`)];
    expect(await byHand(...HELD, end("released"), ...freed)).toBe("taken");
    expect(await byHand(...HELD, end("expired"), ...freed)).toBe("taken");
    const sold = [mustBe(`${onHand("A")} = 8`), mustBe(`${reserved("A")} = 0`)];
    expect(await byHand(...HELD, end("committed"), ...sold)).toBe("taken");
  });

  it("does so once, however often its end is written", async () => {
    const again = [
      insert("reservations", { id: "rsv_2" }),
      insert("reservation_lines", { reservation_id: "rsv_2", quantity: 3 }),
    ];
    const end = (status: string) =>
      `UPDATE reservations SET status = '${status}', ended_at = 1 WHERE id = 'rsv_1'`;
    const one = [mustBe(`${reserved("A")} = 3`)];
    expect(await byHand(...HELD, ...again, end("released"), end("released"), ...one)).toBe("taken");
  });

  it("that is written as held again stays held", async () => {
    const held = "UPDATE reservations SET status = 'held'";
    expect(await byHand(...HELD, held, mustBe(`${reserved("A")} = 2`))).toBe("taken");
  });
});

describe("The ledger, whoever writes it", () => {
  it("does not write over a row that is there", async () => {
    const over = insert("stock_movements", { seq: 1 }).replace("INSERT", "INSERT OR REPLACE");
    expect(await byHand(...SHOP, over)).toContain("stock_movements is append-only");
  });

  it("takes back as much as an order was sold, SKU by SKU", async () => {
    expect(await byHand(...PAID, back("A", 2), back("B", 3), mustBe(`${onHand("A")} = 10`))).toBe(
      "taken",
    );
  });

  it.each([
    ["more than was sold", [back("A", 3)]],
    ["in parts more than was sold", [back("A", 1), back("A", 1), back("A", 1)]],
    ["more of one SKU, though less of the other", [back("A", 3), back("B", 1)]],
    ["something of an order that was never sold", [back("A", 1, { order_id: "ord_2" })]],
  ])("does not take back %s", async (_, statements) => {
    expect(await byHand(...PAID, ...statements)).toContain("restock_exceeds_items");
  });

  it("takes back what nobody has written down an order for", async () => {
    expect(await byHand(...PAID, back("A", 30, { order_id: null }))).toBe("taken");
  });

  it("counts what is sold for its product, and for no other", async () => {
    const other = insert("products", { id: "prod_2", slug: "two" });
    const sold = (product: string) => `(SELECT units_sold FROM products WHERE id = '${product}')`;
    const counts = [mustBe(`${sold("prod_1")} = 5`), mustBe(`${sold("prod_2")} = 0`)];
    expect(await byHand(other, ...PAID, ...counts)).toBe("taken");
  });
});

describe("The word for what is left, whoever moves the stock", () => {
  it("is that of its SKU alone", async () => {
    const gone = insert("reservation_lines", { quantity: 10 });
    const word = (sku: string) => `(SELECT availability FROM variants WHERE sku = '${sku}')`;
    const words = [mustBe(`${word("A")} = 'sold_out'`), mustBe(`${word("B")} = 'in_stock'`)];
    expect(await byHand(...SHOP, insert("reservations"), gone, ...words)).toBe("taken");
  });
});
