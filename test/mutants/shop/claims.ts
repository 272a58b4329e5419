import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/orders/by-hand.test.ts";

const CLAIM = "CREATE TRIGGER orders_claim_reservation";

/** An order takes over a live hold that is its own. */
export const CLAIMS: readonly Mutant[] = [
  {
    name: "an order of a hold that there is not says so in other words",
    change: [
      "WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE id = NEW.reservation_id);",
      "WHERE 0;",
    ],
    dies: BY_HAND,
    by: "of a hold that there is not is refused",
  },
  {
    name: "an order of a hold that has one says so in other words",
    change: ["AND order_id IS NOT NULL;", "AND 0;"],
    after: CLAIM,
    dies: BY_HAND,
    by: "has a hold of its own",
  },
  {
    name: "an order is made of a hold that is over at this instant",
    change: ["expires_at <= NEW.created_at", "expires_at < NEW.created_at"],
    after: CLAIM,
    dies: BY_HAND,
    by: "is not made of a hold that is over at this instant",
  },
  {
    name: "an order is made of a hold that is over, before the sweep comes",
    change: [
      "(status = 'expired' OR (status = 'held' AND expires_at <= NEW.created_at))",
      "status = 'expired'",
    ],
    dies: BY_HAND,
    by: "is not made of a hold that is over at this instant",
  },
  {
    name: "a hold that the sweep has ended is called given back",
    change: [
      "(status = 'expired' OR (status = 'held' AND expires_at <= NEW.created_at))",
      "(status = 'held' AND expires_at <= NEW.created_at)",
    ],
    dies: BY_HAND,
    by: "is not made of a hold that the sweep has ended",
  },
  {
    name: "a hold that was given back is called over",
    change: ["(status = 'held' AND expires_at <= NEW.created_at)", "expires_at <= NEW.created_at"],
    after: CLAIM,
    dies: BY_HAND,
    by: "is not made of a hold that was given back and would be over",
  },
  {
    name: "an order is made of a hold that has ended",
    change: ["WHERE id = NEW.reservation_id AND status <> 'held';", "WHERE 0;"],
    dies: BY_HAND,
    by: "is not made of a hold that was given back",
  },
  {
    name: "the hold of an order does not know of it",
    change: [
      "UPDATE reservations SET order_id = NEW.id WHERE id = NEW.reservation_id;",
      "SELECT 1;",
    ],
    dies: BY_HAND,
    by: "takes its hold over, and no other",
  },
  {
    name: "an order of one account is made of another's hold",
    change: ["AND r.account_id IS NOT NEW.account_id\n)", "AND 0\n)"],
    dies: "test/identity/accounts.test.ts",
    by: "can be checked out only by its account, and the refusal says nothing",
  },
  {
    name: "a guest's hold makes no order of an account",
    change: [
      "AND r.account_id IS NOT NULL AND r.account_id IS NOT NEW.account_id",
      "AND r.account_id IS NOT NEW.account_id",
    ],
    dies: BY_HAND,
    by: "of a guest's hold for an account: taken",
  },
  {
    name: "one hold of an account keeps others from making orders",
    change: [
      "WHERE r.id = NEW.reservation_id AND r.account_id IS NOT NULL",
      "WHERE r.account_id IS NOT NULL",
    ],
    dies: BY_HAND,
    by: "of its own hold, whatever others hold",
  },
];
