import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { reconcileStripe } from "../../src/checkout/index.ts";
import { BOUNDS, type Bounds } from "../../src/checkout/reconcile-run.ts";
import { createContext, type Services, servicesOf } from "../../src/services.ts";
import { askedOfStripe, databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import { servicesWith } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { logOf } from "../support/rig.ts";
import { type Bought, level, mails, order, toPaymentPage } from "../support/shop.ts";
import { deliver, deliverAll, sessionOf, stripe } from "../support/stripe.ts";
import { cron, PATIENT, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BANK = { method: "bank_transfer" };
const EVERY_FIVE = "*/5 * * * *";

/** One run over these services, its answer as the log gets it. */
function run(bounds: Partial<Bounds> = {}, services: Services = servicesOf(env)) {
  const ctx = createContext(services, {
    requestId: "cron_test",
    actor: { kind: "system", label: "system", address: "" },
    later: (work) => void work,
    log: {},
  });
  return reconcileStripe(ctx, { ...BOUNDS, ...bounds });
}

/** Five minutes later the next run, and what it found is dealt with. */
async function nextRun(bounds: Partial<Bounds> = {}) {
  await travel(5 * MINUTE_MS);
  const counts = await run(bounds);
  await settle();
  return counts;
}

/** Every webhook is lost from here on. */
const outage = () => stripe.control("/webhooks/behaviour", { drop: true });

const historyOf = (at: Bought) =>
  rows("SELECT type FROM order_events WHERE order_id = ? ORDER BY seq", at.orderId);
const inbox = () =>
  rows<{ event_id: string; status: string }>("SELECT event_id, status FROM webhook_events");
const progress = async () => {
  const [row] = await rows<{ state: string }>("SELECT state FROM reconciliations");
  return JSON.parse(row?.state ?? "null");
};
/** What the list of events had to say is over: only payment pages can tell. */
async function eventsAreRead(): Promise<void> {
  await run();
  await rows(
    "UPDATE reconciliations SET state = json_set(state, '$.events.readUntil', ?)",
    Date.now() + DAY_MS,
  );
}

/** So many orders that a bank has to pay, and that nothing but a look at each can help. */
async function waitingForBanks(count: number) {
  const all: Awaited<ReturnType<typeof paid>>[] = [];
  for (let i = 0; i < count; i += 1) {
    all.push(await paid(BANK));
    await travel(1);
  }
  await deliverAll();
  await settle();
  await eventsAreRead();
  await travel(80 * MINUTE_MS);
  expect(await run()).toMatchObject({ sessions: count, repaired: 0, banks: 0 });
  await outage();
  return all;
}

async function paid(method: object = {}): Promise<Bought & { readonly intent: string }> {
  const at = await toPaymentPage(5);
  const { payment_intent: intent } = await stripe.pay(at.paymentUrl, method);
  return { ...at, intent };
}

async function sweep(): Promise<void> {
  await cron();
  await settle();
}

describe("After a day without webhooks", PATIENT, () => {
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

describe("A run", PATIENT, () => {
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

describe("A run that ends badly", PATIENT, () => {
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
    ["before", 'insert into "webhook_events"'],
    ["after", 'insert into "webhook_events"'],
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
    await nextRun();
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

describe("Payment pages that customers have completed", PATIENT, () => {
  it("are compared with the orders, and one that was missed is mended through the inbox", async () => {
    await eventsAreRead();
    await outage();
    const at = await paid();
    expect(await nextRun()).toMatchObject({ sessions: 0, repaired: 0 });
    await travel(75 * MINUTE_MS);
    expect(await nextRun()).toMatchObject({ sessions: 1, repaired: 1, orphans: 0 });
    expect((await order(at)).status).toBe("paid");
    expect(await inbox()).toEqual([
      { event_id: `reconcile:${sessionOf(at.paymentUrl)}:paid`, status: "processed" },
    ]);
    const [event] = (await asAdmin("GET", "/api/v1/webhook-events")).body.data;
    expect((await asAdmin("POST", `/api/v1/webhook-events/${event.id}/replay`)).status).toBe(202);
    await settle();
    expect(await historyOf(at)).toEqual([{ type: "order.created" }, { type: "order.paid" }]);
    expect(await nextRun()).toMatchObject({ repaired: 0 });
  });

  it("without an order are an error that names them: money for nothing", async () => {
    await eventsAreRead();
    const at = await paid();
    await deliverAll();
    await settle();
    const lost = { ...at, orderId: `ord_${"0".repeat(36)}` };
    const page = await openPageOf(lost.orderId);
    await stripe.pay(page.url);
    await stripe.pay((await openPageOf("cart-4711")).url);
    await travel(80 * MINUTE_MS);
    const { lines } = await logOf(() => cron(EVERY_FIVE));
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line).toMatchObject({ level: "error", sessions: 2, orphans: 1, repaired: 0 });
    expect(JSON.stringify(line)).toContain(page.id);
    expect(await nextRun()).toMatchObject({ orphans: 0 });
  });
});

/** A payment page that no order of this database knows. */
async function openPageOf(reference: string): Promise<{ id: string; url: string }> {
  const response = await fetch("http://stripe.test/v1/checkout/sessions", {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_holdfast" },
    body: new URLSearchParams({
      mode: "payment",
      client_reference_id: reference,
      success_url: "https://shop.test/thanks",
      "line_items[0][quantity]": "1",
      "line_items[0][price_data][currency]": "usd",
      "line_items[0][price_data][unit_amount]": "500",
      "line_items[0][price_data][product_data][name]": "A thing",
    }),
  });
  return response.json();
}

describe("Orders that wait for a bank", PATIENT, () => {
  it.each([
    ["succeeded", { status: "paid", paymentStatus: "paid" }],
    ["failed", { status: "canceled", paymentStatus: "failed" }],
  ] as const)("are read at Stripe four times a day: %s", async (outcome, end) => {
    const [at] = await waitingForBanks(1);
    if (at === undefined) throw new Error("Nobody waits.");
    await stripe.settle(at.intent, outcome);
    await travel(6 * HOUR_MS);
    expect(await run()).toMatchObject({ banks: 1, repaired: 1 });
    await settle();
    expect(await order(at)).toMatchObject(end);
  });

  it("are read once in six hours, so many a run, and one that cannot be read keeps none from it", async () => {
    const all = await waitingForBanks(3);
    for (const { intent } of all) await stripe.settle(intent, "succeeded");
    const path = `/v1/checkout/sessions/${sessionOf(all[0]?.paymentUrl ?? "")}`;
    await travel(6 * HOUR_MS);
    await stripe.misbehave({ path, kind: "error_500", stored: false, times: 1000 });
    expect(await run({ banks: 2 })).toMatchObject({ banks: 2, repaired: 1, failed: 0 });
    await settle();
    expect(await nextRun({ banks: 2 })).toMatchObject({ banks: 1, repaired: 1 });
    expect(await nextRun({ banks: 2 })).toMatchObject({ banks: 0 });
    await stripe.misbehave();
    await travel(6 * HOUR_MS);
    expect(await run()).toMatchObject({ banks: 1 });
    await settle();
    for (const at of all) expect((await order(at)).status).toBe("paid");
  });
});
