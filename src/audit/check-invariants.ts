import type { Database } from "../platform/db.ts";
import { everyRule, type Moment } from "./rules.ts";
import type { InvariantName } from "./store.ts";

export interface Invariant {
  readonly name: InvariantName;
  readonly rule: string;
  readonly holds: boolean;
  /** Sentences that name the row; at most 20 a query. */
  readonly breaches: string[];
}

const RULES: Readonly<Record<InvariantName, string>> = {
  I1: "The stock ledger's sums are the levels, what is held is what is reserved, and nothing is below zero.",
  I2: "What an order says it was paid is what was captured less what went back; refunds never pass the capture.",
  I3: "A payment is for one order, and an order has one successful payment.",
  I4: "Every webhook that was answered 200 ends processed, ignored or dead.",
  I5: "Each event, job, idempotency key and discount code has its effect once.",
  I6: "What was acknowledged is on disk, and what is not done yet has somebody who will wake it.",
  I7: "The same idempotency key gets the same answer.",
  I8: "A hold is never longer than it says, and one that has ended holds nothing.",
  I9: "Money after expiry or cancellation is an order with stock, or goes back, or a person was called.",
  I10: "The states of an order fit together; what was paid stays paid or is canceled.",
  I11: "One mail a transition, and nothing promised is left unsaid.",
  I12: "What is made of an account's reservation is that account's.",
  I17: "Sent and refunded before it was sent is never more than bought, and what is back on the shelf is owed to nobody.",
  I18: "Nobody holds more than a variant's limits and their own cap allow.",
  I19: "What is booked here is on the payment provider's books too, or a person has been told.",
  I20: "What the reports say of a day is what was sold and what went back on it.",
  I21: "What a customer has bought and spent is what their orders say.",
};

/** A row that breaks a rule, in a sentence. */
export interface Breach {
  readonly invariant: InvariantName;
  readonly breach: string;
}

/**
 * Checks what can be read off the database, all of it in one transaction: for a database that is small enough. I1 holds at
 * every instant, the rest once queues are empty and the sweeps have run.
 */
export async function checkInvariants(db: Database, moment: Moment): Promise<Invariant[]> {
  return byRule((await db.batch(everyRule(moment))).flat());
}

/** Each invariant with what breaks it. */
export function byRule(found: readonly Breach[]): Invariant[] {
  return Object.entries(RULES).map(([name, rule]) => {
    const broken = found.filter((row) => row.invariant === name).map(({ breach }) => breach);
    const breaches = [...new Set(broken)];
    return { name: name as InvariantName, rule, holds: breaches.length === 0, breaches }; // a key of RULES
  });
}
