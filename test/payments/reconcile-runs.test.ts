import { describe, expect, it, vi } from "vitest";
import { askedOfStripe, databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import { servicesWith } from "../support/jobs.ts";
import {
  EVERY_FIVE,
  eventsAreRead,
  HOUR_MS,
  historyOf,
  inbox,
  MINUTE_MS,
  nextRun,
  outage,
  paid,
  progress,
  run,
  sweep,
} from "../support/reconcile.ts";
import { logOf } from "../support/rig.ts";
import { type Bought, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

describe("A run", () => {
  it("that has nothing to do asks Stripe twice, and writes nothing into the inbox", async () => {
    await paid();
    await deliverAll();
    await settle();
    await nextRun();
    await travel(2 * HOUR_MS);
    for (let i = 0; i < 3; i += 1) await nextRun();
    const before = await inbox();
    const asked = (await askedOfStripe(/./)).length;
    const { lines } = await logOf(async () => {
      await travel(5 * MINUTE_MS);
      await cron(EVERY_FIVE);
    });
    expect((await askedOfStripe(/./)).slice(asked)).toEqual([
      expect.stringContaining("GET /v1/events"),
      expect.stringContaining("GET /v1/checkout/sessions"),
    ]);
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line).toMatchObject({ level: "info", missing: 0, sessions: 0, minutesBehind: 10 });
    expect(line?.["trips"]).toBeLessThanOrEqual(5);
    expect(await inbox()).toEqual(before);
  });

  it("leaves webhooks that are a few seconds old the time to arrive", async () => {
    await nextRun();
    await travel(5 * MINUTE_MS);
    const at = await paid();
    await travel(30_000);
    expect(await run()).toMatchObject({ missing: 0 });
    await deliverAll();
    await settle();
    expect(await nextRun()).toMatchObject({ missing: 0, repaired: 0 });
    expect((await order(at)).status).toBe("paid");
  });

  it("is bounded: the next ones go on where it stopped, and nothing is left out", async () => {
    await run();
    await outage();
    const many = await paid();
    for (let i = 0; i < 52; i += 1)
      await stripe.control(`/payments/${many.intent}/refund`, { amount: 1 });
    const spread: Bought[] = [];
    for (let i = 0; i < 4; i += 1) {
      await travel(6 * HOUR_MS);
      spread.push(await paid());
    }
    let all = 0;
    let runs = 0;
    for (let found = 1; found > 0; runs += 1) {
      const asked = (await askedOfStripe(/v1\/events/)).length;
      const counts = await nextRun({ pages: 1 });
      expect((await askedOfStripe(/v1\/events/)).length - asked).toBeLessThanOrEqual(1);
      found = counts.missing + counts.repaired;
      all += found;
    }
    expect(runs).toBeGreaterThan(5);
    expect(all).toBe((await inbox()).length);
    expect(all).toBeGreaterThan(100);
    await sweep();
    for (const at of spread) expect((await order(at)).status).toBe("paid");
    expect((await order(many)).refunded.amount).toBe(52);
  });

  it("reads what Stripe has listed late, also when the window took it two runs", async () => {
    await run();
    await outage();
    const late = await toPaymentPage(5);
    const at = await paid();
    for (let i = 0; i < 52; i += 1)
      await stripe.control(`/payments/${at.intent}/refund`, { amount: 1 });
    await travel(5 * MINUTE_MS);
    expect(await run({ pages: 1 })).toMatchObject({ events: 100 });
    await stripe.control("/clock", { now: Date.now() - 90_000 });
    await stripe.pay(late.paymentUrl);
    await travel(10 * MINUTE_MS);
    await run();
    await nextRun();
    expect((await order(late)).status).toBe("paid");
  });

  it("leaves out nothing that happens while our clock is ahead of Stripe's", async () => {
    await run();
    await outage();
    vi.setSystemTime(Date.now() + HOUR_MS);
    expect(await run()).toMatchObject({ failed: 0 });
    vi.setSystemTime(Date.now() - HOUR_MS);
    const at = await paid();
    await travel(2 * MINUTE_MS);
    expect(await run()).toMatchObject({ missing: 1 });
    await settle();
    expect((await order(at)).status).toBe("paid");
  });

  it("stops when it has found many, in the middle of a window", async () => {
    await run();
    await outage();
    const at = await paid();
    for (let i = 0; i < 52; i += 1)
      await stripe.control(`/payments/${at.intent}/refund`, { amount: 1 });
    await travel(5 * MINUTE_MS);
    expect(await run({ found: 1 })).toMatchObject({ events: 100, missing: 100, sessions: 0 });
    expect((await progress()).events.window).toMatchObject({ after: expect.any(String) });
    await settle();
    expect((await nextRun()).missing).toBeGreaterThan(0);
    expect((await progress()).events.window).toBeNull();
    expect((await order(at)).refunded.amount).toBe(52);
  });

  it("stops when its minute is over, and the next one goes on", async () => {
    await run();
    await outage();
    const at = await paid();
    await travel(5 * MINUTE_MS);
    expect(await run({ time: -1 })).toMatchObject({ events: 0, sessions: 0 });
    expect(await nextRun()).toMatchObject({ missing: 1 });
    expect((await order(at)).status).toBe("paid");
  });

  it("begins its window again when Stripe has forgotten where it stopped", async () => {
    await run();
    await outage();
    const at = await paid();
    const window = { from: Date.now() - HOUR_MS, to: Date.now() + MINUTE_MS, after: "evt_gone" };
    const state = JSON.stringify({ readUntil: window.from, window });
    await rows("UPDATE reconciliations SET state = json_set(state, '$.events', json(?))", state);
    expect(await nextRun()).toMatchObject({ missing: 1, failed: 0 });
    expect((await order(at)).status).toBe("paid");
  });
});

describe("A run that ends badly", () => {
  it("because Stripe is down fails softly, loses no cursor, and the next one continues", async () => {
    await run();
    await outage();
    const at = await paid();
    await travel(5 * MINUTE_MS);
    const before = await progress();
    await stripe.misbehave({ kind: "error_500", stored: false, times: 1000 });
    const { lines } = await logOf(() => cron(EVERY_FIVE));
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line).toMatchObject({ level: "warn", missing: 0 });
    expect(line?.["failed"]).toBeGreaterThan(0);
    expect((await progress()).events).toEqual(before.events);
    expect((await order(at)).status).toBe("pending_payment");
    await stripe.misbehave();
    expect(await nextRun()).toMatchObject({ missing: 1, failed: 0 });
    expect((await order(at)).status).toBe("paid");
  });

  it("because one list is down still reads the other", async () => {
    await eventsAreRead();
    await outage();
    const at = await paid();
    await travel(2 * HOUR_MS);
    await rows("UPDATE reconciliations SET state = json_set(state, '$.events.readUntil', 1)");
    await stripe.misbehave({ path: "/v1/events", kind: "error_500", stored: false, times: 1000 });
    expect(await nextRun()).toMatchObject({ failed: 1, repaired: 1 });
    await stripe.misbehave();
    expect((await order(at)).status).toBe("paid");
  });

  it.each([
    ["before", 'from "webhook_events"'],
    ["before", 'insert into "?webhook_events'],
    ["after", 'insert into "?webhook_events'],
    ["before", 'update "reconciliations"'],
    ["after", 'update "reconciliations"'],
  ] as const)("(%s `%s`) skips nothing", async (when, about) => {
    await run();
    await outage();
    const at = await paid();
    await travel(5 * MINUTE_MS);
    const { database, failed } = databaseFailingOnce({ when, about: new RegExp(about, "i") });
    const services = servicesWith({ DB: database as D1Database });
    await expect(run({}, services)).rejects.toThrow("Network connection lost");
    expect(failed()).toBe(true);
    await travel(5 * MINUTE_MS);
    await run(); // what the dead one has stored waits for the sweep
    await sweep();
    expect(await historyOf(at)).toEqual([{ type: "order.created" }, { type: "order.paid" }]);
  });

  it("because another one overlaps with it leaves the cursor to the other", async () => {
    await run();
    await outage();
    const at = await paid();
    for (let i = 0; i < 52; i += 1)
      await stripe.control(`/payments/${at.intent}/refund`, { amount: 1 });
    await travel(5 * MINUTE_MS);
    let other: Awaited<ReturnType<typeof run>> | undefined;
    const database = databaseInterrupted(/update "reconciliations"/i, async () => {
      other = await run({ pages: 1 });
    });
    const counts = await run({}, servicesWith({ DB: database as D1Database }));
    expect(other).toMatchObject({ missing: 0, events: 100, overtaken: 0 });
    expect(counts).toMatchObject({ missing: 100, overtaken: 1 });
    expect((await progress()).events.window).toMatchObject({ after: expect.any(String) });
    await settle();
    expect((await nextRun()).missing).toBeGreaterThan(0);
    expect((await order(at)).refunded.amount).toBe(52);
  });

  it("five at a time find everything once", async () => {
    await run();
    await outage();
    const all = [await paid(), await paid(), await paid()];
    await travel(5 * MINUTE_MS);
    const counts = await Promise.all(Array.from({ length: 5 }, () => run()));
    expect(counts.reduce((sum, { missing }) => sum + missing, 0)).toBe(3);
    await nextRun();
    for (const at of all) {
      expect(await historyOf(at)).toEqual([{ type: "order.created" }, { type: "order.paid" }]);
    }
  });
});
