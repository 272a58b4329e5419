import type { AuditAction } from "../../src/platform/audit-log/actions.ts";
import { newId } from "../../src/platform/ids.ts";
import { sql } from "./sql.ts";

/** Who the audit log says it was. */
export const ACTOR = "admin-script";

interface Entry {
  readonly action: AuditAction;
  readonly data: object;
  readonly now: number;
  /** What it was done to: SQL that selects ids. No id, no entry. */
  readonly targets: string;
}

/** The line of a privileged change: belongs into the transaction of the change. */
export function audit({ action, data, now, targets }: Entry): string {
  const values = sql`${newId("aud", now)}, ${ACTOR}, ${action}, id, ${JSON.stringify(data)}, ${""}, ${`script_${crypto.randomUUID()}`}, ${now}`;
  return `INSERT INTO audit_log (id, actor, action, target, data, address, request_id, created_at)
    SELECT ${values} FROM (${targets})`;
}
