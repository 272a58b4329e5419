import type { Mutant } from "../mutant.ts";

const API = "test/payments/refund-api.test.ts";
const SHARE = "test/checkout/refund-share.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const MORE = "for more than is left, saying how much is";
const ITEMS = "for items that are not in the order, stand there twice, or are refunded already";

/** How much goes back. */
export const REFUND_AMOUNTS: readonly Mutant[] = [
  {
    name: "what is left of another currency is the order's",
    change: ["refunds[0]?.currency ?? order.currency", "order.currency"],
    dies: REFUNDS,
    by: "of a payment in another currency is in that one, also when it is made again",
  },
  {
    name: "an amount of another currency goes back as it is",
    change: ["if (money.currency !== left.currency)\n", "if (false)\n"],
    dies: API,
    by: "in another currency, of nothing, or of what is not Money",
  },
  {
    name: "an amount that no card can take goes back",
    change: [
      "const problem = stepProblem(money);\n  if (problem === undefined) return money;",
      "return money;\n  const problem = stepProblem(money);",
    ],
    in: "refunds/",
    dies: API,
    by: "of a part of a unit that no card can take",
  },
  {
    name: "nothing goes back once all is back",
    change: ["if (left.amount === 0) throw tooMuch(left);\n", ""],
    dies: API,
    by: MORE,
  },
  {
    name: "items go back for nothing",
    change: ["  if (share === 0)\n", "  if (false)\n"],
    dies: SHARE,
    by: "is refused where only the delivery was paid and taxed (200)",
  },
  {
    name: "items go back for more than is left",
    change: ["amount: Math.min(share, left.amount) }", "amount: share }"],
    dies: API,
    by: "of items is never more than is left",
  },
  {
    name: "more units are refunded than are left, and nobody is told how many",
    change: ["if (quantity > bought - refunded)\n", "if (quantity > bought)\n"],
    dies: API,
    by: ITEMS,
  },
  {
    name: "more units come back than are away, and nobody is told how many",
    change: [`if (restock === "return" && quantity > sent - returned)`, "if (false)"],
    dies: "test/orders/owed.test.ts",
    by: "and only what was sent can be returned, only what was not can be canceled",
  },
  {
    name: "units are worth what each is, whatever went back before",
    change: ["const before = worth(({ refunded }) => refunded);", "const before = 0;"],
    dies: SHARE,
    by: "is, for all of them together, what was paid for the goods, however they come back",
  },
  {
    name: "goods are refunded with their delivery",
    change: [
      "return total - shipping - Math.min(onShipping, tax);",
      "return total - Math.min(onShipping, tax);",
    ],
    dies: SHARE,
    by: "is the rounded part of the total without the delivery",
  },
  {
    name: "goods are refunded with the tax on their delivery",
    change: ["return total - shipping - Math.min(onShipping, tax);", "return total - shipping;"],
    dies: SHARE,
    by: "is without the tax on the delivery, as Stripe has said",
  },
  {
    name: "the tax on a delivery cannot be paid",
    change: [
      "roundToStep(order.shippingTax ?? shippingTaxOf(order), currency)",
      "order.shippingTax ?? shippingTaxOf(order)",
    ],
    dies: SHARE,
    by: "can be paid where the tax on the delivery cannot",
  },
  {
    name: "the delivery's part of the tax is of the goods before their discount",
    change: ["of: BigInt(subtotal - discount + shipping) }", "of: BigInt(subtotal + shipping) }"],
    dies: SHARE,
    by: "is without the tax on the delivery, by its share",
  },
  {
    name: "a share is never rounded up",
    change: ["2n * BigInt(amount) * value + whole;", "2n * BigInt(amount) * value;"],
    dies: SHARE,
    by: "leaves out what the delivery has of the tax, its share of it where Stripe has not said",
  },
];
