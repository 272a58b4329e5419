import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";

export interface RefundLine {
  readonly sku: string;
  readonly quantity: number;
  readonly restock: boolean;
}

/** What a refund is for. Triggers refuse more than was bought, and put what came back on the shelf. */
export function insertRefundLines(
  refund: { readonly id: string; readonly orderId: string },
  lines: readonly RefundLine[],
) {
  return query.run(sql`
    INSERT INTO refund_lines (refund_id, order_id, sku, quantity, restock)
    SELECT ${refund.id}, ${refund.orderId}, value ->> 'sku', value ->> 'quantity', value ->> 'restock'
    FROM json_each(${JSON.stringify(lines)})`);
}
