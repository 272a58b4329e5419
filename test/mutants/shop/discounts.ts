import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/discounts/by-hand.test.ts";

const PERCENT = `coalesce("discounts"."percent", 0) BETWEEN 1 AND 100`;

const FIXED = `length(coalesce("discounts"."currency", '')) = 3 AND "discounts"."percent" IS NULL`;

const API = "test/discounts/api.test.ts";

const CHECKOUT = "test/discounts/checkout.test.ts";

const TOTALS = "test/checkout/totals.test.ts";

/** Discount codes, and what they take off. */
const GOODS = "test/discounts/goods.test.ts";

export const DISCOUNTS: readonly Mutant[] = [
  {
    name: "a code is another one in small letters",
    change: [`"discounts"."code" = upper("discounts"."code") AND length`, "length"],
    dies: BY_HAND,
    by: "of a code in small letters is refused",
  },
  {
    name: "a code of nothing",
    change: [`AND length("discounts"."code") > 0)`, ")"],
    dies: BY_HAND,
    by: "of no code is refused",
  },
  {
    name: "two discounts have one code",
    change: ["CREATE UNIQUE INDEX `discounts_code_unique`", "CREATE INDEX `discounts_code_unique`"],
    dies: "test/discounts/api.test.ts",
    by: "has a code that nobody else has, however it is written",
  },
  {
    name: "a discount of a kind that there is not",
    change: [
      'ELSE 0 END),\n\tCONSTRAINT "discounts_active"',
      'ELSE 1 END),\n\tCONSTRAINT "discounts_active"',
    ],
    dies: BY_HAND,
    by: "of a kind that there is not is refused",
  },
  {
    name: "a discount of 0 percent",
    change: [PERCENT, `coalesce("discounts"."percent", 0) BETWEEN 0 AND 100`],
    dies: BY_HAND,
    by: "of 0 percent is refused",
  },
  {
    name: "a discount of more than all",
    change: [PERCENT, `coalesce("discounts"."percent", 0) >= 1`],
    dies: BY_HAND,
    by: "of 101 percent is refused",
  },
  {
    name: "a discount of percents that are not said",
    change: [PERCENT, `"discounts"."percent" BETWEEN 1 AND 100`],
    dies: BY_HAND,
    by: "of percents that it does not say is refused",
  },
  {
    name: "a discount of percents and an amount",
    change: [`AND "discounts"."amount" IS NULL AND`, "AND"],
    dies: BY_HAND,
    by: "of percents and an amount is refused",
  },
  {
    name: "a discount of percents in a currency",
    change: [
      `AND "discounts"."amount" IS NULL AND "discounts"."currency" IS NULL`,
      `AND "discounts"."amount" IS NULL`,
    ],
    dies: BY_HAND,
    by: "of percents in a currency is refused",
  },
  {
    name: "a discount of an amount of nothing",
    change: [`coalesce("discounts"."amount", 0) > 0 AND`, ""],
    dies: BY_HAND,
    by: "of an amount of nothing is refused",
  },
  {
    name: "a discount of an amount in half a currency",
    change: [FIXED, `"discounts"."percent" IS NULL`],
    dies: BY_HAND,
    by: "of an amount in half a currency is refused",
  },
  {
    name: "a discount of an amount and percents",
    change: [FIXED, `length(coalesce("discounts"."currency", '')) = 3`],
    dies: BY_HAND,
    by: "of an amount and percents is refused",
  },
  {
    name: "a discount is half active",
    change: [`CHECK("discounts"."active" IN (0, 1))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "that is half active is refused",
  },
  {
    name: "a discount ends before it begins",
    change: [`OR "discounts"."starts_at" < "discounts"."ends_at")`, "OR 1)"],
    dies: "test/discounts/api.test.ts",
    by: "has a window that begins before it ends, made so or changed so",
  },
  {
    name: "a discount for no use",
    change: [`CHECK(coalesce("discounts"."max_uses", 1) > 0 AND`, "CHECK("],
    dies: BY_HAND,
    by: "for no use is refused",
  },
  {
    name: "a discount for no use by each",
    change: [`> 0 AND coalesce("discounts"."max_uses_per_customer", 1) > 0)`, "> 0)"],
    dies: BY_HAND,
    by: "for no use by each is refused",
  },
  {
    name: "a code is used less than never",
    change: [`CHECK("discounts"."uses" >= 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "used less than never is refused",
  },
  {
    name: "a code is used more often than it may be",
    change: [
      `CHECK("discounts"."uses" <= coalesce("discounts"."max_uses", "discounts"."uses"))`,
      "CHECK(1)",
    ],
    dies: "test/discounts/limits.test.ts",
    by: "is not: of 20 buyers at once 5 get a code that is good 5 times",
  },
  {
    name: "a discount is changed by whoever has not seen what it is by now",
    change: [
      "${discounts.version} || '-' || ${discounts.uses} IN ${among(seen)}",
      "${JSON.stringify(seen)} IS NOT NULL",
    ],
    dies: API,
    by: "is refused to whoever has seen it before somebody else changed it",
  },
  {
    name: "a use of a discount is no change of it",
    change: ['return `"${version}-${uses}"`;', 'return `"${version}-0"`;'],
    dies: API,
    by: "is refused to whoever has seen it before somebody else changed it",
  },
  {
    name: "a discount takes more off than the goods are worth",
    change: ["sql`min(${goods}, coalesce(d.amount,", "sql`max(0, coalesce(d.amount,"],
    dies: TOTALS,
    by: "are not taken off by an amount that is more than the goods are worth",
  },
  {
    name: "a percentage is never rounded up",
    change: ["(${goods} * d.percent + 50 * ${step})", "(${goods} * d.percent)"],
    dies: "test/checkout/totals-property.mass.test.ts",
    by: "add up at the order, on the payment page and on the card, in every currency",
  },
  {
    name: "a percentage leaves what cannot be paid",
    change: ["/ (100 * ${step}) * ${step}))`", "/ 100))`"],
    dies: "test/checkout/totals-property.mass.test.ts",
    by: "add up at the order, on the payment page and on the card, in every currency",
  },
  {
    name: "one order's code is taken off all orders",
    change: [
      "FROM discounts d WHERE orders.id = ${orderId} AND d.code = ${code}`",
      "FROM discounts d WHERE d.code = ${code}`",
    ],
    dies: "test/discounts/checkout.test.ts",
    by: "takes an amount off, and never more than there is",
  },
  {
    name: "who is signed in and gives no address is known by none",
    change: [
      "coalesce(${use.email}, (SELECT email FROM users WHERE id = ${use.userId}))",
      "${use.email}",
    ],
    dies: CHECKOUT,
    by: "knows who is signed in by the account, whatever address they give, and by the address, signed in or not",
  },
  {
    name: "a discount of both kinds",
    change: ["if (given[other] !== undefined) wrong", "if (false) wrong"],
    dies: API,
    by: "is not both, and not neither",
  },
  {
    name: "a discount of neither kind",
    change: ["if (given[wanted] === undefined) wrong", "if (false) wrong"],
    dies: API,
    by: "is not both, and not neither",
  },
  {
    name: "a code for some products is for all of them",
    change: [
      "  UPDATE order_lines SET discounted = 0\n",
      "  UPDATE order_lines SET discounted = 1\n",
    ],
    in: "discounts_by_product_guards",
    dies: GOODS,
    by: "takes its part of those, and leaves the price of the others",
  },
  {
    name: "a code is good for an order of none of its products",
    change: [
      "    AND NOT EXISTS (SELECT 1 FROM order_lines WHERE order_id = NEW.order_id AND discounted);",
      "    AND 0;",
    ],
    in: "discounts_by_product_guards",
    dies: GOODS,
    by: "is refused for an order of none of them",
  },
  {
    name: "a code asks for no minimum",
    change: ["NEW.discount_id AND d.minimum > (", "NEW.discount_id AND d.minimum < 0 AND 0 > ("],
    in: "discounts_by_product_guards",
    dies: GOODS,
    by: "is good from exactly that",
  },
  {
    name: "other goods count to a code's minimum",
    change: [
      "SELECT sum(quantity * unit_amount) FROM order_lines WHERE order_id = NEW.order_id AND discounted);",
      "SELECT sum(quantity * unit_amount) FROM order_lines WHERE order_id = NEW.order_id);",
    ],
    in: "discounts_by_product_guards",
    dies: GOODS,
    by: "is good from exactly that",
  },
  {
    name: "a minimum in one currency is for orders in any",
    change: ["AND d.minimum_currency <> o.currency", "AND d.minimum_currency <> o.currency AND 0"],
    in: "discounts_by_product_guards",
    dies: GOODS,
    by: "is for orders in its currency",
  },
  {
    name: "a code takes more off than the goods that it is for",
    change: ["const off = sql`min(${goods}, ", "const off = sql`min(orders.subtotal, "],
    dies: GOODS,
    by: "never more than those are worth",
  },
  {
    name: "a unit that the code is not for is refunded as if it were",
    change: ["BigInt(isFor.get(sku) ? goods - discount : goods)", "BigInt(goods)"],
    dies: GOODS,
    by: "gives back of each unit what was paid for it",
  },
  {
    name: "a code is for a product that is not there",
    change: [
      'if (refusedBy(error, "FOREIGN KEY"))',
      'if (refusedBy(error, "FOREIGN KEY") && code === "")',
    ],
    in: "discounts/",
    dies: GOODS,
    by: "is for 1 to 100 products that are there",
  },
];
