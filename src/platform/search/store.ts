import { sql } from "drizzle-orm";
import { query } from "../db.ts";

/** Which filling of the index this is; the columns are explained in `migrations-search/`. */
export interface IndexState {
  readonly generation: number;
  readonly through: number;
  readonly filled: number;
}

export function findIndexState() {
  return query.all<IndexState>(sql`SELECT generation, through, filled FROM index_state`);
}

/** Begins to fill the index anew. What is in it is found until then, and after that only what was filled in. */
export function beginFilling() {
  return query.all<IndexState>(sql`
    UPDATE index_state SET generation = generation + 1, through = 0
    RETURNING generation, through, filled`);
}

/** A filling has come this far. One that overlaps with it never takes it back. */
export function filledThrough(generation: number, through: number) {
  return query.run(sql`
    UPDATE index_state SET through = max(through, CAST(${through} AS INTEGER)) WHERE generation = ${generation}`);
}

/** A filling has come to its end, unless another one was begun. */
export function filledWhole(generation: number) {
  return query.run(
    sql`UPDATE index_state SET filled = generation WHERE generation = ${generation}`,
  );
}
