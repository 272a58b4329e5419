import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { fulfillments } from "./schema.ts";

type FulfillmentColumns = typeof fulfillments.$inferInsert;

interface SentLine {
  readonly sku: string;
  readonly quantity: number;
}

/** A shipment; triggers refuse it for an order that is not paid, or that its `despite` does not cover. */
export function insertFulfillment(row: FulfillmentColumns) {
  return query.insert(fulfillments).values(row);
}

/** What is in it; a trigger refuses more than is owed. */
export function insertFulfillmentLines(
  { id, orderId }: Pick<FulfillmentColumns, "id" | "orderId">,
  lines: readonly SentLine[],
) {
  return query.run(sql`
    INSERT INTO fulfillment_lines (fulfillment_id, order_id, sku, quantity)
    SELECT ${id}, ${orderId}, value ->> 'sku', value ->> 'quantity' FROM json_each(${JSON.stringify(lines)})`);
}
