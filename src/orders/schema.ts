import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { variants } from "../catalog/schema.ts";
import { accounts } from "../identity/schema.ts";
import { reservations } from "../inventory/schema.ts";
import { jsonText } from "../platform/json-columns.ts";
import { statesOf } from "../platform/state.ts";
import { addressSchema } from "./address.ts";
import {
  fulfillmentTransitions,
  orderTransitions,
  paymentStatusTransitions,
  paymentTransitions,
} from "./order-state.ts";
import { paymentTermsSchema } from "./payment-terms.ts";
import { ATTENTION_REASONS } from "./steps/attention.ts";
import { ORDER_EVENT_TYPES } from "./steps/order-event-types.ts";
import { stoppingSchema } from "./stopping.ts";

/** One purchase. Prices are copied from the catalog when it is made; every amount is in minor units of `currency`. */
export const orders = sqliteTable(
  "orders",
  {
    id: text("id").primaryKey(),
    number: integer("number").notNull().unique(),
    accountId: text("account_id").references(() => accounts.id),
    /** Of the secret in the browser of a guest who made it on our pages; null for all others. */
    browserHash: text("browser_hash"),
    status: text("status", { enum: statesOf(orderTransitions) }).notNull(),
    paymentStatus: text("payment_status", { enum: statesOf(paymentStatusTransitions) }).notNull(),
    fulfillmentStatus: text("fulfillment_status", {
      enum: statesOf(fulfillmentTransitions),
    }).notNull(),
    attentionReason: text("attention_reason", { enum: ATTENTION_REASONS }),
    attentionSince: integer("attention_since"),
    email: text("email"),
    currency: text("currency").notNull(),
    subtotal: integer("subtotal").notNull(),
    discount: integer("discount").notNull().default(0),
    shipping: integer("shipping").notNull().default(0),
    tax: integer("tax").notNull().default(0),
    /** What of `tax` is on the delivery; null where Stripe has not said. */
    shippingTax: integer("shipping_tax"),
    total: integer("total").notNull(),
    captured: integer("captured").notNull().default(0),
    refunded: integer("refunded").notNull().default(0),
    reservationId: text("reservation_id")
      .notNull()
      .unique()
      .references(() => reservations.id),
    shippingAddress: jsonText("shipping_address", addressSchema),
    discountCode: text("discount_code"),
    /** What the payment page offers besides the goods, the same for every try. */
    paymentTerms: jsonText("payment_terms", paymentTermsSchema).notNull(),
    /** Who has asked for the order's end, and why, before its payment page was asked to close: so it ends, whoever hears first that it is closed. */
    stopping: jsonText("stopping", stoppingSchema),
    /** Since when nobody knows any more who bought it, in milliseconds. */
    forgottenAt: integer("forgotten_at"),
    successUrl: text("success_url").notNull(),
    cancelUrl: text("cancel_url").notNull(),
    version: integer("version").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("orders_status", sql`${t.status} IN ('pending_payment', 'paid', 'canceled', 'expired')`),
    check(
      "orders_payment_status",
      sql`${t.paymentStatus} IN ('unpaid', 'processing', 'paid', 'partially_refunded', 'refunded', 'disputed', 'failed')`,
    ),
    check(
      "orders_fulfillment_status",
      sql`${t.fulfillmentStatus} IN ('unfulfilled', 'partially_fulfilled', 'fulfilled')`,
    ),
    check("orders_one_currency", sql`length(${t.currency}) = 3`),
    check(
      "orders_amounts",
      sql`min(${t.subtotal}, ${t.discount}, ${t.shipping}, ${t.tax}, ${t.total}, ${t.captured}, ${t.refunded}) >= 0`,
    ),
    check(
      "orders_total",
      sql`${t.total} = ${t.subtotal} - ${t.discount} + ${t.shipping} + ${t.tax}`,
    ),
    check("orders_refunded_within_captured", sql`${t.refunded} <= ${t.captured}`),
    check("orders_attention", sql`(${t.attentionReason} IS NULL) = (${t.attentionSince} IS NULL)`),
    // Without the id, which is long: of orders of the same millisecond, a list sorts the few by itself.
    index("orders_newest").on(t.createdAt),
    index("orders_by_status").on(t.status, t.createdAt),
    index("orders_by_payment_status").on(t.paymentStatus, t.createdAt),
    index("orders_by_fulfillment_status").on(t.fulfillmentStatus, t.createdAt),
    index("orders_to_fulfill").on(t.status, t.fulfillmentStatus, t.createdAt),
    index("orders_paid_and_sent").on(t.paymentStatus, t.fulfillmentStatus, t.createdAt),
    index("orders_by_email").on(t.email, t.createdAt),
    // Those that call a person: few, and none of them for long.
    index("orders_calling").on(t.createdAt).where(sql`"attention_reason" IS NOT NULL`),
    index("orders_calling_for")
      .on(t.attentionReason, t.createdAt)
      .where(sql`"attention_reason" IS NOT NULL`),
    index("orders_over_unpaid")
      .on(t.updatedAt)
      .where(
        sql`"captured" = 0 AND "attention_reason" IS NULL AND ("status" = 'expired' OR ("status" = 'canceled' AND "total" > 0))`,
      ),
    index("orders_of_account").on(t.accountId, t.createdAt).where(sql`"account_id" IS NOT NULL`),
  ],
);

/** Where the numbers of orders go on: one row, and it only ever grows. */
export const orderNumbers = sqliteTable(
  "order_numbers",
  { id: integer("id").primaryKey(), next: integer("next").notNull() },
  (t) => [check("order_numbers_one_row", sql`${t.id} = 1`)],
);

export const orderLines = sqliteTable(
  "order_lines",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    sku: text("sku")
      .notNull()
      .references(() => variants.sku),
    productId: text("product_id").notNull(),
    title: text("title").notNull(),
    variantTitle: text("variant_title").notNull(),
    quantity: integer("quantity").notNull(),
    unitAmount: integer("unit_amount").notNull(),
    requiresShipping: integer("requires_shipping").notNull(),
    /** Whether the order's code, if it has one, is for this; a trigger says so. */
    discounted: integer("discounted").notNull().default(1),
    /** When the order was made, so that the orders of a SKU are found from new to old; a trigger holds it. */
    orderedAt: integer("ordered_at").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.sku] }),
    index("order_lines_of_sku").on(t.sku, t.orderedAt),
    check("order_lines_quantity", sql`${t.quantity} > 0`),
    check("order_lines_requires_shipping", sql`${t.requiresShipping} IN (0, 1)`),
    check("order_lines_unit_amount", sql`${t.unitAmount} > 0`),
  ],
);

/** The order's history. Its key is the optimistic lock: two changes of the same version cannot both be written. */
export const orderEvents = sqliteTable(
  "order_events",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    seq: integer("seq").notNull(),
    type: text("type", { enum: ORDER_EVENT_TYPES }).notNull(),
    data: text("data").notNull(),
    actor: text("actor").notNull(),
    requestId: text("request_id"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.seq] }),
    // By it the audit finds what the reports have counted on a day.
    index("order_events_paid").on(t.createdAt).where(sql`"type" = 'order.paid'`),
  ],
);

/** A payment page at Stripe and what came of it. */
export const payments = sqliteTable(
  "payments",
  {
    id: text("id").primaryKey(),
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    status: text("status", { enum: statesOf(paymentTransitions) }).notNull(),
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    captured: integer("captured").notNull().default(0),
    sessionId: text("session_id").unique(),
    sessionUrl: text("session_url"),
    providerPaymentId: text("provider_payment_id").unique(),
    /** When the nightly control found it on the provider's books. */
    controlledAt: integer("controlled_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check(
      "payments_status",
      sql`${t.status} IN ('pending', 'processing', 'succeeded', 'failed', 'expired')`,
    ),
    check("payments_amounts", sql`${t.amount} > 0 AND ${t.captured} >= 0`),
    index("payments_of_order").on(t.orderId),
    index("payments_to_control")
      .on(t.updatedAt)
      .where(sql`"status" = 'succeeded' AND "controlled_at" IS NULL`),
    uniqueIndex("payments_one_success").on(t.orderId).where(sql`"status" = 'succeeded'`),
  ],
);
