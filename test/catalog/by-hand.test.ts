import { describe, expect, it } from "vitest";
import { byHand, insert, SHOP, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const ONE = insert("products");
const variant = (said: Parameters<typeof insert>[1]) => [ONE, insert("variants", said)];

describe("A row of the catalog", () => {
  it("is taken when it is right", async () => {
    expect(await byHand(...SHOP)).toBe("taken");
  });

  it.each([
    ["of a state that there is not", "products_status", [insert("products", { status: "sold" })]],
    ["of a slug that is taken", "products.slug", [ONE, insert("products", { id: "prod_2" })]],
    ["of a price of nothing", "variants_amount_positive", variant({ amount: 0 })],
    ["of a currency of two letters", "variants_currency", variant({ currency: "US" })],
    ["of a currency of four letters", "variants_currency", variant({ currency: "USDT" })],
    ["of an opening stock below nothing", "variants_opening_stock", variant({ opening_stock: -1 })],
    ["of another word for the stock", "variants_availability", variant({ availability: "some" })],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...statements)).toContain(word);
  });
});
