import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { statesOf } from "../../platform/state.ts";
import { disputeTransitions } from "../order-state.ts";
import { orders, payments } from "../schema.ts";

/** A customer's bank asks for a payment back. `id` is Stripe's. */
export const disputes = sqliteTable(
  "disputes",
  {
    id: text("id").primaryKey(),
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    paymentId: text("payment_id")
      .notNull()
      .references(() => payments.id),
    status: text("status", { enum: statesOf(disputeTransitions) }).notNull(),
    reason: text("reason").notNull(),
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("disputes_status", sql`${t.status} IN ('open', 'won', 'lost')`),
    check("disputes_amount", sql`${t.amount} > 0`),
    index("disputes_of_order").on(t.orderId, t.createdAt),
    index("disputes_of_payment").on(t.paymentId),
  ],
);
