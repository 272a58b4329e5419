import { audit } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError, notFound } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { WAKE_GRACE_MS } from "../platform/jobs/wake.ts";
import type { WebhookEvent } from "./event.ts";
import { eventJson, idOfEvent, reopenEvent } from "./store.ts";

/** What the audit line runs into for an event that does not exist. */
const NO_EVENT = "audit_log.target";

/**
 * Gives an event to its consumer again, whatever became of it before. A consumer brings things to where they are at the
 * provider, so what has been done is not done twice. Throws `NOT_FOUND`, and `INVALID_TRANSITION` for one whose payload is
 * gone.
 */
export function replayEvent(ctx: Context, input: { readonly id: string }): Effect<WebhookEvent> {
  const { id } = input;
  return {
    statements: [
      audit(ctx, "webhook_event.replayed", idOfEvent(id)),
      reopenEvent(id, ctx.now() + WAKE_GRACE_MS),
    ],
    result: eventJson(id),
    after: () => ctx.wake({ type: "webhook", id }),
    explain,
  };
}

function explain(error: unknown): AppError | undefined {
  if (refusedBy(error, NO_EVENT)) return notFound("webhook event");
  if (!refusedBy(error, "event_archived")) return undefined;
  return new AppError(
    "INVALID_TRANSITION",
    "This event was processed long ago, and what it said has left the database. Look at its payment at the provider.",
  );
}
