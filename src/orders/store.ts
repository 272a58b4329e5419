import { and, eq, getTableColumns, is, isNull, SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { reservations } from "../inventory/schema.ts";
import { query, type RowOf } from "../platform/db.ts";
import { jsonObject } from "../platform/json-columns.ts";
import { type Holes, madeOnce, prepared } from "../platform/prepared.ts";
import { storedJson } from "../platform/stored-json.ts";
import { disputes } from "./disputes/schema.ts";
import { fulfillmentLines, fulfillments } from "./fulfillments/schema.ts";
import { storedLineSchema } from "./order-line.ts";
import { refundLines, refunds } from "./refunds/schema.ts";
import { orderLines, orders, payments } from "./schema.ts";
import type { Stopping } from "./stopping.ts";
import {
  storedDisputeSchema,
  storedFulfillmentSchema,
  storedPaymentSchema,
  storedRefundSchema,
} from "./stored-order.ts";

type OrderColumns = typeof orders.$inferSelect;

/** The rows of an order in a table of its own, oldest first, as what `schema` names of them. */
function partOf<Table extends SQLiteTable, T extends z.ZodRawShape>(
  table: Table,
  schema: z.ZodObject<T>,
  {
    name,
    by = sql`created_at`,
    fields,
  }: PartOptions<Exclude<keyof T, keyof Table["_"]["columns"]>>,
) {
  const columns = Object.entries(getTableColumns(table));
  const named = Object.fromEntries(columns.filter(([key]) => key in schema.shape));
  return sql`(
    SELECT json_group_array(${jsonObject({ ...named, ...fields })})
    FROM (SELECT * FROM ${table} WHERE order_id = "orders"."id" ORDER BY ${by}) AS ${table})`
    .mapWith(storedJson(z.array(schema)))
    .as(name);
}

interface PartOptions<InNoColumn extends PropertyKey> {
  readonly name: string;
  readonly by?: SQL;
  /** What is in no column, or in another form. */
  readonly fields: Readonly<Record<InNoColumn, SQL>> & Readonly<Record<string, SQL>>;
}

/** The lines of a refund or a shipment, each as these fields. */
const itemsOf = (lines: SQLiteTable, whole: SQL, fields: Readonly<Record<string, SQLWrapper>>) =>
  sql`(SELECT json_group_array(${jsonObject(fields)}) FROM ${lines} WHERE ${whole})`;

/** Made when the first order is read. */
export const orderParts = madeOnce(() => ({
  ...getTableColumns(orders),
  lines: partOf(orderLines, storedLineSchema, {
    name: "lines",
    by: sql`rowid`,
    fields: {
      requiresShipping: sql`json(iif(${orderLines.requiresShipping}, 'true', 'false'))`,
      discounted: sql`json(iif(${orderLines.discounted}, 'true', 'false'))`,
    },
  }),
  payments: partOf(payments, storedPaymentSchema, { name: "payments", fields: {} }),
  refunds: partOf(refunds, storedRefundSchema, {
    name: "refunds",
    fields: {
      items: itemsOf(refundLines, sql`refund_id = ${refunds.id}`, {
        sku: refundLines.sku,
        quantity: refundLines.quantity,
        restock: refundLines.restock,
        unsent: refundLines.unsent,
      }),
    },
  }),
  fulfillments: partOf(fulfillments, storedFulfillmentSchema, {
    name: "fulfillments",
    fields: {
      items: itemsOf(fulfillmentLines, sql`fulfillment_id = ${fulfillments.id}`, {
        sku: fulfillmentLines.sku,
        quantity: fulfillmentLines.quantity,
      }),
    },
  }),
  disputes: partOf(disputes, storedDisputeSchema, { name: "disputes", fields: {} }),
  holdEndsAt: sql<number>`(
    SELECT expires_at FROM ${reservations} WHERE id = "orders"."reservation_id")`.as(
    "hold_ends_at",
  ),
}));

/** An order with everything that belongs to it, read once: nobody after this knows that it was text. */
export type StoredOrder = RowOf<typeof findOrder>;

const orderById = prepared((p: Holes<{ id: string }>) =>
  query.select(orderParts()).from(orders).where(eq(orders.id, p.id)).limit(1),
);

export function findOrder(id: string) {
  return orderById({ id });
}

/** These, or those of which a statement selects the ids. */
export function findOrders(ids: readonly string[] | SQL) {
  const among = is(ids, SQL) ? ids : sql`SELECT value FROM json_each(${JSON.stringify(ids)})`;
  return query.select(orderParts()).from(orders).where(sql`${orders.id} IN (${among})`);
}

/** The order that a statement of one text column names. */
export function findOrderWhere(idIs: SQL) {
  return query.select(orderParts()).from(orders).where(sql`${orders.id} = ${idIs}`).limit(1);
}

export type OrderPatch = Partial<
  Pick<
    OrderColumns,
    | "status"
    | "paymentStatus"
    | "fulfillmentStatus"
    | "email"
    | "shippingAddress"
    | "shipping"
    | "tax"
    | "shippingTax"
    | "total"
    | "captured"
    | "attentionReason"
    | "attentionSince"
    | "reservationId"
  >
>;

/** Changes an order; always beside the event whose key is the lock. */
export function updateOrder(id: string, patch: OrderPatch, version: number, now: number) {
  return query
    .update(orders)
    .set({ ...patch, version, updatedAt: now })
    .where(eq(orders.id, id));
}

export type PaymentPatch = Partial<
  Pick<typeof payments.$inferSelect, "status" | "captured" | "providerPaymentId" | "sessionId">
>;

/** Where it could be paid is forgotten once it was: nobody goes there any more. */
export function updatePayment(id: string, patch: PaymentPatch, now: number) {
  const paid = patch.status === "succeeded" ? { sessionUrl: null } : {};
  return query
    .update(payments)
    .set({ ...patch, ...paid, updatedAt: now })
    .where(eq(payments.id, id));
}

type SessionValues = { id: string; sessionId: string; url: string | null; now: number };

const paymentSession = prepared((p: Holes<SessionValues>) =>
  query
    .update(payments)
    .set({ sessionId: sql`${p.sessionId}`, sessionUrl: sql`${p.url}`, updatedAt: sql`${p.now}` })
    .where(and(eq(payments.id, p.id), isNull(payments.sessionId))),
);

/** Writes down where the customer pays; the first page stays. */
export function setPaymentSession(
  id: string,
  { sessionId, url }: { readonly sessionId: string; readonly url: string | null },
  now: number,
) {
  return paymentSession({ id, sessionId, url, now });
}

/** Writes down that an unpaid order is to end. It ends with the event that says so; this only says how, once its page is closed. */
export function markStopping(id: string, stopping: Stopping) {
  return query
    .update(orders)
    .set({ stopping })
    .where(and(eq(orders.id, id), eq(orders.status, "pending_payment")));
}

/**
 * The orders that a guest paid for with an address join the account that has proved to own it. What is not paid proves
 * nothing: anybody can write an address into a checkout. A trigger takes along what is paid for later.
 */
export function adoptGuestOrders(email: string, accountId: string, now: number) {
  return query
    .update(orders)
    .set({ accountId, updatedAt: now })
    .where(
      and(
        eq(orders.email, email),
        isNull(orders.accountId),
        sql`(${orders.status} = 'paid' OR ${orders.captured} > 0)`,
      ),
    );
}
