import type { Mutant } from "./mutant.ts";

const BY_HAND = "test/payments/by-hand.test.ts";
const STATES = "test/platform/states.test.ts";

const PAYMENTS: readonly Mutant[] = [
  {
    name: "a payment in a state that there is not",
    change: [
      `CHECK("payments"."status" IN ('pending', 'processing', 'succeeded', 'failed', 'expired'))`,
      "CHECK(1)",
    ],
    dies: STATES,
    by: "payment takes no state that is not in its table",
  },
  {
    name: "a payment of nothing",
    change: [
      `CHECK("payments"."amount" > 0 AND "payments"."captured" >= 0)`,
      `CHECK("payments"."captured" >= 0)`,
    ],
    dies: BY_HAND,
    by: "A payment, whoever writes it > of nothing is refused",
  },
  {
    name: "a payment has taken less than nothing",
    change: [
      `CHECK("payments"."amount" > 0 AND "payments"."captured" >= 0)`,
      `CHECK("payments"."amount" > 0)`,
    ],
    dies: BY_HAND,
    by: "of less than nothing taken is refused",
  },
  {
    name: "one payment page pays two orders",
    change: [
      "CREATE UNIQUE INDEX `payments_session_id_unique`",
      "CREATE INDEX `payments_session_id_unique`",
    ],
    dies: BY_HAND,
    by: "by a page that pays already is refused",
  },
  {
    name: "one payment at Stripe pays two orders",
    change: [
      "CREATE UNIQUE INDEX `payments_payment_intent_id_unique`",
      "CREATE INDEX `payments_payment_intent_id_unique`",
    ],
    dies: BY_HAND,
    by: "by a payment that pays already is refused",
  },
  {
    name: "an order is paid twice",
    change: ["CREATE UNIQUE INDEX `payments_one_success`", "CREATE INDEX `payments_one_success`"],
    dies: BY_HAND,
    by: "that is the second success of its order is refused",
  },
  {
    name: "an order has one payment, failed or not",
    change: [
      "`payments_one_success` ON `payments` (`order_id`) WHERE \"status\" = 'succeeded';",
      "`payments_one_success` ON `payments` (`order_id`);",
    ],
    dies: BY_HAND,
    by: "may fail as often as it likes beside the one that succeeds",
  },
];

const CAPTURED = "CREATE TRIGGER refunds_within_captured";

const REFUNDS: readonly Mutant[] = [
  {
    name: "a refund in a state that there is not",
    change: [`CHECK("refunds"."status" IN ('pending', 'succeeded', 'failed'))`, "CHECK(1)"],
    dies: STATES,
    by: "refund takes no state that is not in its table",
  },
  {
    name: "a refund of nothing",
    change: [`CHECK("refunds"."amount" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "A refund, whoever writes it > of nothing is refused",
  },
  {
    name: "one refund at Stripe is two of ours",
    change: [
      "CREATE UNIQUE INDEX `refunds_stripe_refund_id_unique`",
      "CREATE INDEX `refunds_stripe_refund_id_unique`",
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

const LINES = "CREATE TRIGGER refund_lines_within_order";

/**
 * What a refund is for. That no unit comes back to the shelf twice is held by the ledger itself (`stock_movements_return_sold`),
 * so the second half of `refund_lines_within_order` only says it earlier, in the same word.
 */
const REFUND_LINES: readonly Mutant[] = [
  {
    name: "a refund of no units",
    change: [`CHECK("refund_lines"."quantity" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "is not no units",
  },
  {
    name: "a refund of goods that are half back",
    change: [`CHECK("refund_lines"."restock" IN (0, 1))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "is not half a return",
  },
  {
    name: "a refund has one SKU twice",
    change: ["PRIMARY KEY(`refund_id`, `sku`),", ""],
    dies: BY_HAND,
    by: "What a refund is for, whoever writes it > is not one SKU twice",
  },
  {
    name: "a refund of what was not bought",
    change: [
      ",\n\tFOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action",
      "",
    ],
    after: "CREATE TABLE `refund_lines`",
    dies: BY_HAND,
    by: "is not what was not bought",
  },
  {
    name: "more units are refunded than were bought",
    change: ["AND NEW.quantity + (", "AND 0 * ("],
    after: LINES,
    dies: BY_HAND,
    by: "is not more than was bought",
  },
  {
    name: "units are refunded twice",
    change: ["coalesce(sum(x.quantity), 0)", "0"],
    after: LINES,
    dies: BY_HAND,
    by: "is not what another refund is for",
  },
  {
    name: "units of a refund that has failed are never refunded",
    change: ["AND r.status <> 'failed') > l.quantity", ") > l.quantity"],
    dies: BY_HAND,
    by: "leaves what a refund was for that has failed",
  },
  {
    name: "units refunded in one order count in all",
    change: [
      "WHERE x.order_id = NEW.order_id AND x.sku = NEW.sku AND r.status",
      "WHERE x.sku = NEW.sku AND r.status",
    ],
    dies: BY_HAND,
    by: "in one order is nothing in another",
  },
  {
    name: "units refunded of one SKU count for all",
    change: [
      "WHERE x.order_id = NEW.order_id AND x.sku = NEW.sku AND r.status",
      "WHERE x.order_id = NEW.order_id AND r.status",
    ],
    dies: BY_HAND,
    by: "is what was bought, each unit once",
  },
  {
    name: "what comes back is not on the shelf",
    change: [
      "AFTER INSERT ON refund_lines WHEN NEW.restock = 1 BEGIN",
      "AFTER INSERT ON refund_lines WHEN 0 BEGIN",
    ],
    dies: BY_HAND,
    by: "comes back to the shelf where it says so, and only there",
  },
  {
    name: "what does not come back is on the shelf",
    change: [
      "AFTER INSERT ON refund_lines WHEN NEW.restock = 1 BEGIN",
      "AFTER INSERT ON refund_lines BEGIN",
    ],
    dies: BY_HAND,
    by: "comes back to the shelf where it says so, and only there",
  },
  {
    name: "what comes back comes once for every refund",
    change: ["FROM refunds r WHERE r.id = NEW.refund_id;", "FROM refunds r;"],
    dies: BY_HAND,
    by: "comes back to the shelf where it says so, and only there",
  },
  {
    name: "what was refunded is rewritten",
    change: ["BEFORE UPDATE ON refund_lines BEGIN", "BEFORE UPDATE ON refund_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "What a refund is for, whoever writes it > is not another number",
  },
  {
    name: "what was refunded is deleted",
    change: ["BEFORE DELETE ON refund_lines BEGIN", "BEFORE DELETE ON refund_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "What a refund is for, whoever writes it > is not nothing any more",
  },
];

const DISPUTES: readonly Mutant[] = [
  {
    name: "a dispute in a state that there is not",
    change: [`CHECK("disputes"."status" IN ('open', 'won', 'lost'))`, "CHECK(1)"],
    dies: STATES,
    by: "dispute takes no state that is not in its table",
  },
  {
    name: "a dispute about nothing",
    change: [`CHECK("disputes"."amount" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "A dispute, whoever writes it > of nothing is refused",
  },
];

/** Payments, refunds and disputes, as the database holds them. */
export const MONEY: readonly Mutant[] = [...PAYMENTS, ...REFUNDS, ...REFUND_LINES, ...DISPUTES];
