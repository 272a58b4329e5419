import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/payments/by-hand.test.ts";

const STATES = "test/platform/states.test.ts";

const CAPTURED = "CREATE TRIGGER refunds_within_captured";

/** No more goes back than was taken. */
export const REFUNDS: readonly Mutant[] = [
  {
    name: "a refund in a state that there is not",
    change: [`CHECK("refunds"."status" IN ('pending', 'succeeded', 'failed'))`, "CHECK(1)"],
    dies: STATES,
    by: "refund takes no state that is not in its table",
  },
  {
    name: "a refund of nothing",
    change: [
      `AND "refunds"."status" = 'succeeded', "refunds"."amount" > 0)`,
      `AND "refunds"."status" = 'succeeded', 1)`,
    ],
    dies: BY_HAND,
    by: "A refund, whoever writes it > of nothing is refused",
  },
  {
    name: "one refund at Stripe is two of ours",
    change: [
      "CREATE UNIQUE INDEX `refunds_provider_refund_id_unique`",
      "CREATE INDEX `refunds_provider_refund_id_unique`",
    ],
    dies: BY_HAND,
    by: "that Stripe knows by the id of another is refused",
  },
  {
    name: "more goes back than was taken",
    change: ["WHEN NEW.amount + (", "WHEN 0 * ("],
    after: CAPTURED,
    dies: BY_HAND,
    by: "of more than was taken is refused",
  },
  {
    name: "one unit more goes back than was taken",
    change: ["WHEN NEW.amount + (", "WHEN NEW.amount - 1 + ("],
    after: CAPTURED,
    dies: BY_HAND,
    by: "of more than was taken is refused",
  },
  {
    name: "not all that was taken can go back",
    change: [
      "\n  > (SELECT captured FROM payments WHERE id = NEW.payment_id)",
      "\n  >= (SELECT captured FROM payments WHERE id = NEW.payment_id)",
    ],
    dies: BY_HAND,
    by: "is of all that was taken, to the last unit",
  },
  {
    name: "refunds under way do not count",
    change: [
      "WHERE payment_id = NEW.payment_id AND status <> 'failed')\n  >",
      "WHERE payment_id = NEW.payment_id AND status = 'succeeded')\n  >",
    ],
    dies: BY_HAND,
    by: "of more than is left, one under way is refused",
  },
  {
    name: "refunds that are made do not count",
    change: [
      "WHERE payment_id = NEW.payment_id AND status <> 'failed')\n  >",
      "WHERE payment_id = NEW.payment_id AND status = 'pending')\n  >",
    ],
    dies: BY_HAND,
    by: "of more than is left, one made is refused",
  },
  {
    name: "refunds that have failed count",
    change: [
      "WHERE payment_id = NEW.payment_id AND status <> 'failed')\n  >",
      "WHERE payment_id = NEW.payment_id)\n  >",
    ],
    dies: BY_HAND,
    by: "that has failed leaves room for another",
  },
  {
    name: "refunds of one payment count for all",
    change: [
      "WHERE payment_id = NEW.payment_id AND status <> 'failed')\n  >",
      "WHERE status <> 'failed')\n  >",
    ],
    dies: BY_HAND,
    by: "of one payment leaves all of the other",
  },
  {
    name: "what one payment has taken goes back by another",
    change: [
      "> (SELECT captured FROM payments WHERE id = NEW.payment_id)",
      "> (SELECT max(captured) FROM payments)",
    ],
    dies: BY_HAND,
    by: "of what another payment has taken is refused",
  },
];
