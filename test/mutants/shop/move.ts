import type { Mutant } from "../mutant.ts";

export const STATES = "test/platform/states.test.ts";

/** A move that the database forbids although it must be: the test is one that makes it. */
export const forbidden = (
  machine: string,
  [from, to]: readonly [string, string],
  [dies, by]: readonly [string, string],
): Mutant => ({
  name: `${machine} cannot move from ${from} to ${to}`,
  change: [`('${machine}', '${from}', '${to}')`, `('${machine}', '${from}', 'nowhere')`],
  dies,
  by,
});

/** A move that must not be. */
export const allowed = (machine: string, from: string, to: string, trigger: string): Mutant => ({
  name: `${machine} moves from ${from} to ${to}`,
  change: [
    `WHERE machine = '${machine}' AND from_state = OLD.${trigger} AND to_state = NEW.${trigger}`,
    `WHERE (OLD.${trigger} = '${from}' AND NEW.${trigger} = '${to}') OR (machine = '${machine}' AND from_state = OLD.${trigger} AND to_state = NEW.${trigger})`,
  ],
  dies: STATES,
  by: `${machine} moves as its table says, and in no other way, whoever writes`,
});

/** No test makes this move, but the code says it, too. */
export const told: readonly [string, string] = [
  STATES,
  "are the same in the database and in the code",
];
