import type { Recorded } from "./rig.ts";

interface Step {
  readonly from: string;
  readonly parent: number;
  readonly detail: string;
}

async function planOf({ over, sql, params }: Recorded): Promise<Step[]> {
  const { results } = await over
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ parent: number; detail: string }>();
  return results.map(({ parent, detail }) => ({ from: sql, parent, detail }));
}

/** Each statement once, as it was run last. */
export const distinct = (statements: readonly Recorded[]) => [
  ...new Map(statements.map((one) => [one.sql, one])).values(),
];

/** A total is a count, and a count reads what it counts. */
export const isTotal = ({ sql }: Recorded) => /^select count\(\*\)/i.test(sql);

/**
 * A scan is bounded when it reads rows out of JSON or of a subquery, or an index in order up to a LIMIT. One of a table that the
 * statement does not name is a foreign key's, and only runs while some other row breaks that key.
 */
function isBounded({ from, parent, detail }: Step, plan: readonly Step[]): boolean {
  if (detail === "SCAN signing_keys") return true; // one that signs, one that will, and those that did until yesterday
  if (/^SCAN webhook_(endpoints|secrets)( |$)/.test(detail)) return true; // ten at most, and fifty
  if (detail === "SCAN index_state") return true; // a row each kind
  if (/^SCAN (json_each|CONSTANT ROW|\()|VIRTUAL TABLE INDEX/.test(detail)) return true;
  const table = /^SCAN (\w+)/.exec(detail)?.[1] ?? "";
  const made = [`CO-ROUTINE ${table}`, `MATERIALIZE ${table}`];
  if (plan.some((step) => made.includes(step.detail))) return true;
  if (/^\s*insert/i.test(from) && !from.includes(table)) return true;
  const sorted = plan.some(
    (step) => step.parent === parent && step.detail === "USE TEMP B-TREE FOR ORDER BY",
  );
  return / USING (COVERING )?INDEX /.test(detail) && /\blimit\b/i.test(from) && !sorted;
}

/** Where these statements go through all of a table that grows. */
export async function scansOf(statements: readonly Recorded[]): Promise<Step[]> {
  const scans: Step[] = [];
  for (const statement of statements) {
    const plan = await planOf(statement);
    scans.push(...plan.filter((step) => step.detail.startsWith("SCAN") && !isBounded(step, plan)));
  }
  return scans;
}

/** The statements that read more among many rows than they did among few. */
export function grownFrom(few: readonly Recorded[], many: readonly Recorded[]) {
  const before = new Map(few.map(({ sql, rowsRead }) => [sql, rowsRead]));
  return distinct(many)
    .filter((one) => !isTotal(one))
    .map(({ sql, rowsRead }) => ({ sql, before: before.get(sql), rowsRead }))
    .filter(({ before: known, rowsRead }) => rowsRead > (known ?? 0) * 1.5 + 10);
}
