import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { orderLines, orders } from "../schema.ts";
import { DESPITES } from "./new-fulfillment.ts";

/** A shipment. */
export const fulfillments = sqliteTable(
  "fulfillments",
  {
    id: text("id").primaryKey(),
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    carrier: text("carrier"),
    trackingNumber: text("tracking_number"),
    /** What stood against it, where it was sent all the same. */
    despite: text("despite", { enum: DESPITES }),
    actor: text("actor").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    check("fulfillments_despite", sql`${t.despite} IN ('refunded', 'disputed')`),
    index("fulfillments_of_order").on(t.orderId, t.createdAt),
  ],
);

export const fulfillmentLines = sqliteTable(
  "fulfillment_lines",
  {
    fulfillmentId: text("fulfillment_id")
      .notNull()
      .references(() => fulfillments.id),
    orderId: text("order_id").notNull(),
    sku: text("sku").notNull(),
    quantity: integer("quantity").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fulfillmentId, t.sku] }),
    foreignKey({
      columns: [t.orderId, t.sku],
      foreignColumns: [orderLines.orderId, orderLines.sku],
    }),
    check("fulfillment_lines_quantity", sql`${t.quantity} > 0`),
    index("fulfillment_lines_of_order").on(t.orderId, t.sku),
  ],
);
