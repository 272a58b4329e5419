import { eq, type SQL, sql } from "drizzle-orm";
import type { Config } from "../../platform/config.ts";
import { query } from "../../platform/db.ts";
import { type Holes, prepared } from "../../platform/prepared.ts";
import { orderNumbers, orders } from "../schema.ts";

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
        SELECT CASE WHEN min(l.currency) = max(l.currency) THEN min(l.currency) ELSE 'MIXED' END AS currency,
          iif(sum(l.quantity * l.unit_amount) <= ${MAX_SUBTOTAL}, sum(l.quantity * l.unit_amount), NULL) AS subtotal,
          max(l.requires_shipping) AS ships
        FROM held_lines l WHERE l.reservation_id = ${p.reservationId}) AS goods))`),
);

/**
 * The order over a hold: the database takes the prices that the hold was made at and adds them up, with the first way of delivery
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

/** The last says whether the order's code was for it. */
type LostLine = readonly [sku: string, quantity: number, unitAmount: number, discounted: 0 | 1];

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
  readonly lines: readonly LostLine[];
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

const orderedAt = (orderId: SQL) => sql`(SELECT created_at FROM orders WHERE id = ${orderId})`;

/** Its lines, with the titles of today, and what its code was for then, whatever has become of the code since. */
export function insertLostLines(orderId: string, lines: LostOrder["lines"]) {
  return query.run(sql`
    INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping,
      discounted, ordered_at)
    SELECT ${orderId}, v.sku, p.id, p.title, v.title, l.value ->> '$[1]', l.value ->> '$[2]', v.requires_shipping,
      l.value ->> '$[3]', ${orderedAt(sql`${orderId}`)}
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
    INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ordered_at)
    SELECT ${p.orderId}, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ${orderedAt(sql`${p.orderId}`)}
    FROM held_lines WHERE reservation_id = ${p.reservationId}`),
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
