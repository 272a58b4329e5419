import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { orderIndex } from "../../src/orders/index.ts";
import { Database } from "../../src/platform/db.ts";
import { fillStep } from "../../src/platform/search/fill-index.ts";
import { beginFilling } from "../../src/platform/search/store.ts";
import { fulfill, sell } from "../support/after-sale.ts";
import { makeKey } from "../support/credentials.ts";
import { type Answer, call } from "../support/http.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { brokenDatabase, shopOver } from "../support/rig.ts";
import { fillWhole, indexRows } from "../support/search.ts";
import { checkOut, checkOutAs, makeSku, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 3_600_000;
const ONE = [{ amount: 2500, quantity: 1 }];
const find = (q: string, more = "") =>
  asAdmin("GET", `/api/v1/orders?q=${encodeURIComponent(q)}${more}`);

const refusal = ({ status, body }: Answer) => [status, body.error.code];

async function found(q: string, more = ""): Promise<string[]> {
  const { status, text, body } = await find(q, more);
  if (status !== 200) throw new Error(text);
  return body.data.map(({ id }: { id: string }) => id);
}

async function numberOf({ orderId }: { readonly orderId: string }): Promise<number> {
  const [row] = await rows<{ number: number }>("SELECT number FROM orders WHERE id = ?", orderId);
  return row?.number ?? 0;
}

/** A paid order that goes to this person. */
async function sellTo(name: string, email: string, title = "Moon jar") {
  const sku = `JAR-${crypto.randomUUID().slice(0, 8)}-25`.toUpperCase();
  const variants = [
    { sku, title: "Größe L", price: { amount: 2500, currency: "EUR" }, initialStock: 9 },
  ];
  await asAdmin("POST", "/api/v1/products", { body: { title, variants } });
  const shippingAddress = {
    ...{ name, line1: "1 Harbour Street", city: "Bremen", postalCode: "28195", country: "DE" },
  };
  const { body } = await call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: {
      items: [{ sku, quantity: 1 }],
      ...{ email, shippingAddress },
      successUrl: "https://storefront.test/thanks",
      cancelUrl: "https://storefront.test/cart",
    },
  });
  await stripe.pay(body.data.paymentUrl);
  await deliverAll();
  await settle();
  return { ...body.data, sku } as { orderId: string; orderToken: string; sku: string };
}

describe("Staff find an order", () => {
  it("by its number, its name, its address, its SKU, what was bought and its parcel, and no other one", async () => {
    const other = await sellTo("Grace Hopper", "grace@other.test", "Teapot");
    const at = await sellTo("Zoë Groß-Łukasz", "Zoe.Gross+shop@Example.com");
    const number = await numberOf(at);
    await fulfill(at, { carrier: "DHL", trackingNumber: "JD0146-00003 4711223344" });
    await settle();
    const words = [
      ...[String(number), `#${number}`, ` # ${number} `],
      ...["zoë gross", "ZOE", "groß-łukasz", "lukasz gro", "zo"],
      ...["zoe.gross+shop@example.com", "zoe.gross", "example.com", "ZOE.GROSS@EXAM"],
      ...[at.sku, at.sku.toLowerCase(), at.sku.slice(0, -1)],
      ...["moon jars", "jar mo"],
      ...["JD0146-00003", "jd0146", "4711223344", "47112233"],
    ];
    for (const q of words) expect([q, await found(q)]).toEqual([q, [at.orderId]]);
    expect(await found("teapot")).toEqual([other.orderId]);
    for (const q of ["zoe teapot", "bremen", "x", "!!!", String(number).slice(0, -1), `${number}0`])
      expect([q, await found(q)]).toEqual([q, []]);
  });

  it("by a run of characters that has no blanks", async () => {
    const at = await sellTo("山田太郎", "yamada@example.jp", "手作り珈琲豆");
    for (const q of ["山田", "太郎", "珈琲豆", "山田 珈琲"])
      expect([q, await found(q)]).toEqual([q, [at.orderId]]);
    expect(await found("琲珈")).toEqual([]);
  });

  it("whatever was typed, and never gets an error of the index's", async () => {
    await sellTo("Robert Drop", "bobby@example.com");
    const typed = [
      ...['"', '""', "'", "AND", "NOT drop", "drop OR", "NEAR(a b)", "words : drop", "*", "drop*"],
      ...["^drop", "(", "drop )", "-drop", "{a}: b", "\0", "drop\0table", "%", "_", "\\"],
      ...[
        "' OR 1=1 --",
        "x".repeat(200),
        "a ".repeat(100),
        "#",
        "#0",
        "1e3",
        "９９９９９９９９９９９９９９９９９９",
      ],
    ];
    for (const q of typed) expect([q, (await find(q)).status]).toEqual([q, 200]);
    expect(await found("９".repeat(3))).toEqual([]);
    expect(refusal(await find("x".repeat(201)))).toEqual([422, "VALIDATION_FAILED"]);
    expect(await found('bobby" OR "grace')).toEqual([]);
  });

  it("within seconds of its money, and not by words before; by its number always", async () => {
    const waiting = await toPaymentPage();
    const number = await numberOf(waiting);
    await settle();
    expect(await found("ada")).toEqual([]);
    for (const q of [String(number), `#${number}`]) {
      const { body } = await find(q, "&include=total");
      expect(body.data.map(({ id }: { id: string }) => id)).toEqual([waiting.orderId]);
      expect(body.meta.total).toBe(1);
    }
    await stripe.pay(waiting.paymentUrl);
    await deliverAll();
    await settle();
    expect(await found("ada")).toEqual([waiting.orderId]);
    const { body } = await find(String(number), "&include=total");
    expect([body.data.length, body.meta.total]).toEqual([1, 1]);
  });

  it("where nothing had to be paid", async () => {
    const sku = await makeSku(1);
    const code = { code: "ALL", kind: "percentage", percentOff: 100 };
    await asAdmin("POST", "/api/v1/discounts", { body: code });
    const free = await call("POST", "/api/v1/checkouts", {
      headers: { "Idempotency-Key": "free" },
      body: {
        ...{ items: [{ sku, quantity: 1 }], discountCode: "ALL", email: "free@example.com" },
        successUrl: "https://storefront.test/thanks",
        cancelUrl: "https://storefront.test/cart",
      },
    });
    await settle();
    expect(await found("free@example.com")).toEqual([free.body.data.orderId]);
  });

  it("whose money came when it was over, and goes back", async () => {
    const at = await toPaymentPage(1);
    const { payment_intent: payment } = await stripe.pay(at.paymentUrl, {
      method: "bank_transfer",
    });
    await deliverAll();
    await settle();
    await travel(14 * DAY_MS);
    await cron();
    const { body } = await checkOut({ items: [{ sku: at.sku, quantity: 1 }] });
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await stripe.settle(payment, "succeeded");
    await deliverAll();
    await settle();
    expect((await order(at)).status).toBe("expired");
    expect(await found("ada")).toEqual([body.data.orderId, at.orderId]);
  });

  it("newest first, page by page, and each once", async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1)
      made.push((await sellTo("Grace Hopper", "g@example.com")).orderId);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await find("hopper", `&pageSize=2&include=total${cursor}`);
      expect(body.meta.total).toBe(5);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.meta.nextCursor === null ? "" : `&cursor=${body.meta.nextCursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(made.toReversed());
  });

  it("by words and filters together", async () => {
    const sent = await sellTo("Grace Hopper", "g@example.com");
    const waiting = await sellTo("Grace Hopper", "g@example.com");
    await fulfill(sent);
    const counted = async (more: string) => {
      const { body } = await find("grace", `&include=total&${more}`);
      return [body.data.map(({ id }: { id: string }) => id), body.meta.total];
    };
    expect(await counted("fulfillmentStatus=fulfilled")).toEqual([[sent.orderId], 1]);
    expect(await counted(`sku=${waiting.sku}`)).toEqual([[waiting.orderId], 1]);
    expect(await counted("status=paid&email=g@example.com")).toEqual([
      [waiting.orderId, sent.orderId],
      2,
    ]);
    expect(await counted(`number=${await numberOf(sent)}`)).toEqual([[sent.orderId], 1]);
    for (const none of ["status=canceled", "attention=any", "from=2100-01-01", "to=2000-01-01"])
      expect([none, await counted(none)]).toEqual([none, [[], 0]]);
    const paged = await find("grace", "&pageSize=1&status=paid");
    expect(paged.body.data).toHaveLength(1);
    const next = await find(
      "grace",
      `&pageSize=1&status=paid&cursor=${paged.body.meta.nextCursor}`,
    );
    expect(next.body.data[0].id).toBe(sent.orderId);
    expect(next.body.meta.nextCursor).toBeNull();
  });
});

describe("What the index is told of an order", () => {
  const promised = () =>
    rows<{ dedupe: string }>(
      "SELECT dedupe_key AS dedupe FROM outbox WHERE topic = 'search.order' ORDER BY created_at, id",
    );

  it("is one promise when it is paid, and one for each parcel that has a number", async () => {
    const at = await sell([{ amount: 2500, quantity: 3 }]);
    expect(await promised()).toEqual([{ dedupe: `indexed:${at.orderId}:2` }]);
    const items = [{ sku: at.skus[0], quantity: 1 }];
    await fulfill(at, { items });
    expect(await promised()).toHaveLength(1);
    await fulfill(at, { items, trackingNumber: "JD77" });
    expect(await promised()).toHaveLength(2);
    await settle();
    expect(await found("jd77")).toEqual([at.orderId]);
    const [known] = await indexRows("SELECT order_id, version FROM indexed_orders");
    expect(known).toEqual({ order_id: at.orderId, version: 4 });
  });

  it("is made anew from the database, for all orders that are found, and forgotten for those that there are not", async () => {
    const at = await sellTo("Grace Hopper", "g@example.com");
    await toPaymentPage();
    await indexRows("DELETE FROM indexed_orders");
    await indexRows("INSERT INTO order_words (order_words) VALUES ('delete-all')");
    await indexRows("INSERT INTO indexed_orders VALUES (99999, 'ord_gone', 1, 1)");
    await indexRows(
      "INSERT INTO order_words (rowid, words, stems) VALUES (99999, 'grace', 'grace')",
    );
    await fillWhole();
    expect(await found("grace")).toEqual([at.orderId]);
    expect(await indexRows("SELECT order_id FROM indexed_orders")).toEqual([
      { order_id: at.orderId },
    ]);
    expect(await indexRows("SELECT rowid FROM order_words")).toHaveLength(1);
  });

  it("does not close the search of products while it is filled for the first time", async () => {
    await makeSku(1);
    await settle();
    await indexRows("UPDATE index_state SET filled = 0 WHERE kind = 'orders'");
    expect((await find("ada")).status).toBe(503);
    expect((await call("GET", "/api/v1/products?q=product")).body.data).toHaveLength(1);
    expect((await call("GET", "/health/ready")).body.data.checks.search.status).toBe("down");
  });

  it("is filled a kind at a time, which leaves the others as they are", async () => {
    await indexRows("UPDATE index_state SET generation = 2, filled = 1 WHERE kind = 'products'");
    const databases = { db: new Database(env.DB), search: new Database(env.SEARCH) };
    await databases.search.run(beginFilling("orders"));
    expect(await fillStep(databases, orderIndex)).toEqual({ done: true, indexed: 0 });
    expect(
      await indexRows("SELECT kind, generation, filled FROM index_state ORDER BY kind"),
    ).toEqual([
      { kind: "customers", generation: 1, filled: 1 },
      { kind: "orders", generation: 2, filled: 2 },
      { kind: "products", generation: 2, filled: 1 },
    ]);
  });

  it("is not needed for a list without words", async () => {
    const at = await sell(ONE);
    const shop = shopOver(env.DB, {
      bindings: { ...env, SEARCH: brokenDatabase("D1_ERROR: gone") as D1Database },
    });
    expect((await shop.asAdmin("GET", "/api/v1/orders?status=paid")).body.data[0].id).toBe(
      at.orderId,
    );
    const search = await shop.asAdmin("GET", "/api/v1/orders?q=ada");
    expect(refusal(search)).toEqual([503, "UNAVAILABLE"]);
  });
});

describe("Finding orders by words", () => {
  it("is for staff: a customer is refused, whatever they look for, their own too", async () => {
    const customer = await personWithRole("customer");
    const other = await sellTo("Grace Hopper", "secret@example.com");
    const own = await checkOutAs(customer, { items: [{ sku: other.sku, quantity: 1 }] });
    await stripe.pay(own.body.data.paymentUrl);
    await deliverAll();
    await settle();
    const number = await numberOf(other);
    for (const q of ["grace", "secret@example.com", `${number}`, `#${number}`, customer.email]) {
      const answer = await as(customer, "GET", `/api/v1/orders?q=${encodeURIComponent(q)}`);
      expect(refusal(answer)).toEqual([403, "FORBIDDEN"]);
      expect(answer.text).not.toContain(other.orderId);
    }
    expect((await call("GET", "/api/v1/orders?q=grace")).status).toBe(401);
    const all = await as(customer, "GET", "/api/v1/orders?q=");
    expect(all.body.data.map(({ id }: { id: string }) => id)).toEqual([own.body.data.orderId]);
  });

  it("is for agents, and for programs that read orders", async () => {
    const at = await sellTo("Grace Hopper", "g@example.com");
    const agent = await personWithRole("agent");
    expect((await as(agent, "GET", "/api/v1/orders?q=grace")).body.data[0].id).toBe(at.orderId);
    const may = await makeKey(["orders:read"]);
    const mayNot = await makeKey(["catalog:write"]);
    const asKey = (secret: string) =>
      call("GET", "/api/v1/orders?q=grace", { headers: { Authorization: `Bearer ${secret}` } });
    expect((await asKey(may.secret)).body.data[0].id).toBe(at.orderId);
    expect((await asKey(mayNot.secret)).status).toBe(403);
  });
});
