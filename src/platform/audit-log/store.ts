import { and, desc, eq, is, SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { countRows, olderThan, query } from "../db.ts";
import { newId } from "../ids.ts";
import type { AuditAction } from "./actions.ts";
import { auditLog } from "./schema.ts";

export type AuditRow = typeof auditLog.$inferSelect;

/** The line of a privileged change: belongs into the change's own batch. A target that is SQL is an id that the database knows, and such data JSON that it makes. */
export function audit(
  ctx: Context,
  action: AuditAction,
  target: string | SQL<string>,
  data: object | SQL<string> = {},
) {
  return query.insert(auditLog).values({
    id: newId("aud", ctx.now()),
    actor: ctx.actor.label,
    action,
    target,
    data: said(data),
    address: ctx.actor.address,
    requestId: ctx.requestId,
    createdAt: ctx.now(),
  });
}

const said = (data: object | SQL<string>) => (is(data, SQL) ? data : JSON.stringify(data));

/** The same, right after a statement that may not have changed anything: then nothing is written down. */
export function auditIfChanged(
  ctx: Context,
  action: AuditAction,
  target: string | SQL<string>,
  data: object | SQL<string> = {},
) {
  const { actor, requestId } = ctx;
  return query.run(sql`
    INSERT INTO audit_log (id, actor, action, target, data, address, request_id, created_at)
    SELECT ${newId("aud", ctx.now())}, ${actor.label}, ${action}, ${target}, ${said(data)},
      ${actor.address}, ${requestId}, ${ctx.now()} WHERE changes() > 0`);
}

export interface AuditFilter {
  readonly target?: string | undefined;
  readonly actor?: string | undefined;
}

const matching = ({ target, actor }: AuditFilter) =>
  and(
    target === undefined ? undefined : eq(auditLog.target, target),
    actor === undefined ? undefined : eq(auditLog.actor, actor),
  );

export function listAudit(
  filter: AuditFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  return query
    .select()
    .from(auditLog)
    .where(and(matching(filter), olderThan(auditLog.createdAt, auditLog.id, after)))
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit);
}

export function countAudit(filter: AuditFilter) {
  return countRows(auditLog, matching(filter));
}
