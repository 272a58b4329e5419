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
import { countRows, olderThan, query, type RowOf } from "../platform/db.ts";
import { jsonObject } from "../platform/json-columns.ts";
import { type Holes, madeOnce, perShape, prepared } from "../platform/prepared.ts";
import { storedJson } from "../platform/stored-json.ts";
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

type NewOrderValues = Pick<
  NewOrder,
  "id" | "accountId" | "browserHash" | "email" | "reservationId"
> &
  Pick<NewOrder, "successUrl" | "cancelUrl" | "now"> & {
    address: string | null;
    countries: string;
    rates: string;
    tax: string | null;
    delayed: string;
  };

const orderOfHold = prepared((p: Holes<NewOrderValues>) =>
  query.run(sql`
    INSERT INTO orders (id, number, status, payment_status, fulfillment_status, email, currency, subtotal, shipping,
      total, payment_terms, reservation_id, account_id, browser_hash, shipping_address, success_url, cancel_url, version, created_at, updated_at)
    SELECT ${p.id}, ${nextNumber},
      'pending_payment', 'unpaid', 'unfulfilled', ${p.email}, currency, subtotal, shipping, subtotal + shipping,
      json_object('rates', json(rates), 'countries', json(iif(ships, ${p.countries}, '[]')), 'tax', ${p.tax},
        'delayed', json(${p.delayed})),
      ${p.reservationId}, ${p.accountId}, ${p.browserHash}, ${p.address},
      ${p.successUrl}, ${p.cancelUrl}, 1, ${p.now}, ${p.now}
    FROM (SELECT *, coalesce(rates ->> '$[0].amount', 0) AS shipping FROM (
      SELECT *, (SELECT json_group_array(json(value)) FROM (
        SELECT value FROM json_each(${p.rates})
        WHERE value ->> 'currency' = goods.currency AND goods.ships ORDER BY key)) AS rates
      FROM (
        SELECT CASE WHEN min(v.currency) = max(v.currency) THEN min(v.currency) ELSE 'MIXED' END AS currency,
          iif(sum(l.quantity * v.amount) <= ${MAX_SUBTOTAL}, sum(l.quantity * v.amount), NULL) AS subtotal,
          max(v.requires_shipping) AS ships
        FROM reservation_lines l JOIN variants v ON v.sku = l.sku WHERE l.reservation_id = ${p.reservationId}) AS goods))`),
);

/**
 * The order over a hold: the database takes the prices from the catalog and adds them up, with the first way of delivery
 * until the customer has chosen one; where nothing needs a parcel there is none, and no address is asked for. Goods worth more than `MAX_SUBTOTAL` are NULL, which it refuses as `ORDER_TOO_LARGE`.
 */
export function insertOrder({ terms, shippingAddress, ...order }: NewOrder) {
  return orderOfHold({
    ...order,
    address: shippingAddress && JSON.stringify(shippingAddress),
    countries: JSON.stringify(shippingAddress === null ? terms.countries : []),
    rates: JSON.stringify(terms.rates),
    tax: terms.tax,
    delayed: JSON.stringify(terms.delayed),
  });
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
 * The order again over a hold, at what was agreed: no catalog is asked for prices. It has its number, unless another
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

const linesOfHold = prepared((p: Holes<{ orderId: string; reservationId: string }>) =>
  query.run(sql`
    INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping)
    SELECT ${p.orderId}, l.sku, p.id, p.title, v.title, l.quantity, v.amount, v.requires_shipping
    FROM reservation_lines l JOIN variants v ON v.sku = l.sku JOIN products p ON p.id = v.product_id
    WHERE l.reservation_id = ${p.reservationId}`),
);

export function insertOrderLines(orderId: string, reservationId: string) {
  return linesOfHold({ orderId, reservationId });
}

const pendingPayment = prepared((p: Holes<{ id: string; orderId: string; now: number }>) =>
  query.run(sql`
    INSERT INTO payments (id, order_id, status, amount, currency, created_at, updated_at)
    SELECT ${p.id}, id, 'pending', total, currency, ${p.now}, ${p.now} FROM orders
    WHERE id = ${p.orderId} AND total > 0`),
);

/** What an order waits for; one with nothing to pay has none. */
export function insertPendingPayment(id: string, orderId: string, now: number) {
  return pendingPayment({ id, orderId, now });
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
const parts = madeOnce(() => ({
  ...getTableColumns(orders),
  lines: partOf(orderLines, storedLineSchema, {
    name: "lines",
    by: sql`rowid`,
    fields: {
      requiresShipping: sql`json(iif(${orderLines.requiresShipping}, 'true', 'false'))`,
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
  query.select(parts()).from(orders).where(eq(orders.id, p.id)).limit(1),
);

export function findOrder(id: string) {
  return orderById({ id });
}

export function findOrders(ids: readonly string[]) {
  return query
    .select(parts())
    .from(orders)
    .where(sql`${orders.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

/** The order that a statement of one text column names. */
export function findOrderWhere(idIs: SQL) {
  return query.select(parts()).from(orders).where(sql`${orders.id} = ${idIs}`).limit(1);
}

export interface OrderFilter {
  readonly status?: OrderColumns["status"] | undefined;
  readonly paymentStatus?: OrderColumns["paymentStatus"] | undefined;
  readonly fulfillmentStatus?: OrderColumns["fulfillmentStatus"] | undefined;
  readonly email?: string | undefined;
  readonly accountId?: string | undefined;
}

const FILTERS = ["status", "paymentStatus", "fulfillmentStatus", "email", "accountId"] as const;
type Filtered = Record<(typeof FILTERS)[number], string>;
/** A column that is asked for; with a plus, SQLite is kept from its index. */
type Asked = keyof Filtered | `+${keyof Filtered}`;

/**
 * The plus makes SQLite take the index of the few. A customer's orders are few. There is an index for what is to be sent,
 * or was, with the order's status and with its payment's. Of those two, the order's is the one of the few, but for what
 * is paid: that stays for good, and its payment's status says more.
 */
function asked(filter: OrderFilter): readonly Asked[] {
  const { status, paymentStatus, email, accountId } = filter;
  const ofCustomer = email !== undefined || accountId !== undefined;
  const byPayment = paymentStatus !== undefined && (status === undefined || status === "paid");
  const used: Readonly<Record<keyof Filtered, boolean>> = {
    status: !(ofCustomer || byPayment),
    paymentStatus: !ofCustomer && byPayment,
    fulfillmentStatus: !ofCustomer,
    email: true,
    accountId: true,
  };
  return FILTERS.filter((name) => filter[name] !== undefined).map((name) =>
    used[name] ? name : (`+${name}` as const),
  );
}

function matching(
  columns: readonly Asked[],
  values: Readonly<Partial<Record<keyof Filtered, unknown>>>,
) {
  return and(
    ...columns.map((one) => {
      const name = one.replace("+", "") as keyof Filtered; // as it was made
      const column = one === name ? sql`${orders[name]}` : sql`+${orders[name]}`;
      return sql`${column} = ${values[name]}`;
    }),
  );
}

type Further = Filtered & { afterTime: number; afterId: string; limit: number };

const ordersPage = perShape((filters: string, further: boolean) =>
  prepared((p: Holes<Further>) => {
    const columns = filters.split(" ").filter((one) => one !== "") as Asked[]; // as `asked` has joined them
    const older = further
      ? olderThan(orders.createdAt, orders.id, [p.afterTime, p.afterId])
      : undefined;
    return query
      .select(parts())
      .from(orders)
      .where(and(matching(columns, p), older))
      .orderBy(desc(orders.createdAt), desc(orders.id))
      .limit(p.limit);
  }),
);

export function listOrders(
  filter: OrderFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  const [afterTime = 0, afterId = ""] = after ?? [];
  const {
    status = "",
    paymentStatus = "",
    fulfillmentStatus = "",
    email = "",
    accountId = "",
  } = filter;
  const values = { status, paymentStatus, fulfillmentStatus, email, accountId };
  return ordersPage(
    asked(filter).join(" "),
    after !== undefined,
  )({
    ...values,
    ...{ afterTime, afterId, limit },
  });
}

export function countOrders(filter: OrderFilter) {
  return countRows(orders, matching(asked(filter), filter));
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
