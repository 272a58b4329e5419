/**
 * A world for the shop, in one isolate of the real runtime: src/ runs unchanged over a real database, while the clock,
 * chance, the queue, Stripe, the mail service and the fate of each process are in the hands of whoever holds the world.
 *
 *     const world = await World.open({ seed: "1", databases: overD1(env) });          // in vitest
 *     const world = await World.open({ seed: "1", databases: overSqlite(storage) }); // in a Durable Object
 *     try {
 *       world.inject = (call) => (call.what.includes("orders") ? "crash_after" : undefined);
 *       const answer = await world.request("POST", "/api/v1/checkouts", { body, headers }); // undefined: it died
 *     } finally {
 *       await world.close(); // gives the isolate its clock, fetch, timers and console back
 *     }
 *
 * `inject` is asked before every batch of either database, queue send and request to Stripe or the mail service, in an order that
 * the seed decides, and says what goes wrong (faults.ts). A process that has died is replaced by a fresh one at the next
 * call. `rewrite` plants bugs: it gets each batch and answers the batches to run in its place, with as many statements.
 * One world at a time; it begins by emptying the database.
 */
export { type Databases, overD1, overSqlite } from "./database.ts";
export { FAULTS, type Fault, type OutsideCall } from "./faults.ts";
export type { Answer } from "./http.ts";
export { goneInIndex, staleInIndex } from "./index-check.ts";
export { type StripeEvent, StripeSaidNo } from "./internet.ts";
export type { Moment } from "./moment.ts";
export { isGone, makeOperator, makeUser, type Operator, type SignedIn, tokenOf } from "./people.ts";
export type { QueuedMessage } from "./queue.ts";
export { hash, Random } from "./random.ts";
export { untoldEvents } from "./untold.ts";
export { SECRETS } from "./variables.ts";
export {
  type Rewrite,
  World,
  type WorldOptions,
} from "./world.ts";
