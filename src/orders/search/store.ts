import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import * as z from "zod";
import { among, query } from "../../platform/db.ts";
import { storedJson } from "../../platform/stored-json.ts";
import { fulfillments } from "../fulfillments/schema.ts";
import type { OrderFilter } from "../listing/order-filter.ts";
import { fitsAll } from "../listing/store.ts";
import { orderLines, orders } from "../schema.ts";
import { orderParts } from "../store.ts";

const lineTexts = z.array(
  z.strictObject({ sku: z.string(), title: z.string(), variantTitle: z.string() }),
);

/** What an order says, as far as people look for it. */
const toIndex = () => ({
  id: orders.id,
  number: orders.number,
  version: orders.version,
  paymentStatus: orders.paymentStatus,
  accountId: orders.accountId,
  email: orders.email,
  shippingAddress: orders.shippingAddress,
  lines: sql`(
    SELECT json_group_array(json_object('sku', sku, 'title', title, 'variantTitle', variant_title))
    FROM (SELECT * FROM ${orderLines} WHERE order_id = "orders"."id" ORDER BY rowid))`
    .mapWith(storedJson(lineTexts))
    .as("lines"),
  parcels: sql`(
    SELECT json_group_array(tracking_number) FROM ${fulfillments}
    WHERE order_id = "orders"."id" AND tracking_number IS NOT NULL)`
    .mapWith(storedJson(z.array(z.string())))
    .as("parcels"),
});

export type IndexableOrder = ReturnType<typeof findIndexable>["_"]["result"][number];

export function findIndexable(id: string) {
  return query.select(toIndex()).from(orders).where(eq(orders.id, id)).limit(1);
}

/** Orders by their numbers, paid or not. */
export function listIndexable(after: number, limit: number) {
  return query
    .select(toIndex())
    .from(orders)
    .where(gt(orders.number, after))
    .orderBy(asc(orders.number))
    .limit(limit);
}

/** Of orders with these numbers those that fit, newest number first. */
export function listNumbered(numbers: readonly number[], filter: OrderFilter, limit: number) {
  return query
    .select(orderParts())
    .from(orders)
    .where(and(isFound(numbers), fitsAll(filter)))
    .orderBy(desc(orders.number))
    .limit(limit);
}

/** How many of them fit. */
export function countNumbered(numbers: readonly number[], filter: OrderFilter) {
  return query.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM ${orders} WHERE ${and(isFound(numbers), fitsAll(filter))}`,
  );
}

const isFound = (numbers: readonly number[]) => sql`${orders.number} IN ${among(numbers)}`;

/** Whether anything is asked of an order besides its words. */
export function isFiltered(filter: OrderFilter): boolean {
  return fitsAll(filter) !== undefined;
}
