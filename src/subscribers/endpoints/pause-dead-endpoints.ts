import { audit } from "../../platform/audit-log/store.ts";
import { DAY_MS, toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { tellOperators } from "../../platform/outbox/operators.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import { type EndpointRow, findDeadEndpoints, idOfFailing, pauseEndpoint } from "./store.ts";

const DEAD_AFTER_MS = 3 * DAY_MS;
const AT_ONCE = 10;

/** Pauses what has failed for three days, and tells the operators. Answers how many; safe to run twice at once. */
export async function pauseDeadEndpoints(ctx: Context): Promise<{ paused: number }> {
  let paused = 0;
  for (const row of await ctx.db.run(findDeadEndpoints(DEAD_AFTER_MS, AT_ONCE))) {
    if (await pause(ctx, row)) paused += 1;
  }
  return { paused };
}

/** Where somebody was faster there is nothing for the audit line to name, and all of it is refused. */
async function pause(ctx: Context, row: EndpointRow): Promise<boolean> {
  const told = tellOperators(ctx, {
    subject: "A webhook endpoint was paused",
    text: words(row),
    dedupeKey: `endpoint_paused:${row.id}:${row.failingSince}`,
  });
  try {
    await ctx.db.batch([
      audit(ctx, "webhook_endpoint.paused", idOfFailing(row)),
      pauseEndpoint(row.id, ctx.now()),
      ...(told === undefined ? [] : [told.statement]),
    ]);
  } catch (error) {
    if (refusedBy(error, "audit_log.target")) return false;
    throw error;
  }
  ctx.log.raise("warn");
  if (told !== undefined) wakePromises(ctx, [told.id]);
  return true;
}

function words({ id, url, failingSince }: EndpointRow): string {
  return [
    `${new URL(url).host} has taken no event since ${toTimestamp(failingSince ?? 0)}, so nothing is sent there any more.`,
    `GET /api/v1/webhook-endpoints/${id}/deliveries says what it answers.`,
    `What happens meanwhile waits for 30 days. Once it works again: PATCH /api/v1/webhook-endpoints/${id} with { "status": "active" }.`,
  ].join("\n\n");
}
