import { audit } from "../../platform/audit-log/store.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { WAKE_GRACE_MS } from "../../platform/jobs/wake.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { findLetter, idOfDeadPromise, revivedJson, revivePromise } from "./store.ts";

/** What the audit line runs into for what is not a dead promise. */
const NOT_DEAD = "audit_log.target";

/**
 * Tries to keep a dead promise again. Whoever is told gets the idempotency key of the first try, so what reached them
 * is not done twice. Throws `NOT_FOUND`, and `INVALID_TRANSITION` for an unreadable message or a promise that is not dead.
 */
export function replayDeadLetter(ctx: Context, input: { readonly id: string }): Effect<DeadLetter> {
  const { id } = input;
  return {
    statements: [
      audit(ctx, "dead_letter.replayed", idOfDeadPromise(id)),
      revivePromise(id, ctx.now() + WAKE_GRACE_MS),
    ],
    result: revivedJson(id),
    after: () => ctx.wake({ type: "outbox", id }),
    explain: (error) => (refusedBy(error, NOT_DEAD) ? explain(ctx, id) : undefined),
  };
}

async function explain(ctx: Context, id: string): Promise<AppError> {
  const [found] = await ctx.db.run(findLetter(id));
  if (found === undefined) return notFound("dead letter");
  return new AppError(
    "INVALID_TRANSITION",
    "This cannot be replayed: it is not dead, or a message that nothing can read.",
  );
}
