import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/catalog/by-hand.test.ts";
const HOLDS_BY_HAND = "test/inventory/by-hand.test.ts";
const PRODUCT = "test/catalog/change-product.test.ts";
const VARIANT = "test/catalog/change-variant.test.ts";
const TIMES = "test/catalog/sale-times.test.ts";

const CURRENCY = "product_one_currency";
const SEEN = "is refused when it has changed since: itself, a variant, but not its stock";

/** A guard of the database as it is where it is not there. */
const without = (trigger: string, on: string): Mutant["change"] => [
  `CREATE TRIGGER ${trigger} ${on}\nWHEN `,
  `CREATE TRIGGER ${trigger} ${on}\nWHEN 0 AND `,
];

/** What sellers change, and when it is sold. */
export const SELLING: readonly Mutant[] = [
  {
    name: "a product is made that closes before it opens",
    change: without("products_window_new", "BEFORE INSERT ON products"),
    dies: BY_HAND,
    by: "that closes before it opens is refused",
  },
  {
    name: "a product comes to close before it opens",
    change: without("products_window", "BEFORE UPDATE OF opens_at, closes_at ON products"),
    dies: BY_HAND,
    by: "whose end is put before its beginning is refused",
  },
  {
    name: "a product's variants are made in two currencies",
    change: without("variants_one_currency_new", "BEFORE INSERT ON variants"),
    dies: BY_HAND,
    by: "with variants of two currencies is refused",
  },
  {
    name: "a variant's currency becomes another one",
    change: [
      "archived_at IS NULL AND id <> NEW.id AND currency <> NEW.currency)",
      "archived_at IS NULL AND id <> NEW.id AND currency <> OLD.currency)",
    ],
    dies: BY_HAND,
    by: "with a variant whose currency becomes another one is refused",
  },
  {
    name: "a variant comes back in another currency",
    change: [
      "BEFORE UPDATE OF currency, archived_at ON variants",
      "BEFORE UPDATE OF currency ON variants",
    ],
    dies: BY_HAND,
    by: "with an archived variant of another currency that comes back is refused",
  },
  {
    name: "an archived variant's currency counts",
    change: [
      "WHERE product_id = NEW.product_id AND archived_at IS NULL AND id <> NEW.id AND currency",
      "WHERE product_id = NEW.product_id AND id <> NEW.id AND currency",
    ],
    dies: VARIANT,
    by: "of another currency is not offered again beside the others",
  },
  {
    name: "another currency is a fault of the server",
    change: [`    ${CURRENCY}: () =>`, `    "order_events.order_id, order_events.seq": () =>`],
    dies: VARIANT,
    by: "changes the currency of the only one, and of no other",
  },
  {
    name: "a product has a variant too many",
    change: without("variants_not_too_many_new", "BEFORE INSERT ON variants"),
    dies: BY_HAND,
    by: "with a variant too many is refused",
  },
  {
    name: "a variant too many comes back",
    change: without("variants_not_too_many", "BEFORE UPDATE OF archived_at ON variants"),
    dies: BY_HAND,
    by: "with one archived variant too many that comes back is refused",
  },
  {
    name: "a product has no variant",
    change: without("variants_not_the_last", "BEFORE UPDATE OF archived_at ON variants"),
    dies: BY_HAND,
    by: "whose only variant is archived is refused",
  },
  {
    name: "a variant's name has no room at Stripe",
    change: ["AND title <> NEW.title AND length(title) + length(NEW.title) + 3 > 250)", "AND 0)"],
    in: "sale_times_and_pictures_guards",
    after: "variants_line_names_new",
    dies: BY_HAND,
    by: "with too long a name of a variant is refused",
  },
  {
    name: "a product's name leaves its variants no room at Stripe",
    change: ["AND title <> NEW.title AND length(title) + length(NEW.title) + 3 > 250)", "AND 0)"],
    in: "sale_times_and_pictures_guards",
    after: "products_line_names",
    dies: BY_HAND,
    by: "whose name becomes too long for its variant is refused",
  },
  {
    name: "a variant's new name has no room at Stripe",
    change: [
      "BEFORE UPDATE OF title, archived_at ON variants",
      "BEFORE UPDATE OF archived_at ON variants",
    ],
    dies: BY_HAND,
    by: "whose variant's name becomes too long is refused",
  },
  {
    name: "a variant comes back whose name has no room at Stripe",
    change: [
      "BEFORE UPDATE OF title, archived_at ON variants",
      "BEFORE UPDATE OF title ON variants",
    ],
    dies: BY_HAND,
    by: "whose archived variant comes back with too long a name is refused",
  },
  {
    name: "a cheaper variant is no cheaper product",
    change: without("variants_lowest_price_new", "AFTER INSERT ON variants"),
    dies: VARIANT,
    by: "makes the product's lowest price",
  },
  {
    name: "an archived variant's price is the product's",
    change: [
      "SELECT min(amount) FROM variants WHERE product_id = NEW.product_id AND archived_at IS NULL",
      "SELECT min(amount) FROM variants WHERE product_id = NEW.product_id",
    ],
    dies: VARIANT,
    by: "makes the product's lowest price",
  },
  {
    name: "nobody is told how many are left",
    change: without("stock_levels_few_left", "AFTER UPDATE ON stock_levels"),
    dies: VARIANT,
    by: "is behind the others, with its stock",
  },
  {
    name: "an archived variant can be held",
    change: ["WHEN (SELECT archived_at FROM variants WHERE sku = NEW.sku) IS NOT NULL", "WHEN 0"],
    dies: HOLDS_BY_HAND,
    by: "of a variant that is archived is refused",
  },
  {
    name: "a hold comes before its product opens",
    change: ["(coalesce(r.changed_at, r.created_at) < p.opens_at OR coalesce", "(coalesce"],
    dies: HOLDS_BY_HAND,
    by: "before its product opens is refused",
  },
  {
    name: "a product closes a moment late",
    change: [
      "OR coalesce(r.changed_at, r.created_at) >= p.closes_at)",
      "OR coalesce(r.changed_at, r.created_at) > p.closes_at)",
    ],
    dies: HOLDS_BY_HAND,
    by: "once its product has closed is refused",
  },
  {
    name: "a restore asks the clock whether an order was in time",
    change: ["AND r.actor <> 'system'\n    AND (coalesce", "\n    AND (coalesce"],
    dies: HOLDS_BY_HAND,
    by: "that the shop writes again after a restore was made in time",
  },
  {
    name: "nobody says when it opens",
    change: [`if (refusedBy(error, "sku_not_on_sale"))`, "if (false)"],
    dies: TIMES,
    by: "is held from the very first to the last, and says when that is",
  },
  {
    name: "a hold costs what it costs by now",
    change: ["coalesce(l.unit_amount, v.amount) AS unit_amount", "v.amount AS unit_amount"],
    dies: TIMES,
    by: "changes nothing for whoever holds it",
  },
  {
    name: "a hold is called what it is called by now",
    change: ["coalesce(l.title, p.title) AS title", "p.title AS title"],
    dies: TIMES,
    by: "changes nothing for whoever holds it",
  },
  {
    name: "a product that opens is shown as if it had",
    change: ["coalesce(${outOfTime(look)}, v.availability)", "v.availability"],
    dies: TIMES,
    by: "is said to be not yet there, or over, at most two seconds late",
  },
  {
    name: "a kept page has the clock of when it was made",
    change: ['data-now="${now}"/>${after}', 'data-now="0"/>${after}'],
    dies: TIMES,
    by: "says when, by the server's clock at this very answer",
  },
  {
    name: "whoever has seen an older product changes it",
    change: [
      "AND CAST(p.version AS TEXT) IN ${among(seen)}",
      "AND ${JSON.stringify(seen)} IS NOT NULL",
    ],
    dies: PRODUCT,
    by: SEEN,
  },
  {
    name: "a product's parts are no change of it",
    change: [
      "AFTER UPDATE OF slug, opens_at, closes_at, updated_at ON products BEGIN",
      "AFTER UPDATE OF slug, opens_at, closes_at ON products BEGIN",
    ],
    dies: PRODUCT,
    by: SEEN,
  },
  {
    name: "a product's tag is not that of what it says",
    change: ["${(await tagOf(body)).slice(1)}", '"'],
    dies: PRODUCT,
    by: SEEN,
  },
  {
    name: "shoppers see archived variants",
    change: ["${archived ? sql`` : offered} ORDER BY", "ORDER BY"],
    dies: VARIANT,
    by: "is not offered, not sold, seen by staff, and offered again at the end",
  },
  {
    name: "a variant moves to behind the place that was asked for",
    change: ["rank), id = ${id} DESC) - 1", "rank), id = ${id}) - 1"],
    dies: VARIANT,
    by: "moves it among the others",
  },
];
