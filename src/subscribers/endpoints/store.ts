import { and, desc, eq, isNull, lte, type SQL, sql } from "drizzle-orm";
import { among, countRows, olderThan, query } from "../../platform/db.ts";
import { webhookEndpoints, webhookSecrets } from "../schema.ts";

export type EndpointRow = typeof webhookEndpoints.$inferSelect;
type NewRow = Pick<EndpointRow, "id" | "url" | "events" | "changedBy" | "createdAt">;
export type EndpointPatch = Partial<Pick<EndpointRow, "url" | "events" | "changedBy" | "status">>;

/** By what a client knows a state of an endpoint: how often it was changed, and since when it fails. */
const SEEN = sql`${webhookEndpoints.version} || '-' || coalesce(${webhookEndpoints.failingSince}, 0)`;

export function insertEndpoint(row: NewRow) {
  return query
    .insert(webhookEndpoints)
    .values({ ...row, status: "active", updatedAt: row.createdAt });
}

export function findEndpoint(id: string) {
  return query.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id)).limit(1);
}

export function listEndpoints(after: readonly [number, string] | undefined, limit: number) {
  const { createdAt, id } = webhookEndpoints;
  return query
    .select()
    .from(webhookEndpoints)
    .where(olderThan(createdAt, id, after))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

export function countEndpoints() {
  return countRows(webhookEndpoints);
}

const isSeen = (id: string, seen: readonly string[] | undefined) =>
  and(eq(webhookEndpoints.id, id), seen && sql`${SEEN} IN ${among(seen)}`);

/** Changes an endpoint, where it is still the one that `seen` names; returns it when it did. One that is to be active begins anew. */
export function updateEndpoint(
  id: string,
  patch: EndpointPatch,
  { seen, now }: { readonly seen: readonly string[] | undefined; readonly now: number },
) {
  const anew =
    patch.status === "active" || patch.url !== undefined
      ? { failingSince: null, failedAt: null, quietUntil: null }
      : {};
  return query
    .update(webhookEndpoints)
    .set({ ...patch, ...anew, version: sql`${webhookEndpoints.version} + 1`, updatedAt: now })
    .where(isSeen(id, seen))
    .returning();
}

/** Removes an endpoint, where it is still the one that `seen` names; returns its id when it did. */
export function deleteEndpoint(id: string, seen: readonly string[] | undefined) {
  return query
    .delete(webhookEndpoints)
    .where(isSeen(id, seen))
    .returning({ id: webhookEndpoints.id });
}

/** For an audit line: the id of an endpoint, and NULL for one that does not exist. */
export function idOfEndpoint(id: string): SQL<string> {
  return sql<string>`(SELECT id FROM webhook_endpoints WHERE id = ${id})`;
}

/** The same for one that is active and has been failing since then. */
export function idOfFailing({ id, failingSince }: EndpointRow): SQL<string> {
  return sql<string>`(SELECT id FROM webhook_endpoints WHERE id = ${id} AND status = 'active' AND failing_since = ${failingSince})`;
}

/** Active endpoints that have failed without a success for this long, and still do; both in milliseconds. */
export function findDeadEndpoints(deadAfterMs: number, limit: number) {
  return query
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.status, "active"),
        sql`${webhookEndpoints.failedAt} - ${webhookEndpoints.failingSince} >= ${deadAfterMs}`,
      ),
    )
    .limit(limit);
}

export function pauseEndpoint(id: string, now: number) {
  return query
    .update(webhookEndpoints)
    .set({ status: "paused", version: sql`${webhookEndpoints.version} + 1`, updatedAt: now })
    .where(eq(webhookEndpoints.id, id));
}

/** Says who answers for what an endpoint is told; refused to whoever may not read it. */
export function answerFor(id: string, changedBy: string) {
  return query.update(webhookEndpoints).set({ changedBy }).where(eq(webhookEndpoints.id, id));
}

export function insertSecret(secret: Omit<typeof webhookSecrets.$inferInsert, "until">) {
  return query.insert(webhookSecrets).values(secret);
}

/** What is current is good until then. */
export function endCurrentSecret(endpointId: string, until: number) {
  return query
    .update(webhookSecrets)
    .set({ until })
    .where(and(eq(webhookSecrets.endpointId, endpointId), isNull(webhookSecrets.until)));
}

export function deleteEndedSecrets(endpointId: string, now: number) {
  return query
    .delete(webhookSecrets)
    .where(and(eq(webhookSecrets.endpointId, endpointId), lte(webhookSecrets.until, now)));
}

/** Every secret of every endpoint; there are few. */
export function listSecrets(limit: number) {
  return query
    .select({ id: webhookSecrets.id, sealed: webhookSecrets.sealed })
    .from(webhookSecrets)
    .limit(limit);
}

export function sealSecretAgain(id: string, before: string, sealed: string) {
  return query
    .update(webhookSecrets)
    .set({ sealed })
    .where(and(eq(webhookSecrets.id, id), eq(webhookSecrets.sealed, before)));
}
