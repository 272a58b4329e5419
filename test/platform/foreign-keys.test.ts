import { describe, expect, it } from "vitest";
import { byHand, insert, PAID, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const KEY = `${"0".repeat(64)}.png`;
const BYTES = `INSERT INTO image_objects (key, width, height, bytes, touched_at) VALUES ('${KEY}', 1, 1, 1, 1)`;
const IMAGE = (product: string, key = KEY) =>
  `INSERT INTO product_images (id, product_id, key, alt, position) VALUES ('img_1', '${product}', '${key}', 'x', 0)`;
const GOODS = (product: string) =>
  `INSERT INTO discount_products (discount_id, product_id) VALUES ('dsc_1', '${product}')`;
const LEVEL = (sku: string) => `INSERT INTO stock_levels (sku, updated_at) VALUES ('${sku}', 1)`;

/** Everything that a row below may stand on. */
const ALL = [
  ...PAID,
  insert("refunds"),
  insert("fulfillments"),
  insert("discounts"),
  insert("accounts"),
  insert("users"),
  insert("sessions"),
  BYTES,
];

describe("A row, whoever writes it,", () => {
  it.each([
    ["product_images", "product_id", IMAGE("nowhere")],
    ["product_images", "key", IMAGE("prod_1", "nowhere")],
    ["discount_products", "product_id", GOODS("nowhere")],
    [
      "variants",
      "product_id",
      insert("variants", { sku: "C", id: "var_3", product_id: "nowhere" }),
    ],
    ["stock_levels", "sku", LEVEL("nowhere")],
    ["order_events", "order_id", insert("order_events", { order_id: "nowhere" })],
    ["order_lines", "order_id", insert("order_lines", { order_id: "nowhere" })],
    ["order_lines", "sku", insert("order_lines", { sku: "nowhere" })],
    ["payments", "order_id", insert("payments", { id: "pay_2", order_id: "nowhere" })],
    ["refunds", "order_id", insert("refunds", { id: "ref_2", order_id: "nowhere" })],
    ["refunds", "payment_id", insert("refunds", { id: "ref_2", payment_id: "nowhere" })],
    ["refund_lines", "refund_id", insert("refund_lines", { refund_id: "nowhere" })],
    ["fulfillments", "order_id", insert("fulfillments", { id: "ful_2", order_id: "nowhere" })],
    [
      "fulfillment_lines",
      "fulfillment_id",
      insert("fulfillment_lines", { fulfillment_id: "nowhere" }),
    ],
    ["disputes", "order_id", insert("disputes", { order_id: "nowhere" })],
    ["disputes", "payment_id", insert("disputes", { payment_id: "nowhere" })],
    ["discount_uses", "order_id", insert("discount_uses", { order_id: "nowhere" })],
    [
      "users",
      "account_id",
      insert("users", { id: "usr_2", email: "b@example.com", account_id: "nowhere" }),
    ],
    ["sessions", "user_id", insert("sessions", { id: "ses_2", user_id: "nowhere" })],
    ["session_secrets", "session_id", insert("session_secrets", { session_id: "nowhere" })],
    ["webhook_secrets", "endpoint_id", insert("webhook_secrets", { endpoint_id: "nowhere" })],
    ["webhook_deliveries", "event_id", insert("webhook_deliveries", { event_id: "nowhere" })],
    ["delivery_attempts", "delivery_id", insert("delivery_attempts", { delivery_id: "nowhere" })],
    ["email_tokens", "user_id", insert("email_tokens", { user_id: "nowhere" })],
  ])("of %s stands on its %s", async (_, __, statement) => {
    expect(await byHand(...ALL)).toBe("taken");
    expect(await byHand(...ALL, statement)).toContain("FOREIGN KEY");
  });
});
