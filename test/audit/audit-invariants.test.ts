import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { deadQueue } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { arrive } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { mails, makeSku, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOURLY = "7 * * * *";
const DAY_MS = 24 * 60 * 60_000;

const lift = (sku: string, by: number) =>
  env.DB.prepare("UPDATE stock_levels SET on_hand = on_hand + ? WHERE sku = ?").bind(by, sku).run();
/** What the operators were told of this SKU; other tests tell them of other things. */
const operatorMails = async (sku: string) =>
  (await mails()).filter(
    ({ to, text }) => to.includes("operators@holdfast.test") && text.includes(sku),
  );

describe("The audit of the invariants", () => {
  it("shows an admin each of the promises, and that it holds", async () => {
    const { status, body } = await asAdmin("GET", "/api/v1/admin/invariants");
    expect(status).toBe(200);
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual([
      ...Array.from({ length: 12 }, (_, i) => `I${i + 1}`),
      "I17",
      "I18",
      "I19",
      "I20",
      "I21",
    ]);
    expect(body.data.every(({ holds }: { holds: boolean }) => holds)).toBe(true);
  });

  it("says in the API's document that it looks at what may be broken now, not at everything", async () => {
    const { body } = await asAdmin("GET", "/openapi.json");
    const { summary, description } = body.paths["/api/v1/admin/invariants"].get;
    expect(summary).toContain("where they may be broken now");
    expect(description).toContain("The audit alone looks at everything.");
  });

  it("names the row that breaks one", async () => {
    const sku = await makeSku(3);
    await lift(sku, 1);
    const { body } = await asAdmin("GET", "/api/v1/admin/invariants");
    await lift(sku, -1);
    const [first] = body.data;
    expect(first).toMatchObject({ name: "I1", holds: false });
    expect(first.breaches).toEqual([`${sku}: on hand 4, ledger 3; reserved 0, ledger 0`]);
  });

  it("counts the money of an order that was paid by another amount than it asks for", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl, { amount: 2400 });
    await arrive();
    const forget = (refunded: number) =>
      rows("UPDATE orders SET refunded = ? WHERE id = ?", refunded, at.orderId);
    await forget(0);
    const { body } = await asAdmin("GET", "/api/v1/admin/invariants");
    await forget(2400);
    expect(body.data[1]).toMatchObject({ name: "I2", holds: false });
    expect(body.data[1].breaches[0]).toContain("refunded 0, refunds 2400");
  });

  it("takes what is under way for no breach, and what is still there after an hour for one", async () => {
    await env.DB.prepare(
      `INSERT INTO webhook_events (id, provider, event_id, type, payload, status, received_at, wake_at)
       VALUES ('whe_1', 'stripe', 'evt_1', 'x', '{}', 'failed', ?, ?)`,
    )
      .bind(Date.now(), Date.now() + DAY_MS)
      .run();
    const holds = async () =>
      (await asAdmin("GET", "/api/v1/admin/invariants")).body.data[3].holds as boolean;
    expect(await holds()).toBe(true);
    await travel(61 * 60_000);
    expect(await holds()).toBe(false);
    await env.DB.prepare("UPDATE webhook_events SET status = 'dead', wake_at = NULL").run();
    expect(await holds()).toBe(true);
  });

  it("takes an old event that was replayed a second ago for one under way, and after an hour for a breach, however often it was woken since", async () => {
    await env.DB.prepare(
      `INSERT INTO webhook_events (id, provider, event_id, type, payload, status, attempts, received_at)
       VALUES ('whe_1', 'stripe', 'evt_1', 'x', '{}', 'dead', 3, ?)`,
    )
      .bind(Date.now() - DAY_MS)
      .run();
    const shop = shopOver(env.DB, {
      now: () => Date.now(),
      bindings: { ...env, JOBS: deadQueue },
    });
    const replayed = await shop.asAdmin("POST", "/api/v1/webhook-events/whe_1/replay");
    expect(replayed.status).toBe(202);
    const holds = async () =>
      (await asAdmin("GET", "/api/v1/admin/invariants")).body.data[3].holds as boolean;
    expect(await holds()).toBe(true);
    for (let minutes = 0; minutes <= 60; minutes += 20) {
      await travel(20 * 60_000);
      await cronOver(servicesWith({ JOBS: deadQueue }));
    }
    expect(await holds()).toBe(false);
    await env.DB.prepare("UPDATE webhook_events SET status = 'dead', wake_at = NULL").run();
  });

  it("says a breach in the log as an error, every hour, and to the operators by mail, once a day", async () => {
    const sku = await makeSku(3);
    await lift(sku, 1);
    const { lines } = await logOf(async () => {
      await cron(HOURLY);
      await cron(HOURLY);
    });
    await settle();
    const audits = lines.filter(({ task }) => task === "audit_invariants");
    expect(audits).toMatchObject([
      { level: "error", breaches: 1 },
      { level: "error", breaches: 1 },
    ]);
    const [mail, ...others] = await operatorMails(sku);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe("Something is wrong in the shop: I1");
    expect(mail?.text).toContain(`${sku}: on hand 4, ledger 3`);
    await travel(DAY_MS);
    await cron(HOURLY);
    await settle();
    expect(await operatorMails(sku)).toHaveLength(2);
    await lift(sku, -1);
  });

  it("says another breach of the same day by another mail", async () => {
    const [first, second] = [await makeSku(3), await makeSku(3)];
    await lift(first, 1);
    await cron(HOURLY);
    await settle();
    await lift(second, 1);
    await cron(HOURLY);
    await settle();
    expect(await operatorMails(first)).toHaveLength(2);
    expect(await operatorMails(second)).toHaveLength(1);
    await lift(first, -1);
    await lift(second, -1);
  });

  it("is silent while all is well", async () => {
    await makeSku(3);
    await cron(HOURLY);
    expect(await rows("SELECT id FROM outbox WHERE topic = 'mail.operators'")).toEqual([]);
  });
});
