import { env } from "cloudflare:workers";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { describe, expect, it, vi } from "vitest";
import { deadQueue } from "../support/faults.ts";
import type { Answer, Call } from "../support/http.ts";
import { shopOver } from "../support/rig.ts";
import { checkoutBody, makeSku } from "../support/shop.ts";
import { signedDelivery } from "../support/stripe.ts";
import { cron, settle, travel, useWorld } from "../support/world.ts";

useWorld();

/** A shop whose queue is dead, so that nothing else builds a statement meanwhile. */
const shop = () => shopOver(env.DB, { bindings: { ...env, JOBS: deadQueue } });
type Shop = ReturnType<typeof shop>;

/** How often drizzle has made a statement's text while this was done. */
async function buildsDuring(
  work: () => Promise<Answer>,
): Promise<{ status: number; texts: string[] }> {
  const texts: string[] = [];
  const build = SQLiteAsyncDialect.prototype.sqlToQuery;
  const spy = vi.spyOn(SQLiteAsyncDialect.prototype, "sqlToQuery").mockImplementation(function (
    this: SQLiteAsyncDialect,
    ...input
  ) {
    const built = build.apply(this, input);
    texts.push(built.sql);
    return built;
  });
  try {
    const { status } = await work();
    return { status, texts };
  } finally {
    spy.mockRestore();
  }
}

const key = () => ({ "Idempotency-Key": crypto.randomUUID() });
const post = (at: Shop, path: string, body: object, options: Call = {}) =>
  at.call("POST", path, { body: JSON.stringify(body), ...options });

const MINUTE_MS = 60_000;
/** What is bought. */
let SKU = "";

type Visit = (at: Shop) => Promise<Answer>;

const HOT: readonly (readonly [string, Visit])[] = [
  ["the list of products", (at) => at.call("GET", "/api/v1/products")],
  ["the next page of it", nextPage],
  ["a product", oneProduct],
  ["the list of orders", (at) => at.asAdmin("GET", "/api/v1/orders?status=paid")],
  ["a hold", (at) => hold(at)],
  ["a hold with a key", (at) => hold(at, { headers: key() })],
  ["a webhook", aWebhook],
  ["a checkout", checkOutOnce],
];

async function nextPage(at: Shop): Promise<Answer> {
  const { body } = await at.call("GET", "/api/v1/products?pageSize=1");
  return at.call("GET", `/api/v1/products?pageSize=1&cursor=${body.meta.nextCursor}`);
}

async function oneProduct(at: Shop): Promise<Answer> {
  const { body } = await at.call("GET", "/api/v1/products?pageSize=1");
  return at.call("GET", `/api/v1/products/${body.data[0].slug}`);
}

async function hold(at: Shop, options: Call = {}): Promise<Answer> {
  return post(at, "/api/v1/reservations", { items: [{ sku: SKU, quantity: 1 }] }, options);
}

async function aWebhook(at: Shop): Promise<Answer> {
  const id = `evt_${crypto.randomUUID()}`;
  const data = { object: {} };
  const event = { id, object: "event", type: "checkout.session.completed", data };
  return at.call("POST", "/webhooks/stripe", await signedDelivery(JSON.stringify(event)));
}

function checkOutOnce(at: Shop): Promise<Answer> {
  const body = checkoutBody({ items: [{ sku: SKU, quantity: 1 }] });
  return post(at, "/api/v1/checkouts", body, { headers: key() });
}

describe("A hot route builds no statement, once each of its shapes was built:", () => {
  it.each(HOT)("%s", async (_, visit) => {
    SKU = await makeSku(50);
    await makeSku(1);
    await settle(); // or the queue builds its own meanwhile
    const at = shop();
    expect((await visit(at)).status).toBeLessThan(300);
    const { status, texts } = await buildsDuring(() => visit(at));
    expect(status).toBeLessThan(300);
    expect(texts).toEqual([]);
    // What the queue was not told of, the sweep finds.
    await travel(MINUTE_MS);
    await cron();
    await settle();
  });
});
