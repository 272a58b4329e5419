import { audit } from "../../platform/audit-log/store.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { WAKE_GRACE_MS } from "../../platform/jobs/wake.ts";
import { idOfEndpoint } from "../endpoints/store.ts";
import { TEST_EVENT } from "../event-types.ts";
import type { Delivery } from "./delivery.ts";
import { deliveryJson, insertDelivery, insertTestEvent } from "./store.ts";

/** Sends an endpoint an event that says nothing, to see whether it arrives. Throws `NOT_FOUND`. */
export function testEndpoint(
  ctx: Context,
  { id: endpointId }: { readonly id: string },
): Effect<Delivery> {
  const now = ctx.now();
  const { requestId } = ctx;
  const event = { id: newId("evt", now), type: TEST_EVENT, endpointId, requestId, now };
  const id = newId("dlv", now);
  return {
    statements: [
      audit(ctx, "webhook_endpoint.tested", idOfEndpoint(endpointId)),
      insertTestEvent(event),
      insertDelivery(id, event, now + WAKE_GRACE_MS),
    ],
    result: deliveryJson(id),
    after: () => ctx.wake({ type: "delivery", id }),
    explain: (error) =>
      refusedBy(error, "audit_log.target") ? notFound("webhook endpoint") : undefined,
  };
}
