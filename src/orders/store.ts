import {
  and,
  desc,
  eq,
  getTableColumns,
  isNull,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { reservations } from "../inventory/schema.ts";
import type { Config } from "../platform/config.ts";
import { countRows, olderThan, query } from "../platform/db.ts";
import { jsonAs, jsonObject } from "../platform/json-columns.ts";
import { disputes } from "./disputes/schema.ts";
import { fulfillmentLines, fulfillments } from "./fulfillments/schema.ts";
import { storedLineSchema } from "./order-line.ts";
import { refundLines, refunds } from "./refunds/schema.ts";
import { orderLines, orderNumbers, orders, payments } from "./schema.ts";
import type { Stopping } from "./stopping.ts";
import {
  storedDisputeSchema,
  storedFulfillmentSchema,
  storedPaymentSchema,
  storedRefundSchema,
} from "./stored-order.ts";

type OrderColumns = typeof orders.$inferSelect;

/** In minor units: a JavaScript number still has every digit of it with delivery and tax on top. */
const MAX_SUBTOTAL = 10 ** 15;
const nextNumber = sql`(SELECT next FROM order_numbers WHERE id = 1)`;

export const ORDER_TOO_LARGE = "orders.subtotal";

export interface NewOrder
  extends Pick<
    OrderColumns,
    | "id"
    | "accountId"
    | "browserHash"
    | "email"
    | "reservationId"
    | "shippingAddress"
    | "successUrl"
    | "cancelUrl"
  > {
  readonly now: number;
  /** What the shop offers in all currencies; the order keeps what is of its own. */
  readonly terms: Config["terms"];
}

/**
 * The order over a hold: the database takes the prices from the catalog and adds them up, with the first way of delivery
 * until the customer has chosen one; where nothing needs a parcel there is none, and no address is asked for. Goods worth more than `MAX_SUBTOTAL` are NULL, which it refuses as `ORDER_TOO_LARGE`.
 */
export function insertOrder({ terms, ...order }: NewOrder) {
  const countries = order.shippingAddress === null ? terms.countries : [];
  const address = order.shippingAddress && JSON.stringify(order.shippingAddress);
  return query.run(sql`
    INSERT INTO orders (id, number, status, payment_status, fulfillment_status, email, currency, subtotal, shipping,
      total, payment_terms, reservation_id, account_id, browser_hash, shipping_address, success_url, cancel_url, version, created_at, updated_at)
    SELECT ${order.id}, ${nextNumber},
      'pending_payment', 'unpaid', 'unfulfilled', ${order.email}, currency, subtotal, shipping, subtotal + shipping,
      json_object('rates', json(rates), 'countries', json(iif(ships, ${JSON.stringify(countries)}, '[]')), 'tax', ${terms.tax},
        'delayed', json(${JSON.stringify(terms.delayed)})),
      ${order.reservationId}, ${order.accountId}, ${order.browserHash}, ${address},
      ${order.successUrl}, ${order.cancelUrl}, 1, ${order.now}, ${order.now}
    FROM (SELECT *, coalesce(rates ->> '$[0].amount', 0) AS shipping FROM (
      SELECT *, (SELECT json_group_array(json(value)) FROM (
        SELECT value FROM json_each(${JSON.stringify(terms.rates)})
        WHERE value ->> 'currency' = goods.currency AND goods.ships ORDER BY key)) AS rates
      FROM (
        SELECT CASE WHEN min(v.currency) = max(v.currency) THEN min(v.currency) ELSE 'MIXED' END AS currency,
          iif(sum(l.quantity * v.amount) <= ${MAX_SUBTOTAL}, sum(l.quantity * v.amount), NULL) AS subtotal,
          max(v.requires_shipping) AS ships
        FROM reservation_lines l JOIN variants v ON v.sku = l.sku WHERE l.reservation_id = ${order.reservationId}) AS goods))`);
}

/** An order as it was, as far as anybody remembers; amounts are in minor units. */
export interface LostOrder
  extends Pick<
    OrderColumns,
    | "id"
    | "number"
    | "accountId"
    | "email"
    | "currency"
    | "discount"
    | "discountCode"
    | "shipping"
    | "paymentTerms"
    | "reservationId"
    | "shippingAddress"
    | "createdAt"
  > {
  readonly lines: readonly (readonly [sku: string, quantity: number, unitAmount: number])[];
  /** Where a customer is sent who is long there. */
  readonly url: string;
  readonly now: number;
}

/**
 * The order again over a new hold, at what was agreed: no catalog is asked for prices. It has its number, unless another
 * order has that by now; its account, if that is still there. A person is to look at it.
 */
export function insertLostOrder({ lines, url, now, ...order }: LostOrder) {
  const subtotal = lines.reduce((sum, [, quantity, unit]) => sum + quantity * unit, 0);
  return query.insert(orders).values({
    ...order,
    number: sql`iif(EXISTS (SELECT 1 FROM orders WHERE number = ${order.number}), ${nextNumber}, ${order.number})`,
    accountId: sql`(SELECT id FROM accounts WHERE id = ${order.accountId})`,
    ...{ status: "pending_payment", paymentStatus: "unpaid", fulfillmentStatus: "unfulfilled" },
    ...{ attentionReason: "restored", attentionSince: now },
    ...{ subtotal, total: subtotal - order.discount + order.shipping },
    ...{ successUrl: url, cancelUrl: url, version: 2, updatedAt: now },
  });
}

/** Its lines, with the titles of today. */
export function insertLostLines(orderId: string, lines: LostOrder["lines"]) {
  return query.run(sql`
    INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping)
    SELECT ${orderId}, v.sku, p.id, p.title, v.title, l.value ->> '$[1]', l.value ->> '$[2]', v.requires_shipping
    FROM json_each(${JSON.stringify(lines)}) l JOIN variants v ON v.sku = l.value ->> '$[0]'
    JOIN products p ON p.id = v.product_id ORDER BY l.key`);
}

/** The next order has at least this number. */
export function raiseOrderNumbers(from: number) {
  return query
    .update(orderNumbers)
    .set({ next: sql`max(${orderNumbers.next}, ${from})` })
    .where(eq(orderNumbers.id, 1));
}

export function insertOrderLines(orderId: string, reservationId: string) {
  return query.run(sql`
    INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping)
    SELECT ${orderId}, l.sku, p.id, p.title, v.title, l.quantity, v.amount, v.requires_shipping
    FROM reservation_lines l JOIN variants v ON v.sku = l.sku JOIN products p ON p.id = v.product_id
    WHERE l.reservation_id = ${reservationId}`);
}

/** What an order waits for; one with nothing to pay has none. */
export function insertPendingPayment(id: string, orderId: string, now: number) {
  return query.run(sql`
    INSERT INTO payments (id, order_id, status, amount, currency, created_at, updated_at)
    SELECT ${id}, id, 'pending', total, currency, ${now}, ${now} FROM orders WHERE id = ${orderId} AND total > 0`);
}

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
    .mapWith(jsonAs(z.array(schema)))
    .as(name);
}

interface PartOptions<InNoColumn extends PropertyKey> {
  readonly name: string;
  readonly by?: SQL;
  readonly fields: Readonly<Record<InNoColumn, SQL>>;
}

/** The lines of a refund or a shipment, each as these fields. */
const itemsOf = (lines: SQLiteTable, whole: SQL, fields: Readonly<Record<string, SQLWrapper>>) =>
  sql`(SELECT json_group_array(${jsonObject(fields)}) FROM ${lines} WHERE ${whole})`;

const parts = {
  ...getTableColumns(orders),
  lines: partOf(orderLines, storedLineSchema, { name: "lines", by: sql`rowid`, fields: {} }),
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
};

/** An order with everything that belongs to it, read once: nobody after this knows that it was text. */
export type StoredOrder = ReturnType<typeof findOrder>["_"]["result"][number];

export function findOrder(id: string) {
  return query.select(parts).from(orders).where(eq(orders.id, id)).limit(1);
}

export function findOrders(ids: readonly string[]) {
  return query
    .select(parts)
    .from(orders)
    .where(sql`${orders.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

/** The order that a statement of one text column names. */
export function findOrderWhere(idIs: SQL) {
  return query.select(parts).from(orders).where(sql`${orders.id} = ${idIs}`).limit(1);
}

export interface OrderFilter {
  readonly status?: OrderColumns["status"] | undefined;
  readonly paymentStatus?: OrderColumns["paymentStatus"] | undefined;
  readonly fulfillmentStatus?: OrderColumns["fulfillmentStatus"] | undefined;
  readonly email?: string | undefined;
  readonly accountId?: string | undefined;
}

/**
 * The plus keeps SQLite from the index of a column, so that it takes the one of the few. A customer's orders are few. What
 * is canceled is few, and what was fulfilled has as its payment's status nearly always what is asked for; of the others,
 * the few are what is yet to be sent, for which there is an index with the order's status.
 */
const matching = (filter: OrderFilter) => {
  const { status, paymentStatus, fulfillmentStatus, email, accountId } = filter;
  const ofCustomer = email !== undefined || accountId !== undefined;
  const toSend = fulfillmentStatus !== undefined && fulfillmentStatus !== "fulfilled";
  const byStatus = status === "canceled" || paymentStatus === undefined || toSend;
  const byPayment = !toSend && status !== "canceled";
  const bySending = toSend || paymentStatus === undefined;
  const is = (column: SQLWrapper, value: string | undefined, used: boolean) =>
    value === undefined
      ? undefined
      : sql`${used && !ofCustomer ? column : sql`+${column}`} = ${value}`;
  return and(
    is(orders.status, status, byStatus),
    is(orders.paymentStatus, paymentStatus, byPayment),
    is(orders.fulfillmentStatus, fulfillmentStatus, bySending),
    email === undefined ? undefined : eq(orders.email, email),
    accountId === undefined ? undefined : eq(orders.accountId, accountId),
  );
};

export function listOrders(
  filter: OrderFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  return query
    .select(parts)
    .from(orders)
    .where(and(matching(filter), olderThan(orders.createdAt, orders.id, after)))
    .orderBy(desc(orders.createdAt), desc(orders.id))
    .limit(limit);
}

export function countOrders(filter: OrderFilter) {
  return countRows(orders, matching(filter));
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

/** Writes down where the customer pays; the first page stays. */
export function setPaymentSession(
  id: string,
  page: { sessionId: string; url: string | null },
  now: number,
) {
  return query
    .update(payments)
    .set({ sessionId: page.sessionId, sessionUrl: page.url, updatedAt: now })
    .where(and(eq(payments.id, id), isNull(payments.sessionId)));
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
