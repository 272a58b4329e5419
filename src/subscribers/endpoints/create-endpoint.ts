import { audit } from "../../platform/audit-log/store.ts";
import type { Context } from "../../platform/context.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { type Endpoint, type NewEndpoint, presentEndpoint } from "./endpoint.ts";
import { requirePublicUrl } from "./endpoint-url.ts";
import { refusedEndpoint } from "./refused-endpoint.ts";
import { newSecret } from "./secret.ts";
import { insertEndpoint, insertSecret } from "./store.ts";

/**
 * Makes an endpoint. Its secret is in this answer, and nowhere else. Throws `BUSINESS_RULE_VIOLATION` for an address
 * that is none of the internet's and when there are too many, `FORBIDDEN` for events that carry more than the caller may
 * read.
 */
export async function createEndpoint(
  ctx: Context,
  { url, events }: NewEndpoint,
): Promise<Effect<Endpoint & { readonly secret: string }>> {
  requirePublicUrl(url, ctx.config.webhooksOut.anywhere);
  const now = ctx.now();
  const id = newId("wep", now);
  const row = {
    ...{ id, url, events: JSON.stringify(events), changedBy: ctx.actor.label, createdAt: now },
  };
  const { secret, row: secretRow } = await newSecret(ctx, id);
  const shown = presentEndpoint({
    ...row,
    ...{ status: "active", failingSince: null, failedAt: null, quietUntil: null },
    ...{ version: 1, updatedAt: now },
  });
  return {
    // An address may have a secret in it, and more people read the audit log.
    statements: [
      insertEndpoint(row),
      insertSecret(secretRow),
      audit(ctx, "webhook_endpoint.created", id, { host: new URL(url).host, events }),
    ],
    result: { ...shown, secret },
    explain: refusedEndpoint,
  };
}
