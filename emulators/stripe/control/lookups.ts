import type { Charge, PaymentIntent, Refund, SessionRecord } from "../world/objects.ts";
import type { Account } from "../world/state.ts";
import { type Scope, unasked, type World } from "../world/world.ts";
import { ControlError } from "./body.ts";

/** An object with the scope of the account that owns it. */
export interface Found<T> {
  scope: Scope;
  object: T;
}

/** Finds an object by its id in whatever account has it: people and tests know no accounts. */
function findAnywhere<T>(
  world: World,
  id: string,
  collection: (account: Account) => Map<string, T>,
): Found<T> {
  for (const account of world.state.accounts.values()) {
    const object = collection(account).get(id);
    if (object !== undefined) return { scope: unasked(world, account), object };
  }
  throw new ControlError(404, `There is no ${id}.`);
}

export function anySession(world: World, id: string): Found<SessionRecord> {
  return findAnywhere(world, id, (account) => account.sessions);
}

export function anyPayment(world: World, id: string): Found<PaymentIntent> {
  return findAnywhere(world, id, (account) => account.paymentIntents);
}

export function anyRefund(world: World, id: string): Found<Refund> {
  return findAnywhere(world, id, (account) => account.refunds);
}

export function anyEvent(world: World, id: string) {
  return findAnywhere(world, id, (account) => account.events);
}

/** The charge that a payment ended with. */
export function chargeOf(world: World, paymentId: string): Found<Charge> {
  const { scope, object } = anyPayment(world, paymentId);
  const charge = scope.account.charges.get(object.latest_charge ?? "");
  if (charge === undefined) throw new ControlError(409, `${paymentId} has no charge yet.`);
  return { scope, object: charge };
}
