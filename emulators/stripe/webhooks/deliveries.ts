import type { EventRecord } from "../world/objects.ts";
import type { Delivery } from "../world/state.ts";
import type { World } from "../world/world.ts";
import { signatureHeader } from "./signature.ts";

/** One POST to a webhook endpoint, ready to be sent. */
export interface SignedDelivery {
  eventId: string;
  type: string;
  body: string;
  headers: Record<string, string>;
}

export function eventOf(world: World, delivery: Delivery): EventRecord | undefined {
  return world.state.accounts.get(delivery.accountId)?.events.get(delivery.eventId);
}

/** Deliveries whose time has come, in the order in which the behaviour wants them sent. */
export function dueDeliveries(world: World): Delivery[] {
  const now = world.deliveryClock();
  const due = world.state.deliveries.filter((delivery) => dueAt(world, delivery) <= now);
  return world.state.webhookBehaviour.reorder ? due.reverse() : due;
}

/** Milliseconds on the clock of deliveries. */
export function dueAt(world: World, { createdAt, dueAt }: Delivery): number {
  return Math.max(dueAt, createdAt + world.state.webhookBehaviour.delayMs);
}

/** How often a delivery goes out: none when it is to be lost on the way. Counts the loss. */
export function copiesOf(world: World): number {
  const { webhookBehaviour: behaviour } = world.state;
  if (behaviour.drop === true) return 0;
  if (behaviour.drop > 0) {
    behaviour.drop -= 1;
    return 0;
  }
  return 1 + behaviour.duplicate;
}

export function removeDelivery(world: World, delivery: Delivery): void {
  const index = world.state.deliveries.indexOf(delivery);
  if (index !== -1) world.state.deliveries.splice(index, 1);
}

/** The request as Stripe sends it, signed now; the body is indented as the real one is. */
export async function signed(world: World, { event }: EventRecord): Promise<SignedDelivery> {
  const body = JSON.stringify(event, null, 2);
  return {
    eventId: event.id,
    type: event.type,
    body,
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      "Stripe-Signature": await signatureHeader(
        body,
        world.options.webhookSecret,
        world.signingClock(),
      ),
    },
  };
}

/** An outage loses what came due while it lasted, whether or not anybody asked meanwhile. */
export function endOutage(world: World): void {
  if (world.state.webhookBehaviour.drop !== true) return;
  for (const delivery of dueDeliveries(world)) {
    const record = eventOf(world, delivery);
    if (record !== undefined) record.lastOutcome = "lost on the way";
    removeDelivery(world, delivery);
  }
}

/**
 * Hands out what is due, as if it had been POSTed and accepted.
 * `max` counts events; duplicates of one come together with it.
 */
export async function takeDeliveries(world: World, max: number): Promise<SignedDelivery[]> {
  const taken: Promise<SignedDelivery>[] = [];
  for (const delivery of dueDeliveries(world).slice(0, max)) {
    removeDelivery(world, delivery);
    const record = eventOf(world, delivery);
    const copies = copiesOf(world);
    if (record === undefined) continue;
    record.attempts += 1;
    record.lastOutcome = copies === 0 ? "lost on the way" : "taken";
    if (copies > 0) record.deliveredAt = world.now();
    for (let copy = 0; copy < copies; copy += 1) taken.push(signed(world, record));
  }
  world.changed();
  return await Promise.all(taken);
}
