import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";
import { renewShop } from "./empty-shop.ts";

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** One right row of each table, in an otherwise empty shop whose clock stands at 1. */
const ROWS = {
  products: { id: "prod_1", slug: "one", title: "One", status: "active", price_from: 10 },
  variants: {
    id: "var_1",
    product_id: "prod_1",
    sku: "A",
    title: "A",
    amount: 10,
    currency: "USD",
    position: 0,
  },
  reservations: {
    id: "rsv_1",
    ref: "hld_1",
    status: "held",
    caller: "x",
    caller_limit: 9,
    actor: "x",
    expires_at: 9,
  },
  reservation_lines: { reservation_id: "rsv_1", sku: "A", quantity: 2 },
  orders: {
    id: "ord_1",
    number: 1001,
    status: "pending_payment",
    payment_status: "unpaid",
    fulfillment_status: "unfulfilled",
    currency: "USD",
    subtotal: 50,
    total: 50,
    payment_terms: "{}",
    reservation_id: "rsv_1",
    success_url: "https://a.test",
    cancel_url: "https://a.test",
    version: 1,
  },
  order_lines: {
    order_id: "ord_1",
    sku: "A",
    product_id: "prod_1",
    title: "One",
    variant_title: "A",
    quantity: 2,
    unit_amount: 10,
    requires_shipping: 1,
    ordered_at: 1,
  },
  order_events: { order_id: "ord_1", seq: 1, type: "order.created", data: "{}", actor: "x" },
  payments: { id: "pay_1", order_id: "ord_1", status: "pending", amount: 50, currency: "USD" },
  refunds: {
    id: "ref_1",
    order_id: "ord_1",
    payment_id: "pay_1",
    status: "pending",
    amount: 10,
    currency: "USD",
    reason: "x",
    source: "shop",
    actor: "x",
  },
  refund_lines: {
    refund_id: "ref_1",
    order_id: "ord_1",
    sku: "A",
    quantity: 1,
    restock: "none",
    unsent: 0,
  },
  fulfillments: { id: "ful_1", order_id: "ord_1", actor: "x" },
  fulfillment_lines: { fulfillment_id: "ful_1", order_id: "ord_1", sku: "A", quantity: 1 },
  disputes: {
    id: "dp_1",
    order_id: "ord_1",
    payment_id: "pay_1",
    status: "open",
    reason: "x",
    amount: 10,
    currency: "USD",
  },
  discounts: { id: "dsc_1", code: "CODE", kind: "percentage", percent: 10 },
  discount_uses: { order_id: "ord_1", discount_id: "dsc_1" },
  accounts: { id: "acc_1", name: "Ada" },
  users: { id: "usr_1", account_id: "acc_1", email: "ada@example.com", name: "Ada", role: "admin" },
  sessions: {
    id: "ses_1",
    user_id: "usr_1",
    kind: "token",
    user_agent: "x",
    address: "x",
    last_used_at: 1,
    expires_at: 9,
  },
  session_secrets: { hash: "h1", session_id: "ses_1" },
  email_tokens: { id: "emt_1", user_id: "usr_1", purpose: "verify", expires_at: 9 },
  api_keys: { id: "key_1", name: "x", hash: "h1", hint: "x", scopes: "[]", created_by: "operator" },
  signing_keys: { kid: "k1", status: "current", public_jwk: "{}", sealed_private_jwk: "x" },
  audit_log: {
    id: "aud_1",
    actor: "x",
    action: "x",
    target: "x",
    data: "{}",
    address: "x",
    request_id: "x",
  },
  idempotency_keys: { caller: "x", key: "k", request_hash: "h", expires_at: 9 },
  dead_letters: { message_id: "m1", queue: "x", body: "x", reason: "x" },
  outbox: {
    id: "obx_1",
    topic: "x",
    payload: "{}",
    dedupe_key: "d1",
    status: "pending",
    wake_at: 1,
  },
  webhook_events: {
    id: "whe_1",
    provider: "stripe",
    event_id: "evt_1",
    type: "x",
    payload: "{}",
    status: "received",
    received_at: 1,
  },
  webhook_endpoints: {
    id: "wep_1",
    url: "https://a.test",
    events: '["order.paid"]',
    status: "active",
    changed_by: "x",
  },
  webhook_secrets: { id: "whs_1", endpoint_id: "wep_1", sealed: "x" },
  outgoing_events: { id: "evt_1", type: "order.paid", subject: "ord_1", sequence: 1 },
  webhook_deliveries: {
    id: "dlv_1",
    endpoint_id: "wep_1",
    event_id: "evt_1",
    status: "pending",
    wake_at: 1,
  },
  delivery_attempts: { delivery_id: "dlv_1", number: 1, status: 200, latency_ms: 1 },
  stock_movements: {
    sku: "A",
    kind: "receive",
    on_hand_delta: 1,
    reserved_delta: 0,
    reason: "x",
    actor: "x",
  },
} as const satisfies Record<string, Row>;

type Table = keyof typeof ROWS;

const WITHOUT_CREATION: readonly Table[] = [
  "reservation_lines",
  "order_lines",
  "refund_lines",
  "fulfillment_lines",
  "webhook_events",
];
const WITH_UPDATE: readonly Table[] = [
  "products",
  "variants",
  "orders",
  "payments",
  "refunds",
  "disputes",
  "discounts",
  "users",
  "webhook_endpoints",
];

const literal = (value: Value) =>
  typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);

/** The statement that writes a row which is right, but for what is said of it. */
export function insert(table: Table, said: Row = {}): string {
  const row: Record<string, Value> = {
    ...(WITHOUT_CREATION.includes(table) ? {} : { created_at: 1 }),
    ...(WITH_UPDATE.includes(table) ? { updated_at: 1 } : {}),
    ...ROWS[table],
    ...said,
  };
  // What follows from the rest unless it is said.
  if (table === "reservations") row["ref"] = said["ref"] ?? `hld_${row["id"]}`;
  if (table === "refund_lines") row["unsent"] = said["unsent"] ?? row["quantity"] ?? 0;
  const values = Object.values(row).map(literal);
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${values.join(", ")})`;
}

/** Two SKUs, of which there are ten each. */
export const SHOP: readonly string[] = [
  insert("products"),
  insert("variants", { opening_stock: 10 }),
  insert("variants", { id: "var_2", sku: "B", title: "B", opening_stock: 10 }),
];

/** Two of one and three of the other are held. */
export const HELD: readonly string[] = [
  ...SHOP,
  insert("reservations"),
  insert("reservation_lines"),
  insert("reservation_lines", { sku: "B", quantity: 3 }),
];

/** They are ordered. */
export const ORDERED: readonly string[] = [
  ...HELD,
  insert("orders"),
  insert("order_lines"),
  insert("order_lines", { sku: "B", quantity: 3 }),
];

/** They are paid for. */
export const PAID: readonly string[] = [
  ...ORDERED,
  insert("payments", { status: "succeeded", captured: 50 }),
  "UPDATE orders SET status = 'paid', payment_status = 'paid', captured = 50",
  "UPDATE reservations SET status = 'committed', ended_at = 1",
];

/** For the tests of a file: a shop in which nothing is, and nothing of theirs stays. */
export function useEmptyShop(): void {
  beforeAll(async () => {
    await renewShop();
  });
}

const NEVER = "INSERT INTO state_transitions SELECT * FROM state_transitions LIMIT 1";
const REACHED = "UNIQUE constraint failed: state_transitions";

/** What the database says to these statements: "taken", or why it refuses one of them. It keeps nothing of them. */
export async function byHand(...statements: readonly string[]): Promise<string> {
  const batch = [...statements, NEVER].map((sql) => env.DB.prepare(sql));
  return env.DB.batch(batch).then(
    () => "kept",
    ({ message }: Error) => (message.includes(REACHED) ? "taken" : message),
  );
}

/** A statement after which a trigger does not judge: what is behind it has to. */
export const without = (trigger: string) => `DROP TRIGGER ${trigger}`;

/** A statement that the database takes where this is so, and refuses as `NOT NULL` where it is not. */
export function mustBe(condition: string): string {
  return `INSERT INTO state_transitions SELECT NULL, 'x', 'x' WHERE (${condition}) IS NOT TRUE`;
}
