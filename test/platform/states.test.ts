import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { csvJobTransitions } from "../../src/csv/csv-job-state.ts";
import { reservationTransitions } from "../../src/inventory/reservation-state.ts";
import {
  disputeTransitions,
  fulfillmentTransitions,
  orderTransitions,
  paymentStatusTransitions,
  paymentTransitions,
  refundTransitions,
} from "../../src/orders/order-state.ts";
import { deliveryTransitions } from "../../src/subscribers/delivery-state.ts";
import { rows } from "../support/world.ts";

interface Machine {
  readonly name: string;
  readonly transitions: Readonly<Record<string, readonly string[]>>;
  /** A row in this state, and the statement that moves it to that one. */
  readonly born: (state: string) => readonly string[];
  readonly move: (state: string) => string;
}

const ended = (state: string) => (state === "held" ? "NULL" : "1");

const reservation = (state: string) => [
  `INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at, ended_at)
   VALUES ('rsv_t', 'hld_t', '${state}', 'test', 9, 'test', 0, 9, ${ended(state)})`,
];

const order = (column: string, state: string) => {
  const states = {
    status: "pending_payment",
    payment_status: "unpaid",
    fulfillment_status: "unfulfilled",
    [column]: state,
  };
  return [
    ...reservation("held"),
    `INSERT INTO orders (id, number, status, payment_status, fulfillment_status, currency, subtotal, total, captured,
       payment_terms, reservation_id, success_url, cancel_url, version, created_at, updated_at)
     VALUES ('ord_t', 9999, '${states.status}', '${states.payment_status}', '${states.fulfillment_status}', 'USD', 1, 1, 1,
       '{}', 'rsv_t', 'https://a.test', 'https://a.test', 1, 0, 0)`,
  ];
};

const payment = (state: string) => [
  ...order("status", "pending_payment"),
  `INSERT INTO payments (id, order_id, status, amount, captured, currency, created_at, updated_at)
   VALUES ('pay_t', 'ord_t', '${state}', 1, 1, 'USD', 0, 0)`,
];

const refund = (state: string) => [
  ...payment("succeeded"),
  `INSERT INTO refunds (id, order_id, payment_id, status, amount, currency, reason, source, actor, created_at, updated_at)
   VALUES ('ref_t', 'ord_t', 'pay_t', '${state}', 1, 'USD', 'test', 'shop', 'test', 0, 0)`,
];

const dispute = (state: string) => [
  ...payment("succeeded"),
  `INSERT INTO disputes (id, order_id, payment_id, status, reason, amount, currency, created_at, updated_at)
   VALUES ('dp_t', 'ord_t', 'pay_t', '${state}', 'test', 1, 'USD', 0, 0)`,
];

const dueWhile = (state: string) => (state === "pending" ? "1" : "NULL");

const finished = (state: string) => (["succeeded", "failed"].includes(state) ? "1" : "NULL");

const axis = (name: string, column: string, transitions: Machine["transitions"]): Machine => ({
  name,
  transitions,
  born: (state) => order(column, state),
  move: (state) => `UPDATE orders SET ${column} = '${state}' WHERE id = 'ord_t'`,
});

const machines: readonly Machine[] = [
  {
    name: "reservation",
    transitions: reservationTransitions,
    born: reservation,
    move: (state) =>
      `UPDATE reservations SET status = '${state}', ended_at = ${ended(state)} WHERE id = 'rsv_t'`,
  },
  axis("order.status", "status", orderTransitions),
  axis("order.payment_status", "payment_status", paymentStatusTransitions),
  axis("order.fulfillment_status", "fulfillment_status", fulfillmentTransitions),
  {
    name: "payment",
    transitions: paymentTransitions,
    born: payment,
    move: (state) => `UPDATE payments SET status = '${state}' WHERE id = 'pay_t'`,
  },
  {
    name: "refund",
    transitions: refundTransitions,
    born: refund,
    move: (state) => `UPDATE refunds SET status = '${state}' WHERE id = 'ref_t'`,
  },
  {
    name: "dispute",
    transitions: disputeTransitions,
    born: dispute,
    move: (state) => `UPDATE disputes SET status = '${state}' WHERE id = 'dp_t'`,
  },
  {
    name: "csv_job",
    transitions: csvJobTransitions,
    born: (state) => [
      `INSERT INTO csv_jobs (id, type, kind, status, dry_run, filter, phase, actor, address, request_id, created_at, finished_at)
       VALUES ('job_t', 'export', 'stock', '${state}', 0, '{}', 'over', 'test', '', 'test', 0, ${finished(state)})`,
    ],
    move: (state) =>
      `UPDATE csv_jobs SET status = '${state}', finished_at = ${finished(state)} WHERE id = 'job_t'`,
  },
  {
    name: "webhook_delivery",
    transitions: deliveryTransitions,
    born: (state) => delivery(state),
    move: (state) =>
      `UPDATE webhook_deliveries SET status = '${state}', wake_at = ${dueWhile(state)} WHERE id = 'dlv_t'`,
  },
];

const delivery = (state: string) => [
  "INSERT INTO outgoing_events (id, type, subject, sequence, created_at) VALUES ('evt_t', 'test', 'test', 1, 0)",
  `INSERT INTO webhook_deliveries (id, endpoint_id, event_id, status, attempts, created_at, wake_at)
   VALUES ('dlv_t', 'wep_t', 'evt_t', '${state}', 1, 0, ${dueWhile(state)})`,
  "INSERT INTO delivery_attempts (delivery_id, number, status, latency_ms, created_at) VALUES ('dlv_t', 1, 200, 1, 0)",
];

const UNDO = "INSERT INTO state_transitions SELECT * FROM state_transitions LIMIT 1";

/** Runs the statements and takes them back; answers the database's word. */
async function outcome(statements: readonly string[]): Promise<string> {
  const batch = [...statements, UNDO].map((sql) => env.DB.prepare(sql));
  return env.DB.batch(batch).then(
    () => "kept",
    (error: Error) => error.message,
  );
}

describe("The state machines", () => {
  it("are the same in the database and in the code", async () => {
    const stored = await rows<{ move: string }>(
      "SELECT machine || ': ' || from_state || ' > ' || to_state AS move FROM state_transitions",
    );
    const coded = machines.flatMap(({ name, transitions }) =>
      Object.entries(transitions).flatMap(([from, targets]) =>
        targets.map((to) => `${name}: ${from} > ${to}`),
      ),
    );
    expect(stored.map(({ move }) => move).sort()).toEqual(coded.sort());
  });

  for (const { name, transitions, born, move } of machines) {
    const states = Object.keys(transitions);
    it(`${name} moves as its table says, and in no other way, whoever writes`, async () => {
      for (const from of states) {
        for (const to of states) {
          const legal = from === to || transitions[from]?.includes(to) === true;
          const word = await outcome([...born(from), move(to)]);
          const expected = legal
            ? "UNIQUE constraint failed: state_transitions"
            : `illegal_transition:${name}`;
          expect(`${from} > ${to}: ${word}`).toContain(`${from} > ${to}: D1_ERROR: ${expected}`);
        }
      }
    });

    it(`${name} takes no state that is not in its table`, async () => {
      for (const from of states) {
        expect(await outcome([...born(from), move("elsewhere")])).toMatch(
          /illegal_transition|CHECK constraint/,
        );
      }
      expect(await outcome(born("elsewhere"))).toContain("CHECK constraint failed");
    });
  }
});
