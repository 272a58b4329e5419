import type { Database } from "../platform/db.ts";
import {
  effectsOnce,
  eventsSettled,
  holdsEnd,
  moneyAddsUp,
  moneyEnds,
  paidOnce,
  stockAddsUp,
  toldOnce,
} from "./store.ts";

export interface Invariant {
  readonly name: string;
  readonly holds: boolean;
  /** Sentences that name the row; at most 20 a rule. */
  readonly breaches: readonly string[];
}

const NAMES = ["I1", "I2", "I3", "I4", "I5", "I8", "I9", "I11"] as const;

/**
 * Checks what can be read off the database, all of it in one transaction. I1 holds at every instant, the rest once
 * queues are empty and the sweeps have run. `now` in milliseconds.
 */
export async function checkInvariants(db: Database, now: number): Promise<Invariant[]> {
  const statements = [
    ...stockAddsUp(),
    ...moneyAddsUp(),
    ...paidOnce(),
    ...eventsSettled(),
    ...effectsOnce(),
    ...holdsEnd(now),
    ...moneyEnds(),
    ...toldOnce(),
  ];
  const found = (await db.batch(statements)).flat();
  return NAMES.map((name) => {
    const breaches = found.filter((row) => row.invariant === name).map((row) => row.breach);
    return { name, holds: breaches.length === 0, breaches };
  });
}
