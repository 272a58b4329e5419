import { auditIfChanged } from "../../platform/audit-log/store.ts";
import type { Context } from "../../platform/context.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import { tagsOf } from "../../platform/http/if-match.ts";
import type { EndpointChanges } from "./endpoint.ts";
import { requirePublicUrl } from "./endpoint-url.ts";
import { type Tagged, tagged } from "./get-endpoint.ts";
import { refusedEndpoint } from "./refused-endpoint.ts";
import {
  deleteEndpoint,
  type EndpointPatch,
  findEndpoint,
  updateEndpoint as writeEndpoint,
} from "./store.ts";

interface Asked {
  readonly id: string;
  /** `If-Match`: what the caller has seen. */
  readonly ifMatch: string | undefined;
}

/**
 * Changes where and of what is told, or whether at all. Throws `NOT_FOUND`, `PRECONDITION_FAILED`, and as creating one
 * does.
 */
export async function updateEndpoint(
  ctx: Context,
  { id, ifMatch, changes }: Asked & { readonly changes: EndpointChanges },
): Promise<Tagged> {
  const { url, ...said } = changes;
  if (url !== undefined) requirePublicUrl(url, ctx.config.webhooksOut.anywhere);
  const told = { ...said, ...(url === undefined ? {} : { host: new URL(url).host }) };
  const seen = tagsOf(ifMatch);
  const [[changed], , [found]] = await ctx.db
    .batch([
      writeEndpoint(id, patchOf(ctx, changes), { seen, now: ctx.now() }),
      auditIfChanged(ctx, "webhook_endpoint.updated", id, told),
      findEndpoint(id),
    ])
    .catch((error: unknown) => {
      throw refusedEndpoint(error) ?? error;
    });
  if (found === undefined) throw notFound("webhook endpoint");
  if (changed === undefined) throw stale();
  return tagged(changed);
}

/** Who says where, or of what, answers for both. */
function patchOf({ actor }: Context, { url, events, status }: EndpointChanges): EndpointPatch {
  return {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: JSON.stringify(events) }),
    ...(url === undefined && events === undefined ? {} : { changedBy: actor.label }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Removes an endpoint with its secrets; what waits for it is never sent. Throws `NOT_FOUND`, `PRECONDITION_FAILED`. */
export async function removeEndpoint(ctx: Context, { id, ifMatch }: Asked): Promise<void> {
  const [[found], [removed]] = await ctx.db.batch([
    findEndpoint(id),
    deleteEndpoint(id, tagsOf(ifMatch)),
    auditIfChanged(ctx, "webhook_endpoint.deleted", id),
  ]);
  if (found === undefined) throw notFound("webhook endpoint");
  if (removed === undefined) throw stale();
}

function stale(): AppError {
  return new AppError(
    "PRECONDITION_FAILED",
    "The endpoint has changed since you read it. Read it again.",
  );
}
