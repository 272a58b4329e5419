import type { Mutant } from "../mutant.ts";

const OWED = "test/orders/owed.test.ts";
const EVERY_RULE = "test/audit/every-rule.test.ts";

/** What an order still owes of its units, and that nothing is sent of one whose money is back. */
export const OWED_UNITS: readonly Mutant[] = [
  {
    name: "a unit that was canceled is sent",
    change: [
      "    - (SELECT coalesce(sum(x.unsent), 0) FROM refund_lines x",
      "    - (SELECT 0 * coalesce(sum(x.unsent), 0) FROM refund_lines x",
    ],
    dies: OWED,
    by: "in the database's own count, whoever writes",
  },
  {
    name: "a unit that went to the shelf is owed again once its refund has failed",
    change: [
      "AND (r.status <> 'failed' OR x.restock = 'cancel')) AS owed",
      "AND r.status <> 'failed') AS owed",
    ],
    dies: OWED,
    by: "also when the refund fails at the bank after its units went to the shelf",
  },
  {
    name: "a unit that was refunded by money alone is owed",
    change: [
      "NEW.unsent > owed OR (NEW.restock = 'none' AND NEW.unsent < min(NEW.quantity, owed))",
      "NEW.unsent > owed",
    ],
    dies: OWED,
    by: "in the database's own count, whoever writes",
  },
  {
    name: "more leaves what is owed than was owed",
    change: [
      "NEW.unsent > owed OR (NEW.restock = 'none' AND NEW.unsent < min(NEW.quantity, owed))",
      "NEW.restock = 'none' AND NEW.unsent < min(NEW.quantity, owed)",
    ],
    dies: OWED,
    by: "in the database's own count, whoever writes",
  },
  {
    name: "what was never sent comes back from the customer",
    change: ["WHERE NEW.restock = 'return' AND NEW.quantity", "WHERE 0 AND NEW.quantity"],
    dies: OWED,
    by: "in the database's own count, whoever writes",
  },
  {
    name: "an order whose bank asks for the money is sent by whoever writes",
    change: ["AND status = 'open' AND NEW.despite IS NOT 'disputed'", "AND 0"],
    dies: OWED,
    by: "in the database's own eyes, whoever writes",
  },
  {
    name: "an order is sent despite a dispute by whoever names its refund",
    change: ["NEW.despite IS NOT 'disputed'", "NEW.despite IS NULL"],
    dies: OWED,
    by: "in the database's own eyes, whoever writes",
  },
  {
    name: "an order whose money is back is sent by whoever writes",
    change: [
      "AND p.status = 'succeeded' AND NEW.despite IS NULL AND p.captured",
      "AND 0 AND p.captured",
    ],
    dies: OWED,
    by: "in the database's own eyes, whoever writes",
  },
  {
    name: "an order is sent despite anything",
    change: [`CHECK("fulfillments"."despite" IN ('refunded', 'disputed'))`, "CHECK(1)"],
    dies: OWED,
    by: "in the database's own eyes, whoever writes",
  },
  {
    name: "a parcel goes although the database says that the money is back",
    change: [
      "if (against !== undefined && against !== input.despite) throw isAgainst(against);",
      "",
    ],
    dies: OWED,
    by: "while a dispute is open and after it is lost, but after it is won",
  },
  {
    name: "nobody can see later why a parcel was sent all the same",
    change: ["...(despite && { despite })", "...(despite && {})"],
    dies: OWED,
    by: "unless whoever sends it says so, which the history and the audit log keep",
  },
  {
    name: "a refund of money alone takes what was sent first",
    change: ["none: Math.min(quantity, owed)", "none: 0"],
    dies: OWED,
    by: "however they are refunded: money alone takes what was not sent first",
  },
  {
    name: "more is canceled than is still to be sent, and nobody is told how much",
    change: [`if (restock === "cancel" && quantity > owed)`, "if (false)"],
    dies: OWED,
    by: "and only what was sent can be returned, only what was not can be canceled",
  },
  {
    name: "units cannot be taken back once all of the money is",
    change: ["amount?.amount !== 0 || items !== undefined", "amount?.amount !== 0"],
    dies: OWED,
    by: "once all of the money is back",
  },
  {
    name: "a refund of nothing goes to Stripe",
    change: ["if (money.amount === 0)\n", "if (money.amount === -1)\n"],
    dies: OWED,
    by: "once all of the money is back",
  },
  {
    name: "the audit overlooks units that were sent and refunded before they were",
    change: ["FROM owed_units WHERE order_id ${orders} AND owed < 0", "FROM owed_units WHERE 0"],
    dies: EVERY_RULE,
    by: "The invariants find > a unit that is sent and was refunded before",
  },
  {
    name: "the audit overlooks a unit that came back and never went out",
    change: ["WHERE returned > sent", "WHERE 0"],
    dies: EVERY_RULE,
    by: "The invariants find > a unit that came back and never went out",
  },
  {
    name: "the audit overlooks a unit that is back on the shelf and still owed",
    change: ["AND +m.kind = 'return' AND +o.status = 'paid'", "AND 0"],
    dies: EVERY_RULE,
    by: "The invariants find > a unit that is back on the shelf and still owed",
  },
];
