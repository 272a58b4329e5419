/** A state machine: each state with the states it may move to. */
type Transitions = Readonly<Record<string, readonly string[]>>;

/** The states of a table, in its order. */
export function statesOf<T extends Transitions>(
  table: T,
): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(table) as [keyof T & string, ...(keyof T & string)[]]; // the keys of a constant table, never none
}
