import { audit } from "../../platform/audit-log/store.ts";
import { DAY_MS, toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { refusedEndpoint } from "./refused-endpoint.ts";
import { newSecret } from "./secret.ts";
import {
  answerFor,
  deleteEndedSecrets,
  endCurrentSecret,
  idOfEndpoint,
  insertSecret,
} from "./store.ts";

/** How long the secret before signs as well. */
const BOTH_GOOD_MS = DAY_MS;

export interface Rotated {
  readonly secret: string;
  /** Until when the one before it signs too. */
  readonly previousUntil: string;
}

/**
 * Gives an endpoint another secret, shown this once. Throws `NOT_FOUND`, `FORBIDDEN` for a key
 * that may not read what is told, `BUSINESS_RULE_VIOLATION` when it was done too often in a day.
 */
export async function rotateSecret(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<Effect<Rotated>> {
  const now = ctx.now();
  const until = now + BOTH_GOOD_MS;
  const { secret, row } = await newSecret(ctx, id);
  return {
    statements: [
      audit(ctx, "webhook_endpoint.secret_rotated", idOfEndpoint(id)),
      answerFor(id, ctx.actor.label), // with the secret one can speak for the shop
      deleteEndedSecrets(id, now),
      endCurrentSecret(id, until),
      insertSecret(row),
    ],
    result: { secret, previousUntil: toTimestamp(until) },
    explain: (error) =>
      refusedBy(error, "audit_log.target") ? notFound("webhook endpoint") : refusedEndpoint(error),
  };
}
