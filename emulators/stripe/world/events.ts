import { API_VERSION } from "../protocol/version.ts";
import type { EventType } from "./objects.ts";
import type { Scope } from "./world.ts";

/**
 * Records an event with a snapshot of `object` and queues its delivery.
 * `previous` holds the earlier values of the top-level fields that changed.
 */
export function emit(scope: Scope, type: EventType, object: object, previous?: object): void {
  const { world, account, request } = scope;
  const id = world.newId("evt_1");
  const data = previous === undefined ? { object } : { object, previous_attributes: previous };
  account.events.set(id, {
    event: {
      id,
      object: "event",
      api_version: API_VERSION,
      created: world.seconds(),
      data: structuredClone(data),
      livemode: false,
      pending_webhooks: 1,
      request: { id: request.id, idempotency_key: request.idempotencyKey },
      type,
    },
    attempts: 0,
    deliveredAt: null,
    lastOutcome: null,
  });
  queueDelivery(scope, id);
  world.changed();
}

export function queueDelivery({ world, account }: Scope, eventId: string): void {
  const createdAt = world.deliveryClock();
  world.state.deliveries.push({
    id: world.newId("dlv_"),
    accountId: account.id,
    eventId,
    attempt: 0,
    createdAt,
    dueAt: createdAt,
  });
  world.wakeCourier();
}
