import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/payments/by-hand.test.ts";

const STATES = "test/platform/states.test.ts";

/** Payments and disputes. */
export const PAYMENTS: readonly Mutant[] = [
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
      "CREATE UNIQUE INDEX `payments_provider_payment_id_unique`",
      "CREATE INDEX `payments_provider_payment_id_unique`",
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
