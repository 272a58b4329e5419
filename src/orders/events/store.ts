import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { orderEvents, orderLines, orders } from "../schema.ts";
import type { NewEvent } from "../store.ts";

const money = (column: string) => sql.raw(`json_object('amount', ${column}, 'currency', currency)`);

/** An order's first event: what was ordered, and what it comes to. After the statements that make the order. */
export function insertOrderCreated({
  orderId,
  actor,
  requestId,
  now,
}: Omit<NewEvent, "seq" | "type" | "data">) {
  return query.run(sql`
    INSERT INTO ${orderEvents} (order_id, seq, type, data, actor, request_id, created_at)
    SELECT id, 1, 'order.created', json_object(
      'items', (SELECT json_group_array(json_object('sku', sku, 'quantity', quantity))
        FROM (SELECT * FROM ${orderLines} WHERE order_id = ${orderId} ORDER BY rowid)),
      'subtotal', ${money("subtotal")}, 'discount', ${money("discount")}, 'discountCode', discount_code,
      'shipping', ${money("shipping")}, 'total', ${money("total")}), ${actor}, ${requestId}, ${now}
    FROM ${orders} WHERE id = ${orderId}`);
}
