import { describe, expect, it } from "vitest";
import { byHand, insert, SHOP, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const ONE = insert("products");
/** The variant of `SHOP`'s product that is there, and another one. */
const second = (said: Parameters<typeof insert>[1] = {}) => [
  ...variant({}),
  insert("variants", { id: "var_2", sku: "B", ...said }),
];
const variant = (said: Parameters<typeof insert>[1]) => [ONE, insert("variants", said)];

const TOO_SHORT = { opens_at: 5, closes_at: 5 };
const OPENS_AT_5 = insert("products", { opens_at: 5 });
const CLOSES_AT_5 = "UPDATE products SET closes_at = 5";
/** Of a variant of "One": with the sign between them they have 250 characters, or one more. */
const ROOM = "v".repeat(244);
const LONG = "v".repeat(245);
const variants = (count: number, archivedAt: number | null) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
   INSERT INTO variants (id, product_id, sku, title, amount, currency, position, archived_at, created_at, updated_at)
   SELECT 'var_n' || i, 'prod_1', 'N' || i, 'N', 10, 'USD', i, ${archivedAt}, 1, 1 FROM n`;
const ARCHIVED = insert("variants", { archived_at: 1 });

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
    ["that closes before it opens", "products_window", [insert("products", TOO_SHORT)]],
    ["whose end is put before its beginning", "products_window", [OPENS_AT_5, CLOSES_AT_5]],
    ["with variants of two currencies", "product_one_currency", second({ currency: "EUR" })],
    [
      "with a variant whose currency becomes another one",
      "product_one_currency",
      [...second(), "UPDATE variants SET currency = 'EUR' WHERE id = 'var_2'"],
    ],
    [
      "with an archived variant of another currency that comes back",
      "product_one_currency",
      [
        ...[...variant({}), insert("variants", { id: "var_2", sku: "B", archived_at: 1 })],
        "UPDATE variants SET currency = 'EUR' WHERE id = 'var_2'",
        "UPDATE variants SET archived_at = NULL WHERE id = 'var_2'",
      ],
    ],
    [
      "whose only variant is archived",
      "product_needs_a_variant",
      [...variant({}), "UPDATE variants SET archived_at = 1"],
    ],
    ["with a variant too many", "product_has_too_many_variants", [ONE, variants(101, null)]],
    [
      "with one archived variant too many that comes back",
      "product_has_too_many_variants",
      [ONE, ARCHIVED, variants(100, null), "UPDATE variants SET archived_at = NULL"],
    ],
    ["with too long a name of a variant", "line_name_too_long", variant({ title: LONG })],
    [
      "whose name becomes too long for its variant",
      "line_name_too_long",
      [...variant({ title: ROOM }), `UPDATE products SET title = 'Four'`],
    ],
    [
      "whose variant's name becomes too long",
      "line_name_too_long",
      [...variant({}), `UPDATE variants SET title = '${LONG}'`],
    ],
    [
      "whose archived variant comes back with too long a name",
      "line_name_too_long",
      [
        ...[...variant({}), insert("variants", { id: "var_2", sku: "B", title: ROOM })],
        "UPDATE variants SET archived_at = 1 WHERE id = 'var_2'",
        "UPDATE products SET title = 'Four'",
        "UPDATE variants SET archived_at = NULL",
      ],
    ],
    ["of another word for the stock", "variants_availability", variant({ availability: "some" })],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...statements)).toContain(word);
  });
});
