import type { Mutant } from "../mutant.ts";

const standsOnNothing = ([table, column, parent, id]: readonly [
  string,
  string,
  string,
  string,
]): Mutant => ({
  name: `the ${column} of ${table} may be that of nothing`,
  change: [
    `FOREIGN KEY (\`${column}\`) REFERENCES \`${parent}\`(\`${id}\`) ON UPDATE no action ON DELETE no action`,
    "CHECK (1)",
  ],
  after: `CREATE TABLE \`${table}\``,
  dies: "test/platform/foreign-keys.test.ts",
  by: `of ${table} stands on its ${column}`,
});

/** A row stands on rows that are there. For an order's hold, a trigger asks before, in words of its own. */
export const FOREIGN_KEYS: readonly Mutant[] = (
  [
    ["product_images", "product_id", "products", "id"],
    ["variants", "product_id", "products", "id"],
    ["stock_levels", "sku", "variants", "sku"],
    ["order_events", "order_id", "orders", "id"],
    ["order_lines", "order_id", "orders", "id"],
    ["order_lines", "sku", "variants", "sku"],
    ["payments", "order_id", "orders", "id"],
    ["refunds", "order_id", "orders", "id"],
    ["refunds", "payment_id", "payments", "id"],
    ["refund_lines", "refund_id", "refunds", "id"],
    ["fulfillments", "order_id", "orders", "id"],
    ["fulfillment_lines", "fulfillment_id", "fulfillments", "id"],
    ["disputes", "order_id", "orders", "id"],
    ["disputes", "payment_id", "payments", "id"],
    ["discount_uses", "order_id", "orders", "id"],
    ["users", "account_id", "accounts", "id"],
    ["sessions", "user_id", "users", "id"],
    ["session_secrets", "session_id", "sessions", "id"],
    ["email_tokens", "user_id", "users", "id"],
  ] as const
).map(standsOnNothing);
