import type { Mutant } from "../mutant.ts";

const LATE_CODES = "test/discounts/late-codes.test.ts";
const BY_HAND = "test/discounts/by-hand.test.ts";

/** Uses are counted, and an order that ends unpaid gives its own back. */
export const DISCOUNT_COUNTS: readonly Mutant[] = [
  {
    name: "a use counts for every code",
    change: [
      "UPDATE discounts SET uses = uses + 1 WHERE id = NEW.discount_id;",
      "UPDATE discounts SET uses = uses + 1;",
    ],
    dies: BY_HAND,
    by: "is one for an order, and counts for its code alone",
  },
  {
    name: "a use does not count",
    change: ["UPDATE discounts SET uses = uses + 1 WHERE id = NEW.discount_id;", "SELECT 1;"],
    dies: "test/discounts/limits.test.ts",
    by: "is not: of 20 buyers at once 5 get a code that is good 5 times",
  },
  {
    name: "a use that is given back twice is taken off twice",
    change: ["WHEN (OLD.given_back_at IS NULL) <> (NEW.given_back_at IS NULL)", "WHEN 1"],
    dies: BY_HAND,
    by: "that is given back is taken off, once, and put on when it is taken again",
  },
  {
    name: "a use that is taken again is taken off",
    change: ["iif(NEW.given_back_at IS NULL, 1, -1)", "-1"],
    dies: BY_HAND,
    by: "that is given back is taken off, once, and put on when it is taken again",
  },
  {
    name: "a use that is deleted is free again",
    change: [
      "BEFORE DELETE ON discount_uses\nWHEN EXISTS",
      "BEFORE DELETE ON discount_uses\nWHEN 0 AND EXISTS",
    ],
    dies: BY_HAND,
    by: "is never deleted",
  },
  {
    name: "an order that expires keeps its code",
    change: [
      "NEW.status IN ('canceled', 'expired')\nBEGIN\n  UPDATE discount_uses",
      "NEW.status IN ('canceled')\nBEGIN\n  UPDATE discount_uses",
    ],
    dies: "test/discounts/limits.test.ts",
    by: "when the order expires unpaid",
  },
  {
    name: "an order that is canceled unpaid keeps its code",
    change: [
      "NEW.status IN ('canceled', 'expired')\nBEGIN\n  UPDATE discount_uses",
      "NEW.status IN ('expired')\nBEGIN\n  UPDATE discount_uses",
    ],
    dies: "test/discounts/limits.test.ts",
    by: "when the customer gives the hold back",
  },
  {
    name: "a paid order that is canceled gives its code back",
    change: ["WHEN OLD.status = 'pending_payment' AND NEW.status IN", "WHEN NEW.status IN"],
    dies: "test/discounts/limits.test.ts",
    by: "when an order that was paid is canceled, and its money goes back",
  },
  {
    name: "one order that ends gives all codes back",
    change: [
      "given_back_at = NEW.updated_at WHERE order_id = NEW.id AND given_back_at IS NULL;",
      "given_back_at = NEW.updated_at WHERE given_back_at IS NULL;",
    ],
    dies: BY_HAND,
    by: "is given back by an order that ends unpaid, at that time, and by no other",
  },
  {
    name: "a code that was given back is given back again",
    change: ["WHERE order_id = NEW.id AND given_back_at IS NULL;", "WHERE order_id = NEW.id;"],
    dies: BY_HAND,
    by: "keeps the time at which it was given back first",
  },
  {
    name: "a late payment has its code for nothing",
    change: ["WHEN OLD.status = 'expired' AND NEW.status = 'paid'\n", "WHEN 0\n"],
    after: "CREATE TRIGGER orders_take_discount_again",
    dies: LATE_CODES,
    by: "takes the code again",
  },
  {
    name: "one late payment takes all codes again",
    change: [
      "SET given_back_at = NULL WHERE order_id = NEW.id AND given_back_at IS NOT NULL;",
      "SET given_back_at = NULL WHERE given_back_at IS NOT NULL;",
    ],
    dies: BY_HAND,
    by: "is taken again by an expired order whose money comes, and by no other",
  },
  {
    name: "a guest's use stays a guest's when the order joins an account",
    change: ["WHEN OLD.account_id IS NOT NEW.account_id\n", "WHEN 0\n"],
    dies: "test/discounts/checkout.test.ts",
    by: "knows a guest who has an account by now, whatever address they give",
  },
  {
    name: "an order that joins an account takes all uses along",
    change: [
      "SET account_id = NEW.account_id WHERE order_id = NEW.id;",
      "SET account_id = NEW.account_id;",
    ],
    dies: BY_HAND,
    by: "goes with its order to an account, and with no other",
  },
];
