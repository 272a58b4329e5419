import type { Mutant } from "../mutant.ts";
import { allowed, forbidden, STATES, told } from "./move.ts";

const LATE = "test/payments/late-money.test.ts";
const WAYS = "test/payments/ways.test.ts";
const EXPIRE = "test/checkout/expire.test.ts";
const REFUNDS = "test/payments/refund-api.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";

const RESERVATION = [
  forbidden(
    "reservation",
    ["held", "committed"],
    ["test/purchase.test.ts", "goes from the shelf to a paid order with a receipt"],
  ),
  forbidden(
    "reservation",
    ["held", "released"],
    ["test/inventory/reservations.test.ts", "frees the stock once, however often it is asked"],
  ),
  forbidden(
    "reservation",
    ["held", "expired"],
    [
      "test/inventory/expiry.test.ts",
      "is ended by the sweep, not a millisecond sooner, and its stock is free",
    ],
  ),
  allowed("reservation", "released", "held", "status"),
  allowed("reservation", "expired", "held", "status"),
  allowed("reservation", "expired", "committed", "status"),
  allowed("reservation", "committed", "released", "status"),
];

const PAYMENT = [
  forbidden(
    "payment",
    ["pending", "processing"],
    [WAYS, "holds the stock beyond the 15 minutes, and the hold says so"],
  ),
  forbidden(
    "payment",
    ["pending", "succeeded"],
    ["test/purchase.test.ts", "goes from the shelf to a paid order with a receipt"],
  ),
  forbidden("payment", ["pending", "failed"], told),
  forbidden(
    "payment",
    ["pending", "expired"],
    [EXPIRE, "ends after 15 minutes: first the page is closed at Stripe, then the stock is free"],
  ),
  forbidden(
    "payment",
    ["processing", "succeeded"],
    [WAYS, "that arrives after days is a sale with one receipt"],
  ),
  forbidden(
    "payment",
    ["processing", "failed"],
    [WAYS, "that fails after days gives the stock back"],
  ),
  forbidden("payment", ["failed", "succeeded"], told),
  forbidden("payment", ["expired", "processing"], told),
  forbidden(
    "payment",
    ["expired", "succeeded"],
    [LATE, "by card, after expiry, is a sale or goes back like any other"],
  ),
  allowed("payment", "succeeded", "pending", "status"),
];

const REFUND_AND_DISPUTE = [
  forbidden(
    "refund",
    ["pending", "succeeded"],
    [
      REFUNDS,
      "of everything that is left is promised at once, sent to Stripe, booked and told once",
    ],
  ),
  forbidden(
    "refund",
    ["pending", "failed"],
    ["test/payments/refunds.test.ts", "that fails after it was pending calls a person"],
  ),
  forbidden(
    "refund",
    ["succeeded", "failed"],
    [DASHBOARD, "that fails after it succeeded is taken out again, and calls a person"],
  ),
  forbidden("dispute", ["open", "won"], [DISPUTES, "that is won can be refunded after all"]),
  forbidden(
    "dispute",
    ["open", "lost"],
    [DISPUTES, "that is lost is a refund by the bank, under the dispute's own id"],
  ),
  forbidden(
    "dispute",
    ["lost", "won"],
    ["test/payments/dispute-events.test.ts", "that is won after an appeal bring the money back"],
  ),
  allowed("refund", "failed", "pending", "status"),
  allowed("dispute", "won", "open", "status"),
];

/**
 * What else the triggers ask. Whose moves a machine makes is told apart only where another one moves between states of
 * the same names: a payment's from those of a refund, and the other way round.
 */
const TRIGGERS: readonly Mutant[] = [
  ...["payment", "refund"].map(
    (machine): Mutant => ({
      name: `${machine} moves as others do`,
      change: [`WHERE machine = '${machine}' AND from_state`, "WHERE from_state"],
      dies: STATES,
      by: `${machine} moves as its table says, and in no other way, whoever writes`,
    }),
  ),
  ...[
    ["reservations", "reservation", "status"],
    ["orders", "order.status", "status"],
    ["orders", "order.payment_status", "payment_status"],
    ["orders", "order.fulfillment_status", "fulfillment_status"],
    ["payments", "payment", "status"],
    ["refunds", "refund", "status"],
    ["disputes", "dispute", "status"],
  ].map(
    ([table = "", machine = "", column = ""]): Mutant => ({
      name: `${machine} that is written again moves`,
      change: [`WHEN OLD.${column} <> NEW.${column} AND NOT EXISTS`, "WHEN NOT EXISTS"],
      after: `BEFORE UPDATE OF ${column} ON ${table}`,
      dies: STATES,
      by: `${machine} moves as its table says, and in no other way, whoever writes`,
    }),
  ),
];

/** Which state of a hold, a payment, a refund or a dispute follows which, and the triggers that read it. */
export const MOVES: readonly Mutant[] = [
  ...RESERVATION,
  ...PAYMENT,
  ...REFUND_AND_DISPUTE,
  ...TRIGGERS,
];
