import { NOTHING, type Sql } from "./world/database.ts";
import type { Rewrite } from "./world/index.ts";

/** A mistake that somebody could make in src/, made in what the database is asked. `invariant` is what has to notice. */
export interface Bug {
  readonly name: string;
  readonly invariant: string;
  readonly rewrite: Rewrite;
}

const HOUR_MS = 3_600_000;

/** The same batch with each statement that matches replaced. */
function change(matches: (sql: Sql) => boolean, replace: (sql: Sql) => Sql): Rewrite {
  return (batch) => [batch.map((one) => (matches(one) ? replace(one) : one))];
}

const leaveOut = (matches: (sql: Sql) => boolean): Rewrite => change(matches, () => NOTHING);

const about =
  (pattern: RegExp, ...values: readonly unknown[]) =>
  ({ sql, params }: Sql): boolean =>
    pattern.test(sql) && values.every((value) => params.includes(value));

const withParams = (replace: (value: unknown, index: number) => unknown) => (one: Sql) => ({
  ...one,
  params: one.params.map(replace),
});

const AUTOMATIC = ["sold_out", "order_canceled", "amount_mismatch"];

/** A mail that nobody promises. */
const untold = (name: string, topic: string): Bug => ({
  name,
  invariant: "I11",
  rewrite: leaveOut(about(/^\s*insert into "?outbox\b/i, topic)),
});

export const BUGS: readonly Bug[] = [
  {
    name: "stock that moves past the ledger",
    invariant: "I1",
    rewrite: change(about(/^insert into "stock_movements"/i, "receive"), ({ params }) => ({
      sql: "UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku IN (SELECT value FROM json_each(?))",
      params: [JSON.stringify(params.filter((one) => typeof one === "string"))],
    })),
  },
  {
    name: "a refund that is not booked on its order",
    invariant: "I2",
    rewrite: change(about(/^update "orders" set[\s\S]*"refunded" = \(select/i), (one) => ({
      ...one,
      sql: one.sql.replace(
        /"refunded" = \(select coalesce.*?\?/i,
        '"refunded" = (SELECT orders.refunded FROM refunds WHERE order_id = ?',
      ),
    })),
  },
  {
    name: "an order that is paid without its payment",
    invariant: "I3",
    rewrite: leaveOut(about(/^update "payments" set/i, "succeeded")),
  },
  {
    name: "an effect without the mark that it was had",
    invariant: "I4",
    rewrite: leaveOut(about(/^update "webhook_events" set/i, "processed")),
  },
  {
    name: "a payment that leaves no trace in the history",
    invariant: "I5",
    rewrite: leaveOut(about(/^insert into "order_events"/i, "order.paid")),
  },
  {
    name: "a webhook that is answered 200 and not kept",
    invariant: "I6",
    rewrite: leaveOut(about(/^\s*insert into "?webhook_events\b/i)),
  },
  {
    name: "an idempotency key that is not kept",
    invariant: "I7",
    rewrite: leaveOut(about(/^insert into "idempotency_keys"/i)),
  },
  {
    name: "a hold that lasts an hour longer than it says",
    invariant: "I8",
    rewrite: change(about(/^insert into "reservations"/i), (one) => {
      const times = one.params.filter((value) => typeof value === "number");
      const end = Math.max(...times);
      return withParams((value) => (value === end ? end + HOUR_MS : value))(one);
    }),
  },
  {
    name: "late money that nobody sends back",
    invariant: "I9",
    rewrite: leaveOut((one) =>
      AUTOMATIC.some((reason) => about(/^insert into "refunds"/i, reason)(one)),
    ),
  },
  {
    name: "a paid order whose payment is still under way",
    invariant: "I10",
    rewrite: change(
      ({ sql, params }) =>
        /^update "orders" set "status" = \?, "payment_status" = \?/i.test(sql) &&
        params[0] === "paid",
      withParams((value, index) => (index === 1 ? "processing" : value)),
    ),
  },
  untold("a receipt that nobody promises", "mail.receipt"),
  untold("a refund of which its customer hears nothing", "mail.refunded"),
  untold("a cancellation of which its customer hears nothing", "mail.order_canceled"),
  untold("a bank that says no, and nobody tells the customer", "mail.payment_failed"),
  untold("money that needs a person, and nobody calls one", "mail.operators"),
  {
    name: "a subscriber of whom nothing is tried twice",
    invariant: "I11",
    rewrite: change(
      about(/UPDATE webhook_deliveries SET tries = tries \+ 1, wake_at = \?/i),
      ({ params }) => ({
        sql: "UPDATE webhook_deliveries SET status = 'failed', wake_at = NULL WHERE id = ?",
        params: params.slice(1),
      }),
    ),
  },
  {
    name: "a unit that goes to the shelf and is still owed",
    invariant: "I17",
    rewrite: change(about(/^\s*INSERT INTO refund_lines/i), ({ params }) => ({
      sql: `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, created_at)
        SELECT value ->> 'sku', 'return', value ->> 'quantity', 0, 'x', ?, 'x', 1 FROM json_each(?)
        WHERE value ->> 'restock' = 'cancel'`,
      params: params.slice(1),
    })),
  },
  {
    name: "an account's hold that counts against nobody",
    invariant: "I18",
    rewrite: change(about(/^insert into "reservations"/i), (one) => {
      const account = one.params.findIndex((value) => String(value).startsWith("acc_"));
      return withParams((value, index) =>
        index > account && value === one.params[account] ? "nobody" : value,
      )(one);
    }),
  },
  {
    name: "numbers that go back with the database",
    invariant: "I6",
    rewrite: leaveOut(about(/^update "order_numbers"/i)),
  },
  {
    name: "a guest who has bought once more than there are orders",
    invariant: "I21",
    rewrite: change(about(/^\s*INSERT INTO customers/i), (one) => ({
      ...one,
      sql: one.sql
        .replace("created_at)", "created_at, orders)")
        .replace(/\?\s+WHERE/, "?, 1 WHERE"),
    })),
  },
  {
    name: "a paid order that a restore has lost and that nobody writes again",
    invariant: "I19",
    rewrite: (batch) => [
      batch.some(about(/^insert into "order_events"/i, "order.restored"))
        ? batch.map(() => NOTHING)
        : batch,
    ],
  },
  {
    name: "a day that counts more than was paid on it",
    invariant: "I20",
    rewrite: (batch) => [
      batch.some(about(/^insert into "order_events"/i, "order.paid"))
        ? [...batch, { sql: "UPDATE sales_days SET total = total + 1", params: [] }]
        : batch,
    ],
  },
  {
    name: "a purchase that loses its account",
    invariant: "I12",
    rewrite: change(about(/^\s*insert into ("reservations"|orders)/i), (one) => {
      // The first of them; its caller, who is counted with others, is the same.
      const account = one.params.findIndex((value) => String(value).startsWith("acc_"));
      return withParams((value, index) => (index === account ? null : value))(one);
    }),
  },
];
