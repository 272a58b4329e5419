import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";

export interface Walk {
  /** When something has come, in milliseconds, and its id. */
  readonly at: number;
  readonly id: string;
}

/** Since when there is something to look for, and how many look for it. */
export function findOpenForgettings() {
  return query.all<{ open: number; since: number | null }>(
    sql`SELECT count(*) AS open, min(since) AS since FROM forgettings INDEXED BY forgettings_open WHERE done_at IS NULL`,
  );
}

/** What a walk goes through, by what time, and what it does there. */
const WALKED = {
  events: { table: sql`webhook_events`, time: sql`received_at` },
  log: { table: sql`audit_log`, time: sql`created_at` },
} as const;

export type Stage = keyof typeof WALKED;
export const STAGES = Object.keys(WALKED) as readonly Stage[]; // keys of a constant object

const after = (stage: Stage, { at, id }: Walk) => sql`(${WALKED[stage].time}, id) > (${at}, ${id})`;

/** Where a slice of so many rows ends; none where the rest is smaller. */
export function endOfSlice(stage: Stage, from: Walk, rows: number) {
  const { table, time } = WALKED[stage];
  return query.all<Walk>(sql`
    SELECT ${time} AS at, id FROM ${table} WHERE ${after(stage, from)} ORDER BY ${time}, id LIMIT 1 OFFSET ${rows - 1}`);
}

/** Forgets what is in the slice; a row for each. */
export function forgetSlice(stage: Stage, from: Walk, to: Walk | undefined) {
  const { time } = WALKED[stage];
  const within = sql`${after(stage, from)} ${to === undefined ? sql`` : sql`AND (${time}, id) <= (${to.at}, ${to.id})`}`;
  return stage === "events"
    ? query.all<{ gone: number }>(sql`
        UPDATE webhook_events SET payload = (SELECT f.payload FROM webhook_events_forgotten f WHERE f.id = webhook_events.id)
        WHERE ${within} AND payload <> '' AND EXISTS (SELECT 1 FROM forgotten_subjects s WHERE s.subject = webhook_events.subject)
        RETURNING 1 AS gone`)
    : query.all<{ gone: number }>(sql`
        UPDATE audit_log SET (data, address) = (SELECT f.data, f.address FROM audit_log_forgotten f WHERE f.id = audit_log.id)
        WHERE ${within} AND EXISTS (SELECT 1 FROM audit_log_forgotten f WHERE f.id = audit_log.id) RETURNING 1 AS gone`);
}

/** The walk is through, for those who were forgotten before it began. */
export function endForgettings(begunAt: number, now: number) {
  return query.all<{ gone: number }>(sql`
    UPDATE forgettings SET done_at = ${now} WHERE done_at IS NULL AND created_at <= ${begunAt} RETURNING 1 AS gone`);
}
