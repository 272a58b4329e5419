import { describe, expect, it } from "vitest";
import { asAdmin } from "../support/people.ts";
import {
  BANK,
  DAY_MS,
  EVERY_FIVE,
  HOUR_MS,
  historyOf,
  inbox,
  MINUTE_MS,
  nextRun,
  outage,
  paid,
  run,
  sweep,
} from "../support/reconcile.ts";
import { logOf } from "../support/rig.ts";
import { level, mails, order, toPaymentPage } from "../support/shop.ts";
import { deliver, deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

describe("After a day without webhooks", () => {
  it("every order is what Stripe says: paid, paid by a bank, refused by it, refunded, disputed, expired", async () => {
    await nextRun();
    const before = await paid();
    const bankPaid = await paid(BANK);
    const bankRefused = await paid(BANK);
    await deliverAll();
    await settle();
    await outage();
    const bought = await paid();
    const bankNew = await paid(BANK);
    const disputed = await paid();
    const abandoned = await toPaymentPage(5);
    await travel(HOUR_MS);
    await stripe.control(`/payments/${before.intent}/refund`, {});
    await stripe.control(`/payments/${disputed.intent}/dispute`, { status: "opened" });
    await stripe.settle(bankPaid.intent, "succeeded");
    await stripe.settle(bankRefused.intent, "failed");
    await travel(DAY_MS - HOUR_MS);
    expect(await deliverAll()).toEqual([]);

    const counts = await nextRun();
    expect(counts).toMatchObject({ failed: 0, overtaken: 0, orphans: 0 });
    expect(counts.missing).toBeGreaterThan(6);
    await sweep();

    expect(await order(before)).toMatchObject({ status: "paid", paymentStatus: "refunded" });
    expect(await order(bought)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await order(bankPaid)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await order(bankRefused)).toMatchObject({ paymentStatus: "failed" });
    expect(await order(bankNew)).toMatchObject({
      status: "pending_payment",
      paymentStatus: "processing",
    });
    expect(await order(disputed)).toMatchObject({ status: "paid", paymentStatus: "disputed" });
    expect(await order(abandoned)).toMatchObject({ status: "expired", paymentStatus: "unpaid" });
    expect(await level(bought.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    expect(await level(abandoned.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    const receipts = (await mails()).filter(({ html }) => html.includes(bought.orderId));
    expect(receipts).toHaveLength(1);

    expect(await nextRun()).toMatchObject({ missing: 0, repaired: 0, orphans: 0 });
  });

  it("the first run of all looks a day back", async () => {
    await outage();
    const at = await paid();
    await travel(23 * HOUR_MS);
    expect(await nextRun()).toMatchObject({ missing: 1 });
    expect((await order(at)).payments).toMatchObject([{ status: "succeeded" }]);
  });

  it("what was missed is in the inbox in the order in which it happened", async () => {
    await nextRun();
    await outage();
    const at = await paid();
    await travel(MINUTE_MS);
    await stripe.control(`/payments/${at.intent}/dispute`, { status: "opened" });
    await nextRun();
    const found = await rows<{ type: string }>("SELECT type FROM webhook_events ORDER BY rowid");
    expect(found[0]?.type).toBe("checkout.session.completed");
    expect(found.at(-1)?.type).toMatch(/^charge\.dispute/);
  });

  it("a webhook that comes after all is a duplicate", async () => {
    const at = await paid();
    await stripe.control("/webhooks/behaviour", { delayMs: HOUR_MS });
    const other = await paid();
    await deliverAll();
    await settle();
    expect((await order(other)).status).toBe("pending_payment");
    expect((await nextRun()).missing).toBeGreaterThan(0);
    expect((await order(other)).status).toBe("paid");
    const found = await inbox();
    await travel(HOUR_MS);
    const late = await stripe.take();
    expect(late.length).toBeGreaterThan(0);
    const { lines } = await logOf(async () => {
      for (const delivery of late) expect((await deliver(delivery)).status).toBe(200);
    });
    const known = new Set(found.map(({ event_id }) => event_id));
    const duplicates = lines.filter((line) => line["duplicate"] === true);
    expect(duplicates).toHaveLength(late.filter(({ eventId }) => known.has(eventId)).length);
    await settle();
    expect(await historyOf(at)).toEqual([{ type: "order.created" }, { type: "order.paid" }]);
  });

  it("what is found says where it came from, as an event that a person can see", async () => {
    await outage();
    const at = await paid();
    const { lines } = await logOf(async () => {
      await travel(5 * MINUTE_MS);
      await cron(EVERY_FIVE);
      await settle();
    });
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line).toMatchObject({ level: "warn", missing: 1, orphans: 0, failed: 0 });
    const { data } = (await asAdmin("GET", "/api/v1/webhook-events?status=processed")).body;
    expect(data).toMatchObject([
      {
        type: "checkout.session.completed",
        subject: at.orderId,
        requestId: expect.stringMatching(/^cron_/),
      },
    ]);
    const event = (await asAdmin("GET", `/api/v1/webhook-events/${data[0].id}`)).body.data;
    expect(JSON.parse(event.payload)).toMatchObject({ id: event.eventId, object: "event" });
  });

  it("a month long, what Stripe has forgotten is an error in the log, and the rest is found", async () => {
    await run();
    await outage();
    await travel(31 * DAY_MS);
    const at = await paid();
    await travel(5 * MINUTE_MS);
    const { lines } = await logOf(() => cron(EVERY_FIVE));
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line?.["level"]).toBe("error");
    expect(JSON.stringify(line)).toContain("events_forgotten_by_stripe");
    for (let i = 0; i < 10; i += 1) await nextRun();
    await sweep();
    expect((await order(at)).status).toBe("paid");
  });
});
