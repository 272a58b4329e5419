import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { Money } from "../../platform/money.ts";

const MOST = 20;
/** What the audit is called where it writes down how far it is. */
export const PROGRESS = "audit";

/** Events that no retry could help, received since then (milliseconds), newest first. */
export function deadEvents(since: number) {
  return query.all<{ id: string; type: string; lastError: string | null }>(sql`
    SELECT id, type, last_error AS "lastError" FROM webhook_events WHERE status = 'dead' AND received_at >= ${since}
    ORDER BY received_at DESC, id DESC LIMIT ${MOST}`);
}

/** Refunds that have been on their way since before then (milliseconds), newest first. */
export function slowRefunds(before: number) {
  return query.all<Money & { id: string; number: number }>(sql`
    SELECT r.id, r.amount, r.currency, o.number
    FROM refunds r JOIN orders o ON o.id = r.order_id
    WHERE r.status = 'pending' AND r.created_at < ${before}
    ORDER BY r.created_at DESC LIMIT ${MOST}`);
}

/** What the last run of a task has written down; JSON. */
export function findProgress(name: string) {
  return query.all<{ state: string }>(sql`SELECT state FROM reconciliations WHERE name = ${name}`);
}

export function saveProgress(name: string, state: string, now: number) {
  return query.all(sql`
    INSERT INTO reconciliations (name, state, version, updated_at) VALUES (${name}, ${state}, 1, ${now})
    ON CONFLICT (name) DO UPDATE SET state = excluded.state, version = version + 1, updated_at = excluded.updated_at`);
}
