import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RULES_OF } from "../../src/audit/rules.ts";
import { whatIsLatest } from "../../src/audit/slices/store.ts";
import { onlyThese } from "../../src/audit/store.ts";
import { LOOKED_AT } from "../../src/orders/listing/store.ts";
import { Database } from "../../src/platform/db.ts";
import { encodeCursor } from "../../src/platform/http/pagination.ts";
import { dropPayloads, purgeEventsOfNobody } from "../../src/retention/store.ts";
import { runSchedule, schedules } from "../../src/schedules.ts";
import { findKnownEvents } from "../../src/webhooks/index.ts";
import { makeMember } from "../support/credentials.ts";
import { renewShop } from "../support/empty-shop.ts";
import { deadQueue } from "../support/faults.ts";
import { fillShop } from "../support/fill.ts";
import { DELIVERIES, deliverBatch, JOBS } from "../support/jobs.ts";
import { theAdmin } from "../support/people.ts";
import { distinct, grownFrom, isTotal, scansOf } from "../support/plans.ts";
import { type Recorded, recordingDatabase, shopOver } from "../support/rig.ts";
import { shopSettings } from "../support/settings.ts";
import { checkoutBody } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { settle } from "../support/world.ts";

/** The audit adds everything up, once an hour: it is what reads all rows, and the only one. */
const AUDIT = "7 * * * *";
const FEW = 1000;
const MANY = 20_000;
/** One that looks at so many orders for a page, and at no more. */
const isWalk = ({ sql }: Pick<Recorded, "sql">) => sql.includes(`LIMIT ${LOOKED_AT}) AS looked`);
/** As far as a total is counted; each may be looked up by its index and then by its row. */
const MOST_COUNTED = 2 * 10_001;

const recording = recordingDatabase();
/** Its queue is never heard of: what it would do is done here, when it is its turn. */
const shop = shopOver(recording.database, {
  bindings: { ...env, JOBS: deadQueue, DELIVERIES: deadQueue },
});
const ask = {
  guest: (method: string, path: string, body?: object, headers = {}) =>
    shop.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) }),
  admin: (method: string, path: string, body?: object) =>
    shop.asAdmin(method, `/api/v1${path}`, body === undefined ? {} : { body }),
};

const now = Date.now();
const timed = encodeCursor([now + 250, "ord_000250"]);
const priced = (sort: string) => encodeCursor([50, "prod_000100", sort]);
const received = encodeCursor([now + 250, "whe_000250"]);
const sent = encodeCursor([now - 250, "dlv_000250wep_000001"]);
const died = encodeCursor([now + 250, "obx_000250"]);
const LISTS = [
  ...["newest", "price", "-price", "popular"].flatMap((sort) => [
    `/products?sort=${sort}`,
    `/products?sort=${sort}&cursor=${priced(sort)}`,
    `/products?sort=${sort}&q=w000077`,
  ]),
  "/inventory",
  `/inventory?cursor=${encodeCursor(["SKU-000100"])}`,
  "/inventory?lowStock=true&pageSize=10",
  `/inventory?lowStock=true&pageSize=10&cursor=${encodeCursor(["SKU-000100"])}`,
  "/inventory/SKU-000077",
  "/inventory/SKU-000076/movements",
  `/inventory/SKU-000076/movements?cursor=${encodeCursor([9000])}`,
  "/inventory/SKU-000076/movements?include=total",
  "/products/slug-000077",
  "/products/prod_000077",
  "/reservations",
  `/reservations?cursor=${encodeCursor([200])}`,
  "/reservations?sku=SKU-000077",
  `/reservations?sku=SKU-000077&cursor=${encodeCursor([200])}`,
  "/reservations?caller=guest_000077",
  "/reservations?caller=guest_000077&sku=SKU-000077&status=expired",
  "/orders",
  `/orders?cursor=${timed}`,
  "/orders?status=pending_payment",
  `/orders?status=pending_payment&cursor=${timed}`,
  "/orders?paymentStatus=unpaid",
  "/orders?fulfillmentStatus=unfulfilled",
  "/orders?email=c000077@example.com",
  "/orders?email=c000077@example.com&status=paid",
  ...[
    "status=paid&fulfillmentStatus=unfulfilled",
    "status=pending_payment&paymentStatus=processing",
    "paymentStatus=paid&fulfillmentStatus=fulfilled",
    "paymentStatus=paid&fulfillmentStatus=unfulfilled",
    "status=expired&paymentStatus=paid",
    "status=paid&paymentStatus=disputed",
    "status=canceled&paymentStatus=refunded&fulfillmentStatus=fulfilled",
    "status=paid&paymentStatus=paid&fulfillmentStatus=fulfilled",
    "status=pending_payment&include=total",
  ].flatMap((filter) => [`/orders?${filter}`, `/orders?${filter}&cursor=${timed}`]),
  "/settings/shop",
  ...[
    "number=7700",
    "number=7700&status=paid",
    "attention=any",
    "attention=dispute",
    "attention=any&status=paid",
    "sku=SKU-000076",
    "sku=SKU-000076&status=paid&fulfillmentStatus=unfulfilled",
    "email=c000077@example.com&sku=SKU-000077",
    `from=2026-01-01&to=2100-01-01`,
    `to=${encodeURIComponent(new Date(now + 250).toISOString())}`,
    `status=paid&from=${encodeURIComponent(new Date(now).toISOString())}`,
    "status=canceled&attention=any&paymentStatus=refunded&sku=SKU-000077",
    "status=pending_payment&paymentStatus=failed",
  ].flatMap((filter) => [
    `/orders?${filter}`,
    `/orders?${filter}&cursor=${timed}`,
    `/orders?${filter}&include=total`,
  ]),
  "/orders/ord_000077",
  "/orders/ord_000077/events",
  "/discounts",
  `/discounts?cursor=${encodeCursor([now + 250, "dsc_000250"])}`,
  "/discounts?code=CODE-000077",
  "/discounts/dsc_000077",
  "/webhook-events",
  `/webhook-events?cursor=${received}`,
  ...[
    "provider=stripe",
    "provider=resend&status=failed",
    "status=dead",
    "type=y",
    "status=dead&type=y&provider=resend",
  ].flatMap((filter) => [
    `/webhook-events?${filter}`,
    `/webhook-events?${filter}&cursor=${received}`,
  ]),
  "/webhook-events/whe_000077",
  "/webhook-events?include=total",
  "/products?include=total",
  "/reservations?include=total",
  "/inventory?include=total",
  "/dead-letters?include=total",
  "/audit-log",
  "/audit-log?target=SKU-000077",
  "/users",
  "/customers",
  `/customers?cursor=${encodeCursor(["cus_x"])}`,
  "/customers?include=total",
  "/customers?q=c0000",
  "/customers?q=c0000&include=total",
  `/customers?q=c0000&cursor=${encodeCursor([77])}`,
  "/me/export",
  "/api-keys",
  "/webhook-endpoints",
  "/webhook-endpoints?include=total",
  "/webhook-endpoints/wep_000001",
  ...["", "status=pending", "status=failed", "include=total"].flatMap((filter) => [
    `/webhook-endpoints/wep_000001/deliveries?${filter}`,
    `/webhook-endpoints/wep_000001/deliveries?${filter}&cursor=${sent}`,
  ]),
  ...["day", "week", "month"].map(
    (interval) => `/reports/sales?from=1900-02-01&to=1900-12-31&interval=${interval}`,
  ),
  "/reports/products?from=1900-02-01&to=1900-12-31",
  "/reports/stock?from=1900-02-01&to=1900-12-31",
  "/dead-letters",
  `/dead-letters?cursor=${died}`,
  `/dead-letters?kind=outbox&cursor=${died}`,
  `/dead-letters?kind=message&cursor=${died}`,
];

let round = 0;

function asD1(database: object): D1Database {
  return database as D1Database; // `Database` only ever calls prepare, bind and batch
}

/** Visits everything once, and answers the statements that it took. */
async function visitAll(): Promise<Recorded[]> {
  recording.statements.length = 0;
  round += 1;
  for (const path of LISTS)
    expect([path, (await ask.admin("GET", path)).status]).toEqual([path, 200]);
  await writeAll(`-${round}`);
  await forgetSomebody(`-${round}`);
  await forgetColleague();
  await lookAtRows();
  await purgeEvents();
  await new Database(asD1(recording.database)).run(findKnownEvents("stripe", ["evt_000077"]));
  for (const cron of Object.keys(schedules).filter((one) => one !== AUDIT))
    await runSchedule(cron, shop.services, () => undefined);
  return [...recording.statements];
}

/** The rules of the audit about rows, over as many of them as there are in a slice, and over what is told to who asks. */
async function lookAtRows(): Promise<void> {
  const numbers = Array.from({ length: 100 }, (_, i) => String(i + 1).padStart(6, "0"));
  const slices = {
    orders: numbers.map((number) => `ord_${number}`),
    holds: numbers.map((number) => `rsv_${number}`),
    skus: numbers.map((number) => `SKU-${number}`),
    days: ["1900-02-01"],
    customers: await someCustomers(),
    codes: numbers.slice(1).map((number) => `dsc_${number}`), // all uses are of the first
    keys: numbers.map(Number),
  };
  const database = new Database(asD1(recording.database));
  for (const [kind, latest] of Object.entries(whatIsLatest(FEW / 2))) {
    const rules = RULES_OF[kind as keyof typeof slices];
    await database.batch(rules(onlyThese(slices[kind as keyof typeof slices])));
    await database.batch(rules(latest));
  }
}

/** Of these the purge lets nothing go: it only looks for them. */
async function purgeEvents(): Promise<void> {
  const dead = Array.from({ length: 20 }, (_, i) => `whe_${String(i * 5 + 5).padStart(6, "0")}`);
  const database = new Database(asD1(recording.database));
  expect(await database.batch([purgeEventsOfNobody(dead), dropPayloads(dead)])).toEqual([[], []]);
}

async function someCustomers(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT id FROM customers ORDER BY email LIMIT 100",
  ).all();
  return results.map(({ id }) => String(id));
}

/** A guest who has bought, with all that is known of them, and whoever has registered. */
async function forgetSomebody(tail: string): Promise<void> {
  const email = `forgotten${tail}@example.com`;
  const { accountId, id } = await makeMember();
  await env.DB.batch([
    env.DB.prepare("UPDATE users SET email = ? WHERE id = ?").bind(email, id),
    env.DB.prepare("UPDATE orders SET email = ?, status = 'expired' WHERE id = ?").bind(
      email,
      `ord_0000${round * 2 + 1}1`,
    ),
    env.DB.prepare("UPDATE orders SET account_id = ?, status = 'canceled' WHERE id = ?").bind(
      accountId,
      `ord_0000${round * 2 + 1}3`,
    ),
  ]);
  const found = await env.DB.prepare("SELECT id FROM customers WHERE email = ?")
    .bind(email)
    .first<{ id: string }>();
  const path = `/customers/${found?.id}`;
  expect((await ask.admin("GET", path)).status).toBe(200);
  expect((await ask.admin("GET", `${path}/export`)).status).toBe(200);
  expect((await ask.admin("DELETE", path)).status).toBe(204);
}

/** Somebody whose account goes on: of its orders one names them, and of the other the history says who has made it. */
async function forgetColleague(): Promise<void> {
  const { accountId, email } = await makeMember();
  await makeMember("customer", accountId);
  for (const [nth, address] of [
    [5, email],
    [7, "somebody@example.com"],
  ] as const)
    await env.DB.prepare("UPDATE orders SET account_id = ?, email = ? WHERE id = ?")
      .bind(accountId, address, `ord_0000${round * 2 + 1}${nth}`)
      .run();
  const found = await env.DB.prepare("SELECT id FROM customers WHERE email = ?")
    .bind(email)
    .first<{ id: string }>();
  const path = `/customers/${found?.id}`;
  expect((await ask.admin("GET", `${path}/export`)).status).toBe(200);
  expect((await ask.admin("DELETE", path)).status).toBe(204);
}

async function writeAll(tail: string): Promise<void> {
  const sku = "SKU-000077";
  const key = { "Idempotency-Key": `key${tail}` };
  const price = { amount: 1, currency: "EUR" };
  const product = {
    title: `New${tail}`,
    variants: [{ sku: `NEW${tail}`, title: "One", price, initialStock: 9 }],
  };
  const items = [{ sku, quantity: 1 }];
  await ask.admin("POST", "/products", product);
  await ask.admin("PATCH", "/inventory/SKU-000075", { lowStockThreshold: round });
  await ask.admin("POST", `/inventory/${sku}/movements`, {
    kind: "receive",
    quantity: 1,
    reason: "Test",
  });
  const held = await ask.guest("POST", "/reservations", { items }, key);
  await ask.guest("POST", "/reservations", { items }, key);
  await ask.guest("POST", "/reservations", { items: [{ sku, quantity: 9999 }] });
  await ask.guest("POST", "/reservations", { items: [{ sku: "NOWHERE", quantity: 1 }] });
  await ask.guest("GET", `/reservations/${held.body.data.id}`);
  const more = { items: [{ sku, quantity: 2 }] };
  for (const wanted of [more, { items }, { items: [{ sku, quantity: 9999 }] }])
    await ask.guest("PATCH", `/reservations/${held.body.data.id}`, wanted);
  await ask.admin("PUT", "/settings/shop", shopSettings());
  await ask.guest("DELETE", `/reservations/${held.body.data.id}`);
  const bought = await ask.guest("POST", "/checkouts", checkoutBody({ items }), {
    "Idempotency-Key": `buy${tail}`,
  });
  expect(bought.status).toBe(201);
  await hearOfMoney(bought.body.data.paymentUrl);
  await changeOrders("SKU-000078", tail); // whose ledger no list above reads
  await ask.admin("POST", "/discounts", { code: `NEW${tail}`, kind: "percentage", percentOff: 5 });
  await ask.admin("PATCH", "/discounts/dsc_000077", { active: false });
  for (const discountCode of ["CODE-000001", "NOWHERE"])
    await ask.guest("POST", "/checkouts", checkoutBody({ items, discountCode }), {
      "Idempotency-Key": `save${tail}-${discountCode}`,
    });
  await refuseCode(tail);
  await ask.admin("POST", "/webhook-events/whe_000077/replay");
  await ask.admin("POST", `/dead-letters/obx_0000${round * 5}0/replay`);
  await ask.admin("POST", "/dead-letters/obx_000077/replay");
  await changeEndpoints();
  const again = await ask.guest("POST", "/reservations", { items });
  await ask.guest("DELETE", `/reservations/${again.body.data.id}`);
}

/** One that is made and goes, and a delivery of the one that stays: sent, and asked for again. */
async function changeEndpoints(): Promise<void> {
  const body = { url: "https://other.subscriber.test/", events: ["order.paid"] };
  const { id } = (await ask.admin("POST", "/webhook-endpoints", body)).body.data;
  const at = `/webhook-endpoints/${id}`;
  await ask.admin("PATCH", at, { events: ["inventory.low"] });
  await ask.admin("POST", `${at}/rotate-secret`);
  const { data } = (await ask.admin("POST", `${at}/test`)).body;
  await sendIt(data.id);
  await ask.admin("POST", `/webhook-deliveries/${data.id}/redeliver`);
  await sendIt(data.id);
  await ask.admin("POST", "/webhook-deliveries/dlv_000077wep_000001/redeliver");
  await sendIt("dlv_000077wep_000001");
  expect((await ask.admin("DELETE", at)).status).toBe(204);
}

async function sendIt(id: string): Promise<void> {
  const body = { type: "delivery", id, requestId: "req_test" };
  const { acked } = await deliverBatch(DELIVERIES, [{ id, body }], shop.services);
  expect(acked).toEqual([id]);
}

/** A code that leaves less than Stripe takes, of which the customer's hold stays. */
async function refuseCode(tail: string): Promise<void> {
  const code = `HALF${tail}`;
  const price = { amount: 60, currency: "EUR" };
  const variants = [{ sku: code, title: "One", price, initialStock: 1 }];
  await ask.admin("POST", "/products", { title: `Cheap${tail}`, variants });
  await ask.admin("POST", "/discounts", { code, kind: "percentage", percentOff: 50 });
  const items = [{ sku: code, quantity: 1 }];
  const { body } = await ask.guest("POST", "/reservations", { items });
  const input = checkoutBody({ reservationId: body.data.id, discountCode: code });
  const refused = await ask.guest("POST", "/checkouts", input, { "Idempotency-Key": code });
  expect(refused.body.error.fields).toHaveProperty("discountCode");
  expect((await ask.guest("DELETE", `/reservations/${body.data.id}`)).status).toBe(204);
}

/** A payment, a refund in Stripe's dashboard and a lost dispute, all of their events worked on here and not by the queue. */
async function hearOfMoney(paymentUrl: string): Promise<void> {
  const { payment_intent: payment } = await stripe.pay(paymentUrl);
  await stripe.control(`/payments/${payment}/refund`, { amount: 1 });
  for (const status of ["opened", "lost"])
    await stripe.control(`/payments/${payment}/dispute`, { status });
  await hearOfAll();
}

/** What an admin does with orders of this SKU: a refund of items, a parcel, and the end of a paid and of an unpaid one. */
async function changeOrders(sku: string, tail: string): Promise<void> {
  const items = [{ sku, quantity: 2 }];
  const orders: string[] = [];
  for (const nth of ["sent", "canceled", "unpaid"]) {
    const { body } = await ask.guest("POST", "/checkouts", checkoutBody({ items }), {
      "Idempotency-Key": `${nth}${tail}`,
    });
    orders.push(body.data.orderId);
    if (nth !== "unpaid") await stripe.pay(body.data.paymentUrl);
  }
  await hearOfAll();
  const [sent, canceled, unpaid] = orders;
  const one = { sku, quantity: 1 };
  const changes: [string, object, number][] = [
    [`${sent}/refunds`, { items: [{ ...one, restock: "cancel" }] }, 201],
    [`${sent}/fulfillments`, { items: [one] }, 201],
    [`${canceled}/refunds`, {}, 201],
    [`${canceled}/cancel`, {}, 200],
    [`${unpaid}/cancel`, {}, 200],
    [`${unpaid}/notes`, { body: "Called" }, 201],
  ];
  expect((await ask.admin("POST", `/orders/${sent}/receipt`)).status).toBe(202);
  for (const [path, body, status] of changes) {
    const headers = { "Idempotency-Key": `${path}${tail}` };
    const answer = await shop.asAdmin("POST", `/api/v1/orders/${path}`, { headers, body });
    expect([path, answer.status]).toEqual([path, status]);
  }
  const many = { orders: [sent, canceled].map((id) => ({ id, trackingNumber: "JD1" })) };
  const headers = { "Idempotency-Key": `many${tail}` };
  expect((await shop.asAdmin("POST", "/api/v1/fulfillments", { headers, body: many })).status).toBe(
    200,
  );
}

async function hearOfAll(): Promise<void> {
  for (const delivery of await stripe.take()) {
    expect((await shop.call("POST", "/webhooks/stripe", delivery)).status).toBe(200);
    const { eventId } = delivery;
    const found = await env.DB.prepare("SELECT id FROM webhook_events WHERE event_id = ?")
      .bind(eventId)
      .first<{ id: string }>();
    const body = { type: "webhook", id: found?.id, requestId: eventId };
    const { acked } = await deliverBatch(JOBS, [{ id: eventId, body }], shop.services);
    expect(acked).toEqual([eventId]);
  }
}

let few: Recorded[] = [];
let many: Recorded[] = [];

beforeAll(async () => {
  await renewShop();
  await theAdmin();
  await settle();
  await fillShop(1, FEW, now);
  await writeAll("-0"); // or what is there for the first time would count as more
  few = await visitAll();
  await fillShop(FEW + 1, MANY, now);
  many = await visitAll();
});

afterAll(async () => {
  await renewShop();
});

describe("No statement", () => {
  it("scans a table that grows", async () => {
    const statements = distinct(many).filter((one) => !isTotal(one));
    expect(statements.length).toBeGreaterThan(100);
    expect(await scansOf(statements)).toEqual([]);
  });

  it("reads more rows when there are twenty times as many", () => {
    expect(grownFrom(few, many).filter((one) => !isWalk(one))).toEqual([]);
  });

  it("looks at more for a page, where no index finds what fits, than it says", () => {
    const walks = many.filter((one) => isWalk(one) && !isTotal(one));
    expect(walks.length).toBeGreaterThan(10);
    // Each is looked up by its index and by its row, and once more for what is shown; and then the last of them is found.
    expect(Math.max(...walks.map(({ rowsRead }) => rowsRead))).toBeLessThan(5 * LOOKED_AT + 200);
  });

  it("counts on and on", () => {
    const totals = distinct(many).filter(isTotal);
    expect(totals.length).toBeGreaterThan(5);
    expect(totals.filter(({ rowsRead }) => rowsRead > MOST_COUNTED)).toEqual([]);
  });
});
