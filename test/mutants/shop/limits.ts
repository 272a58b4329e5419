import type { Mutant } from "../mutant.ts";

const LIMITS = "test/inventory/limits.test.ts";
const HOLDS_PER_CALLER = "test/inventory/holds-per-caller.test.ts";
const EVERY_RULE = "test/audit/every-rule.test.ts";

/** How much one order, one customer and one caller may have. */
export const SHOPPERS_LIMITS: readonly Mutant[] = [
  {
    name: "one order has as many as it likes",
    change: [
      "WHEN NEW.quantity > (SELECT max_per_order FROM",
      "WHEN NEW.quantity > 100 * (SELECT max_per_order FROM",
    ],
    dies: LIMITS,
    by: "of 10 where nobody has said another",
  },
  {
    name: "an account holds more of a thing than one customer may, hold by hold",
    change: [
      "WHERE h.account_id = r.account_id AND h.status = 'held'",
      "WHERE h.account_id = 'x' AND h.status = 'held'",
    ],
    dies: LIMITS,
    by: "however many of an account's holds ask at once",
  },
  {
    in: "limits_of_holds_guards",
    name: "a guest orders more of a thing than one customer may, order by order",
    change: [
      "SELECT id FROM orders WHERE account_id = o.account_id UNION SELECT id FROM orders WHERE email = o.email",
      "SELECT id FROM orders WHERE account_id = o.account_id",
    ],
    dies: LIMITS,
    by: "however many guests with one address check out at once",
  },
  {
    in: "limits_of_holds_guards",
    name: "an account orders more of a thing with another address",
    change: [
      "SELECT id FROM orders WHERE account_id = o.account_id UNION SELECT id FROM orders WHERE email = o.email",
      "SELECT id FROM orders WHERE email = o.email",
    ],
    dies: LIMITS,
    by: "by an account and as a guest with the address that it gave",
  },
  {
    in: "limits_of_holds_guards",
    name: "who says nothing of themselves has as many as they like",
    change: [
      "account_id IS NULL AND email IS NULL;\n  SELECT RAISE(ABORT, 'max_per_customer') FROM orders o",
      "account_id IS NULL AND email IS NULL AND 0;\n  SELECT RAISE(ABORT, 'max_per_customer') FROM orders o",
    ],
    dies: LIMITS,
    by: "by going to the payment page without saying who they are",
  },
  {
    name: "a hold is judged by a limit that was lowered since",
    change: [
      "max(v.max_per_customer, coalesce(held.max_per_customer, 0)) <",
      "v.max_per_customer <",
    ],
    dies: LIMITS,
    by: "but by a limit that was lowered, or given, since they hold it",
  },
  {
    name: "a hold from before there was a limit is judged by it",
    change: ["AND held.max_per_customer IS NOT 0\n", "\n"],
    dies: LIMITS,
    by: "but by a limit that was lowered, or given, since they hold it",
  },
  {
    name: "a hold does not keep its limit",
    change: [
      "v.amount, v.currency, v.requires_shipping, coalesce(v.max_per_customer, 0)\n    FROM json_each",
      "v.amount, v.currency, v.requires_shipping, NULL\n    FROM json_each",
    ],
    dies: LIMITS,
    by: "but by a limit that was lowered, or given, since they hold it",
  },
  {
    name: "late money buys what its customer has got elsewhere since",
    change: [
      "WHERE n.order_id = NEW.id AND v.max_per_customer <",
      "WHERE 0 AND v.max_per_customer <",
    ],
    dies: LIMITS,
    by: "by money that comes after they have got it elsewhere",
  },
  {
    name: "late money of an account does not count what it bought with another address",
    change: [
      "SELECT id FROM orders WHERE account_id = OLD.account_id UNION SELECT id FROM orders WHERE email = OLD.email",
      "SELECT id FROM orders WHERE email = OLD.email",
    ],
    dies: LIMITS,
    by: "of an account's either, from another address",
  },
  {
    name: "what was bought does not count",
    change: [
      "WHERE o.status IN ('pending_payment', 'paid');",
      "WHERE o.status IN ('pending_payment');",
    ],
    dies: LIMITS,
    by: "and what was bought counts until it is refunded",
  },
  {
    name: "what was refunded counts",
    change: ["AND r.status <> 'failed') AS units", "AND r.status = 'failed') AS units"],
    dies: LIMITS,
    by: "and what was bought counts until it is refunded",
  },
  {
    name: "money that comes back takes what was sent away from its customer",
    change: ["WHEN o.payment_status = 'refunded' THEN 0 ELSE x.unsent END", "ELSE x.quantity END"],
    dies: LIMITS,
    by: "by having the money of what they keep sent back, of some of it or of all",
  },
  {
    name: "all of the money that comes back takes what was sent away from its customer",
    change: [
      "(SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f WHERE f.order_id = l.order_id AND f.sku = l.sku), l.quantity)",
      "0, l.quantity)",
    ],
    dies: LIMITS,
    by: "by having the money of what they keep sent back, of some of it or of all",
  },
  {
    name: "what a customer sends back is still theirs",
    change: [
      "CASE WHEN x.restock = 'return' THEN x.quantity",
      "CASE WHEN x.restock = 'return' THEN 0",
    ],
    dies: LIMITS,
    by: "and what they have sent back is not theirs any more",
  },
  {
    in: "limits_of_holds_guards",
    name: "a guest with an account's own address has what the account has once more",
    change: [
      "        UNION SELECT id FROM orders WHERE account_id IN (SELECT account_id FROM users WHERE email = o.email)\n",
      "",
    ],
    dies: LIMITS,
    by: "by an account that gives no address and a guest who gives the account's own",
  },
  {
    in: "limits_of_holds_guards",
    name: "an account has what a guest with its own address has once more",
    change: [
      "\n        UNION SELECT id FROM orders WHERE email IN (SELECT email FROM users WHERE account_id = o.account_id)));",
      "));",
    ],
    dies: LIMITS,
    by: "by an account that gives no address and a guest who gives the account's own",
  },
  {
    name: "one caller holds as often as they like",
    change: [
      "WHEN NEW.status = 'held' AND NEW.caller_limit <= (",
      "WHEN NEW.status = 'held' AND 1000 * NEW.caller_limit <= (",
    ],
    dies: HOLDS_PER_CALLER,
    by: "so of many holds that one address asks for at once",
  },
  {
    name: "a hold that is over counts until the sweep comes",
    change: [
      "(order_id IS NOT NULL OR expires_at > NEW.created_at))",
      "(expires_at > NEW.created_at OR 1))",
    ],
    dies: HOLDS_PER_CALLER,
    by: "and not a moment longer than it lasts",
  },
  {
    name: "another address of one network is another caller",
    change: [
      `sign(config.tokenSecret, "holds", clientOf(actor.address))`,
      `sign(config.tokenSecret, "holds", actor.address)`,
    ],
    dies: HOLDS_PER_CALLER,
    by: "from another address of its own /64",
  },
  {
    name: "an account's holds count against the network that it comes from",
    change: ["if (actor.user !== undefined) return actor.user.accountId;", ""],
    dies: HOLDS_PER_CALLER,
    by: "nor an account from wherever its people are",
  },
  {
    name: "whose holds they are can be guessed from their address",
    change: [
      `sign(config.tokenSecret, "holds", clientOf(actor.address))`,
      `sign("", "holds", clientOf(actor.address))`,
    ],
    dies: HOLDS_PER_CALLER,
    by: "is no address, and says nothing",
  },
  {
    name: "a checkout's own hold is not counted",
    change: ["if (input.items !== undefined) await countHold(ctx);", ""],
    dies: "test/rate-limit/answers.test.ts",
    by: "counts the hold that it makes",
  },
  {
    name: "the audit overlooks more holds of one caller than their cap",
    change: ["WHERE held > caller_limit", "WHERE held > 100 * caller_limit"],
    dies: EVERY_RULE,
    by: "The invariants find > more holds of one caller than its cap",
  },
  {
    name: "the audit overlooks a hold of more than one order may have",
    change: ["AND l.quantity > v.max_per_order", "AND l.quantity > 100 * v.max_per_order"],
    dies: EVERY_RULE,
    by: "The invariants find > a hold of more than one order may have",
  },
  {
    name: "the audit overlooks an account's hold that counts against somebody else",
    change: [
      "account_id IS NOT NULL AND caller <> account_id",
      "account_id IS NOT NULL AND caller = 'x'",
    ],
    dies: EVERY_RULE,
    by: "The invariants find > an account's hold that counts against somebody else",
  },
  {
    name: "the audit overlooks an account that holds more than one customer may have",
    change: ["HAVING sum(units) > max_per_customer", "HAVING sum(units) > 100 * max_per_customer"],
    dies: EVERY_RULE,
    by: "The invariants find > an account that holds more than one customer may have",
  },
  {
    name: "the audit overlooks more that waits for one address than one customer may have",
    change: [
      "HAVING sum(l.quantity) > v.max_per_customer",
      "HAVING sum(l.quantity) > 100 * v.max_per_customer",
    ],
    dies: EVERY_RULE,
    by: "The invariants find > more that waits for one address than one customer may have",
  },
];
