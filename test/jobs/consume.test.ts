import { describe, expect, it } from "vitest";
import { databaseFailingOnce } from "../support/faults.ts";
import { call } from "../support/http.ts";
import { eventOf, paidInSilence } from "../support/inbox.ts";
import { DEAD_JOBS, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { brokenDatabase, type LogLine, logOf } from "../support/rig.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const deadLetters = () =>
  rows("SELECT message_id, queue, body, reason, request_id FROM dead_letters ORDER BY message_id");
/** Lets the sweep finish what a test has left behind. */
async function catchUp(): Promise<void> {
  await travel(20 * MINUTE_MS);
  await cron();
  await settle();
}

describe("A batch of the queue", () => {
  it("records a poison message and acknowledges it; the rest of its batch is unaffected", async () => {
    const { at, completed } = await paidInSilence();
    const poison = [
      { id: "m1", body: "not a job" },
      { id: "m2", body: { type: "unknown", id: "x", requestId: "req_1" } },
      { id: "m4", body: { type: "webhook", id: "", requestId: "req_1" } },
      { id: "m5", body: { type: "webhook", id: "x", requestId: "req_1", payload: "{}" } },
      { id: "m6", body: null },
    ];
    const good = { id: "m3", body: { type: "webhook", id: completed, requestId: "req_good" } };
    const { acked, retried } = await deliverBatch(JOBS, [...poison, good]);
    expect([...acked].sort()).toEqual(["m1", "m2", "m3", "m4", "m5", "m6"]);
    expect(retried).toEqual({});
    expect((await order(at)).status).toBe("paid");
    expect(await deadLetters()).toEqual(
      poison.map(({ id, body }) => ({
        message_id: id,
        queue: JOBS,
        body: JSON.stringify(body),
        reason: "The message is not a job.",
        request_id: id,
      })),
    );
    const again = await deliverBatch(JOBS, poison);
    expect([again.acked.length, again.retried]).toEqual([poison.length, {}]);
    expect(await deadLetters()).toHaveLength(poison.length);
    await catchUp();
  });

  it("(a consumer that swallows the error and acknowledges) retries what fails with growing delays, and settles the others", async () => {
    const { at, completed } = await paidInSilence();
    const other = await eventOf("charge.succeeded");
    await stripe.misbehave({ kind: "rate_limit_429", times: 1000 });
    const delays: number[] = [];
    for (const attempts of [1, 2, 3, 4, 5, 6, 7, 8, 20]) {
      const { acked, retried } = await deliverBatch(JOBS, [
        { id: "failing", body: { type: "webhook", id: completed, requestId: "r" }, attempts },
        { id: "fine", body: { type: "webhook", id: other, requestId: "r" } },
      ]);
      expect(acked).toEqual(["fine"]);
      expect(Object.keys(retried)).toEqual(["failing"]);
      delays.push(retried["failing"] ?? 0);
    }
    expect(delays.every((delay, i) => i === 0 || delay > (delays[i - 1] ?? 0))).toBe(true);
    expect(delays[0]).toBeGreaterThanOrEqual(2);
    expect(delays.at(-1)).toBeLessThanOrEqual(15 * 60 * 1.25);
    await stripe.misbehave();
    await catchUp();
    expect((await order(at)).status).toBe("paid");
  });

  it("never throws and never acknowledges when the database is away", async () => {
    const { at, completed } = await paidInSilence();
    const services = servicesWith({ DB: brokenDatabase("D1_ERROR: gone") as D1Database });
    const { acked, retried } = await deliverBatch(
      JOBS,
      [
        { id: "m1", body: { type: "webhook", id: completed, requestId: "r" } },
        { id: "m2", body: { type: "outbox", id: "obx_1", requestId: "r" } },
        { id: "m3", body: "not a job" },
      ],
      services,
    );
    expect(acked).toEqual([]);
    expect(Object.keys(retried).sort()).toEqual(["m1", "m2", "m3"]);
    await catchUp();
    expect((await order(at)).status).toBe("paid");
  });

  it("acknowledges jobs whose row is gone or done, and changes nothing", async () => {
    const { at, completed } = await paidInSilence();
    await catchUp();
    const before = await rows("SELECT * FROM order_events");
    const { acked } = await deliverBatch(JOBS, [
      { id: "m1", body: { type: "webhook", id: completed, requestId: "r" } },
      { id: "m2", body: { type: "webhook", id: "whe_unknown", requestId: "r" } },
      { id: "m3", body: { type: "outbox", id: "obx_unknown", requestId: "r" } },
    ]);
    expect([...acked].sort()).toEqual(["m1", "m2", "m3"]);
    expect(await rows("SELECT * FROM order_events")).toEqual(before);
    expect(await level(at.sku)).toMatchObject({ onHand: 4 });
  });

  it("with one job ten times over has its effect once", async () => {
    const { at, completed } = await paidInSilence();
    const body = { type: "webhook", id: completed, requestId: "r" };
    const copies = Array.from({ length: 10 }, (_, i) => ({ id: `m${i}`, body }));
    const { acked } = await deliverBatch(JOBS, copies);
    expect(acked).toHaveLength(10);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    expect(await rows("SELECT id FROM outbox WHERE topic = 'mail.receipt'")).toHaveLength(1);
    await catchUp();
  });
});

describe("The dead-letter queue", () => {
  it("(messages deleted because the dead-letter queue had no consumer) is written down where a person finds it, and its event is dead, not lost", async () => {
    const { at, completed } = await paidInSilence();
    await stripe.misbehave({ kind: "rate_limit_429", times: 1000 });
    const message = { id: "m1", body: { type: "webhook", id: completed, requestId: "req_dead" } };
    await deliverBatch(JOBS, [message]);
    const { acked } = await deliverBatch(DEAD_JOBS, [message, { id: "m2", body: "unreadable" }]);
    expect([...acked].sort()).toEqual(["m1", "m2"]);
    expect(await deadLetters()).toEqual([
      {
        message_id: "m1",
        queue: DEAD_JOBS,
        body: JSON.stringify(message.body),
        reason: "Every retry failed.",
        request_id: "req_dead",
      },
      {
        message_id: "m2",
        queue: DEAD_JOBS,
        body: '"unreadable"',
        reason: "The message is not a job.",
        request_id: "m2",
      },
    ]);
    expect(
      await rows("SELECT status, last_error, wake_at FROM webhook_events WHERE id = ?", completed),
    ).toEqual([
      {
        status: "dead",
        last_error: "PaymentUnavailable: Stripe could not be asked",
        wake_at: null,
      },
    ]);
    await stripe.misbehave();
    expect((await deliverBatch(JOBS, [message])).acked).toEqual(["m1"]);
    expect((await order(at)).status).toBe("paid");
    await catchUp();
  });

  it("ends a promise of the outbox, and leaves what is done alone", async () => {
    const { completed } = await paidInSilence();
    const { acked } = await deliverBatch(DEAD_JOBS, [
      { id: "m0", body: { type: "outbox", id: "obx_unknown", requestId: "r" } },
    ]);
    expect(acked).toEqual(["m0"]);
    await catchUp();
    const [receipt] = await rows<{ id: string }>(
      "SELECT id FROM outbox WHERE topic = 'mail.receipt'",
    );
    await deliverBatch(DEAD_JOBS, [
      { id: "m1", body: { type: "outbox", id: receipt?.id, requestId: "r" } },
      { id: "m2", body: { type: "webhook", id: completed, requestId: "r" } },
    ]);
    expect(await rows("SELECT status FROM outbox WHERE topic = 'mail.receipt'")).toEqual([
      { status: "done" },
    ]);
    expect(await rows("SELECT status FROM webhook_events WHERE id = ?", completed)).toEqual([
      { status: "processed" },
    ]);
    await rows(
      "UPDATE outbox SET status = 'pending', wake_at = 1, done_at = NULL WHERE id = ?",
      receipt?.id,
    );
    const message = { id: "m3", body: { type: "outbox", id: receipt?.id, requestId: "r" } };
    await deliverBatch(DEAD_JOBS, [message]);
    expect(
      await rows("SELECT status, last_error, wake_at FROM outbox WHERE id = ?", receipt?.id),
    ).toEqual([{ status: "dead", last_error: "Every retry failed.", wake_at: null }]);
  });

  it("keeps its message when it cannot be written down", async () => {
    const { database } = databaseFailingOnce({ when: "before", about: /dead_letters/ });
    const services = servicesWith({ DB: database as D1Database });
    const message = { id: "m1", body: { type: "webhook", id: "whe_1", requestId: "r" } };
    const first = await deliverBatch(DEAD_JOBS, [message], services);
    expect(first.acked).toEqual([]);
    expect(Object.keys(first.retried)).toEqual(["m1"]);
    expect((await deliverBatch(DEAD_JOBS, [message], services)).acked).toEqual(["m1"]);
    expect(await deadLetters()).toHaveLength(1);
  });
});

describe("A request id", () => {
  it("travels from the request through the queue to the log and every row it caused", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const deliveries = await stripe.take();
    const completed = deliveries.find(({ type }) => type === "checkout.session.completed");
    if (completed === undefined) throw new Error("The session was not completed.");
    const headers = { ...completed.headers, "X-Request-Id": "trace-me" };
    const ofIt = (lines: LogLine[]) => lines.filter((line) => line["requestId"] === "trace-me");
    const { lines } = await logOf(async (written) => {
      await call("POST", "/webhooks/stripe", { body: completed.body, headers });
      await expect.poll(() => ofIt(written()).length).toBeGreaterThan(3); // a job's line comes after its effect
    });
    const traced = ofIt(lines);
    const [first, ...jobs] = traced.map((line) => line["event"]);
    expect([first, ...new Set(jobs)]).toEqual(["request", "job"]);
    expect(jobs.length).toBeGreaterThanOrEqual(3); // the event, the receipt, the index of words
    expect(await rows("SELECT request_id FROM webhook_events")).toEqual([
      { request_id: "trace-me" },
    ]);
    expect(await rows("SELECT request_id FROM outbox WHERE topic = 'mail.receipt'")).toEqual([
      { request_id: "trace-me" },
    ]);
    expect(await rows("SELECT request_id FROM order_events WHERE type = 'order.paid'")).toEqual([
      { request_id: "trace-me" },
    ]);
    expect(await deliverAll()).toEqual([]);
  });
});
