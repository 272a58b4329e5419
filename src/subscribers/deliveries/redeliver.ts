import { audit } from "../../platform/audit-log/store.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { WAKE_GRACE_MS } from "../../platform/jobs/wake.ts";
import type { Delivery } from "./delivery.ts";
import { deliveryJson, idOfDelivery, reopenDelivery } from "./store.ts";

/** Sends an event to its endpoint again, with the same id and the same bytes, whatever became of it before. Throws `NOT_FOUND`. */
export function redeliver(ctx: Context, { id }: { readonly id: string }): Effect<Delivery> {
  return {
    statements: [
      audit(ctx, "webhook_delivery.redelivered", idOfDelivery(id)),
      reopenDelivery(id, ctx.now() + WAKE_GRACE_MS),
    ],
    result: deliveryJson(id),
    after: () => ctx.wake({ type: "delivery", id }),
    explain: (error) =>
      refusedBy(error, "audit_log.target") ? notFound("webhook delivery") : undefined,
  };
}
