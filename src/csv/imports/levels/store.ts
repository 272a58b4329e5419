import { type SQL, sql } from "drizzle-orm";
import { query } from "../../../platform/db.ts";
import type { JobRow } from "../../store.ts";

/** Whether a line says from where on its SKU runs low, and something else than is there. */
const thresholdDiffers = sql.raw("r.data ->> 'lowStockThreshold' <> l.low_stock_threshold");

const linesOf = (jobId: string) =>
  sql`import_rows r LEFT JOIN stock_levels l ON l.sku = r.sku WHERE r.job_id = ${jobId}`;

/** What is wrong with lines of stock beside one another, and beside the levels: of each line the first thing. */
export function levelProblems(jobId: string): SQL {
  return sql`
    SELECT line, problem ->> 0 AS column_name, problem ->> 1 AS message FROM (SELECT line, CASE
      WHEN line > first THEN json_array('sku', 'Is on line ' || first || ' already.')
      WHEN l.sku IS NULL THEN json_array('sku', 'There is no such SKU.')
      WHEN r.data ->> 'onHandWas' <> l.on_hand
        THEN json_array('onHandWas', 'There are ' || l.on_hand || ' by now: export the stock again.')
      WHEN r.data ->> 'onHand' < l.reserved
        THEN json_array('onHand', 'Is less than the ' || l.reserved || ' that customers have reserved.')
      END AS problem
      FROM (SELECT *, first_value(line) OVER (PARTITION BY sku ORDER BY line) AS first FROM import_rows WHERE job_id = ${jobId}) r
      LEFT JOIN stock_levels l ON l.sku = r.sku)
    WHERE problem IS NOT NULL`;
}

export function levelOutcomes(jobId: string): SQL {
  return sql`SELECT iif(r.data ->> 'onHand' <> l.on_hand OR ${thresholdDiffers}, 'updated', 'unchanged') AS outcome FROM ${linesOf(jobId)}`;
}

/**
 * The thresholds, and then the movements that bring each SKU to what its line says, so that a new threshold judges what falls.
 * The ledger's triggers move the levels, and judge.
 */
export function applyLevels({ id, actor, requestId }: JobRow, now: number) {
  return [
    query.run(sql`
      UPDATE stock_levels AS l SET low_stock_threshold = r.data ->> 'lowStockThreshold', fillings = fillings + 1
      FROM import_rows r WHERE r.job_id = ${id} AND l.sku = r.sku AND ${thresholdDiffers}`),
    query.run(sql`
      INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, request_id, created_at)
      SELECT r.sku, 'adjust', (r.data ->> 'onHand') - l.on_hand, 0, ${`Imported by ${id}`}, ${actor}, ${requestId}, ${now}
      FROM import_rows r JOIN stock_levels l ON l.sku = r.sku
      WHERE r.job_id = ${id} AND r.data ->> 'onHand' <> l.on_hand ORDER BY r.line`),
  ];
}
