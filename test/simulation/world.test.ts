import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { checkInvariants } from "../../src/audit/index.ts";
import { makeOperator, overD1, World, type WorldOptions } from "./world/index.ts";

let world: World | undefined;

async function open(options: Partial<WorldOptions> = {}): Promise<World> {
  world = await World.open({ seed: "world", databases: overD1(env), ...options });
  return world;
}

afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function stockUp(shop: World): Promise<string> {
  const { secret } = await makeOperator(shop);
  const price = { amount: 100, currency: "EUR" };
  const variants = [{ sku: "A", title: "One", price, initialStock: 5 }];
  const answer = await shop.request("POST", "/api/v1/products", {
    headers: { Authorization: `Bearer ${secret}` },
    body: { title: "Thing", variants },
  });
  expect(answer?.status).toBe(201);
  await deliverAll(shop); // to the search index
  return "A";
}

async function checkOut(shop: World, sku: string) {
  return shop.request("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": "the-key" },
    body: {
      items: [{ sku, quantity: 2 }],
      email: "ada@example.com",
      successUrl: "https://a.test/",
      cancelUrl: "https://a.test/",
    },
  });
}

async function pay(shop: World, paymentUrl: string): Promise<void> {
  const session = /cs_\w+/.exec(paymentUrl)?.[0] ?? "";
  await shop.internet.control(`/sessions/${session}/pay`, {});
}

async function deliverAll(shop: World): Promise<void> {
  while (shop.queue.due().length > 0) await shop.deliver(shop.queue.due());
}

describe("A world", () => {
  it("runs a purchase from the reservation to the mail, through the real SDKs", async () => {
    const shop = await open();
    const answer = await checkOut(shop, await stockUp(shop));
    expect(answer?.status).toBe(201);
    await pay(shop, answer?.body.data.paymentUrl);
    shop.now += 16 * 60_000;
    await shop.cron("* * * * *");
    await deliverAll(shop);
    expect(await shop.rows("SELECT status FROM orders")).toEqual([{ status: "paid" }]);
    expect(shop.internet.mail.mails.map(({ to }) => to).sort()).toEqual([
      "ada@example.com",
      "operators@holdfast.test",
    ]);
  });

  it("lets a process die before and after each call, and the next one goes on", async () => {
    const deaths: string[] = [];
    for (const fault of ["crash_before", "crash_after"] as const) {
      for (let at = 0; ; at += 1) {
        const shop = await open({ seed: `${fault} ${at}` });
        const sku = await stockUp(shop);
        let calls = 0;
        shop.inject = ({ what }) => {
          if (calls++ !== at) return undefined;
          deaths.push(`${fault} ${what}`);
          return fault;
        };
        const first = await checkOut(shop, sku);
        const died = calls > at;
        shop.inject = () => undefined;
        shop.now += 60_000;
        const second = await checkOut(shop, sku);
        expect(second?.status).toBe(201);
        if (first !== undefined) expect(second?.text).toBe(first.text);
        expect(await shop.rows("SELECT count(*) AS orders FROM orders")).toEqual([{ orders: 1 }]);
        const invariants = await checkInvariants(shop.system().db, {
          now: shop.now,
          underWayMs: 0,
        });
        expect(invariants.flatMap(({ breaches }) => breaches)).toEqual([]);
        await shop.close();
        world = undefined;
        if (!died) break;
      }
    }
    expect(deaths).toContainEqual("crash_after POST /v1/checkout/sessions");
    expect(deaths).toHaveLength(6);
  });

  it("tells the shop of errors that were none", async () => {
    const shop = await open();
    const sku = await stockUp(shop);
    shop.inject = ({ kind }) => (kind === "stripe" ? "error_after" : undefined);
    expect((await checkOut(shop, sku))?.status).toBe(502);
    shop.inject = () => undefined;
    shop.now += 60_000;
    expect((await checkOut(shop, sku))?.status).toBe(201);
    const { requests } = await shop.internet.control<{ requests: { status: number }[] }>(
      "/requests",
    );
    expect(requests.length).toBeGreaterThan(2); // the SDK has tried again by itself
  });

  it("hands a message out again when the consumer died, and to the dead letters in the end", async () => {
    const shop = await open();
    const answer = await checkOut(shop, await stockUp(shop));
    await pay(shop, answer?.body.data.paymentUrl);
    shop.now += 16 * 60_000;
    await shop.cron("* * * * *");
    shop.inject = ({ kind }) => (kind === "resend" ? "failed" : undefined);
    for (let round = 0; round < 60; round += 1) {
      await shop.deliver(shop.queue.due());
      shop.now += 20 * 60_000;
    }
    expect(shop.queue.messages).toEqual([]);
    expect(await shop.rows("SELECT count(*) AS dead FROM dead_letters")).toEqual([
      { dead: 2 }, // the receipt, and what the operators are told
    ]);
  });

  it("goes back to a moment, and nothing of the database is left of what came since, nor a trigger lost", async () => {
    const shop = await open();
    const sku = await stockUp(shop);
    const moment = await shop.takeMoment();
    const answer = await checkOut(shop, sku);
    await pay(shop, answer?.body.data.paymentUrl);
    shop.now += 16 * 60_000;
    await shop.cron("* * * * *");
    await deliverAll(shop);
    expect(await shop.takeMoment()).not.toEqual(moment);
    await shop.goBack(moment);
    expect(await shop.takeMoment()).toEqual(moment);
    await expect(shop.rows("DELETE FROM stock_movements")).rejects.toThrow("append-only");
    shop.deploy({ ORDER_NUMBERS_FROM: "closed" });
    expect((await checkOut(shop, sku))?.status).toBe(503);
    shop.deploy({ ORDER_NUMBERS_FROM: "1001" });
    expect((await checkOut(shop, sku))?.body.data.orderNumber).toBe(1001);
  });

  it("gives the isolate its clock, its network and its timers back", async () => {
    const { fetch, setTimeout, Date: date } = globalThis;
    const { random } = Math;
    const shop = await open();
    expect(Date.now()).toBe(shop.now);
    expect(new Date().toISOString()).toBe(new Date(shop.now).toISOString());
    await shop.close();
    world = undefined;
    expect([globalThis.fetch, globalThis.setTimeout, Date, Math.random]).toEqual([
      fetch,
      setTimeout,
      date,
      random,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1));
  });
});
