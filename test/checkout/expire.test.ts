import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { askedOfStripe } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { asHolder, checkOut, level, makeSku, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, sessionOf, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const reservationOf = async (id: string) => (await asHolder("GET", id)).body.data;

describe("A checkout that nobody pays", () => {
  it("ends after 15 minutes: first the page is closed at Stripe, then the stock is free", async () => {
    const at = await toPaymentPage(5, 2);
    await travel(15 * MINUTE_MS - 1);
    await cron();
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    expect(await level(at.sku)).toMatchObject({ reserved: 2 });
    expect(await askedOfStripe(/expire$/)).toEqual([]);
    await travel(1);
    const { payments } = servicesOf(env);
    let heldByThen: unknown;
    const closeSession = async (sessionId: string) => {
      const page = await payments.closeSession(sessionId);
      heldByThen = (await level(at.sku)).reserved;
      return page;
    };
    await cronOver(servicesWith({}, { payments: { ...payments, closeSession } }));
    expect(heldByThen).toBe(2);
    expect(await sessions()).toMatchObject([{ status: "expired" }]);
    expect(await order(at)).toMatchObject({
      status: "expired",
      paymentStatus: "unpaid",
      payments: [{ status: "expired" }],
    });
    expect(await reservationOf(at.reservationId)).toMatchObject({ status: "expired" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    await deliverAll();
    await settle();
    expect(await order(at)).toMatchObject({ status: "expired" });
  });

  it("is a sale when it was paid in the last second and the webhook is not in yet", async () => {
    const at = await toPaymentPage(5);
    await travel(15 * MINUTE_MS - 1);
    await stripe.pay(at.paymentUrl);
    await travel(1);
    await cron();
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await reservationOf(at.reservationId)).toMatchObject({ status: "committed" });
    await deliverAll();
    await settle();
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("waits for the bank when the transfer was made in the last second", async () => {
    const at = await toPaymentPage(5);
    await travel(15 * MINUTE_MS - 1);
    await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await travel(1);
    await cron();
    expect(await order(at)).toMatchObject({
      status: "pending_payment",
      paymentStatus: "processing",
    });
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
  });

  it("keeps its stock while Stripe is down, and gives it back when Stripe is up again", async () => {
    const at = await toPaymentPage(5);
    await travel(15 * MINUTE_MS);
    await stripe.misbehave({ kind: "connection_reset", times: 1000 });
    await cron();
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
    await stripe.misbehave();
    await travel(MINUTE_MS);
    await cron();
    expect(await order(at)).toMatchObject({ status: "expired" });
    expect(await level(at.sku)).toMatchObject({ reserved: 0 });
  });

  it("is caught up with after a day without a sweep, and ended once by three at a time", async () => {
    const sku = await makeSku(60);
    for (let i = 0; i < 12; i += 1) await checkOut({ items: [{ sku, quantity: 2 }] });
    await travel(DAY_MS);
    await Promise.all([cron(), cron(), cron()]);
    expect(await rows("SELECT status, count(*) AS n FROM orders GROUP BY 1")).toEqual([
      { status: "expired", n: 12 },
    ]);
    expect(await level(sku)).toMatchObject({ onHand: 60, reserved: 0 });
    expect(await rows("SELECT count(*) AS n FROM stock_movements WHERE kind = 'release'")).toEqual([
      { n: 12 },
    ]);
    expect(
      await rows("SELECT count(*) AS n FROM order_events WHERE type = 'order.expired'"),
    ).toEqual([{ n: 12 }]);
  });

  it("has its turn behind many that fail", async () => {
    const sku = await makeSku(100);
    const items = [{ sku, quantity: 1 }];
    const many = await Promise.all(Array.from({ length: 55 }, () => checkOut({ items })));
    many.sort((a, b) => a.body.data.orderNumber - b.body.data.orderNumber);
    const broken = many.map(({ body }) => sessionOf(body.data.paymentUrl));
    await env.DB.prepare("UPDATE payments SET session_id = 'cs_gone_' || id").run();
    await travel(1);
    const at = await toPaymentPage(5);
    await travel(15 * MINUTE_MS);
    await cron();
    expect(await order(at)).toMatchObject({ status: "expired" });
    expect(await level(sku)).toMatchObject({ reserved: 55 });
    await env.DB.batch(
      broken.map((session, i) =>
        env.DB.prepare(
          "UPDATE payments SET session_id = ? WHERE order_id = (SELECT id FROM orders ORDER BY number LIMIT 1 OFFSET ?)",
        ).bind(session, i),
      ),
    );
    await cron();
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});
