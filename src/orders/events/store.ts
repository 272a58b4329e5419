import { and, asc, desc, eq, getTableColumns, gt, ne, sql } from "drizzle-orm";
import { countRows, query } from "../../platform/db.ts";
import { type Holes, prepared } from "../../platform/prepared.ts";
import { orderEvents, orderLines, orders } from "../schema.ts";
import type { OrderEventType } from "../steps/order-event-types.ts";

/** Two changes of one version of an order run into this. */
export const ORDER_CHANGED = "order_events.order_id, order_events.seq";

export interface NewEvent {
  readonly orderId: string;
  readonly seq: number;
  readonly type: OrderEventType;
  readonly data?: object;
  readonly actor: string;
  readonly requestId: string;
  readonly now: number;
}

export function insertOrderEvent({ now, data, ...event }: NewEvent) {
  return query
    .insert(orderEvents)
    .values({ ...event, data: JSON.stringify(data ?? {}), createdAt: now });
}

const money = (column: string) => sql.raw(`json_object('amount', ${column}, 'currency', currency)`);

/** An order's first event: what was ordered, and what it comes to. After the statements that make the order. */
export function insertOrderCreated(event: Omit<NewEvent, "seq" | "type" | "data">) {
  return orderCreated(event);
}

const orderCreated = prepared((p: Holes<Omit<NewEvent, "seq" | "type" | "data">>) =>
  query.run(sql`
    INSERT INTO ${orderEvents} (order_id, seq, type, data, actor, request_id, created_at)
    SELECT id, 1, 'order.created', json_object(
      'items', (SELECT json_group_array(json_object('sku', sku, 'quantity', quantity))
        FROM (SELECT * FROM ${orderLines} WHERE order_id = ${p.orderId} ORDER BY rowid)),
      'subtotal', ${money("subtotal")}, 'discount', ${money("discount")}, 'discountCode', discount_code,
      'shipping', ${money("shipping")}, 'total', ${money("total")}), ${p.actor}, ${p.requestId}, ${p.now}
    FROM ${orders} WHERE id = ${p.orderId}`),
);

/** When an order was paid, in milliseconds, and the tax that was in its prices, in JSON. */
export interface PaidRow {
  readonly paidAt: number;
  readonly includedTax: string | null;
}

const paid = prepared((p: Holes<{ orderId: string }>) =>
  query.all<PaidRow>(sql`
    SELECT created_at AS "paidAt", data -> '$.includedTax' AS "includedTax"
    FROM ${orderEvents} WHERE order_id = ${p.orderId} AND type = 'order.paid' LIMIT 1`),
);

/** The moment at which an order was paid; nothing of one that was not. */
export function findPaid(orderId: string) {
  return paid({ orderId });
}

const requested = (orderId: string) =>
  and(eq(orderEvents.orderId, orderId), eq(orderEvents.type, "receipt.requested"));

/** When the newest receipts were asked for again, in milliseconds; the oldest of them last. */
export function findReceiptRequests(orderId: string, limit: number) {
  return query
    .select({ createdAt: orderEvents.createdAt })
    .from(orderEvents)
    .where(requested(orderId))
    .orderBy(desc(orderEvents.seq))
    .limit(limit);
}

/** What staff write down for each other. */
const AMONG_STAFF: OrderEventType = "note.added";

const seenBy = (staff: boolean) => (staff ? undefined : ne(orderEvents.type, AMONG_STAFF));

interface Seen {
  readonly afterSeq: number;
  readonly limit: number;
  readonly forStaff: boolean;
}

/** `byStaff` says whether it was a program's doing, or that of a user whose order it is not. */
export function listOrderEvents(orderId: string, { afterSeq, limit, forStaff }: Seen) {
  const isUser = sql`${orderEvents.actor} GLOB 'usr_*' AND ${orderEvents.actor} NOT IN (
    SELECT u.id FROM orders o JOIN users u ON u.account_id = o.account_id WHERE o.id = ${orderId})`;
  return query
    .select({
      ...getTableColumns(orderEvents),
      byStaff: sql<number>`(${orderEvents.actor} GLOB 'key_*' OR ${isUser})`.as("by_staff"),
    })
    .from(orderEvents)
    .where(and(eq(orderEvents.orderId, orderId), gt(orderEvents.seq, afterSeq), seenBy(forStaff)))
    .orderBy(asc(orderEvents.seq))
    .limit(limit);
}

/** How many of them the same caller sees. */
export function countOrderEvents(orderId: string, forStaff: boolean) {
  return countRows(orderEvents, and(eq(orderEvents.orderId, orderId), seenBy(forStaff)));
}
