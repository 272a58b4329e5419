import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { refund, sell } from "../support/after-sale.ts";
import { expectError } from "../support/expect-error.ts";
import { askedOfStripe, deadQueue } from "../support/faults.ts";
import { deadPromise } from "../support/inbox.ts";
import { cronOver, DEAD_JOBS, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { type Bought, mails, order, toPaymentPage } from "../support/shop.ts";
import { askStripe, deliverAll, stripe } from "../support/stripe.ts";
import { rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const LIST = "/api/v1/dead-letters";
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOT_DEAD = {
  code: "INVALID_TRANSITION",
  message: "This cannot be replayed: it is not dead, or a message that nothing can read.",
};

const list = async (query = "") => (await asAdmin("GET", `${LIST}${query}`)).body.data;
const replay = (id: string, headers = {}) => asAdmin("POST", `${LIST}/${id}/replay`, { headers });

/** The queue gives up on this promise. */
async function bury(topic: string): Promise<string> {
  const [row] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = ?", topic);
  const body = { type: "outbox", id: row?.id, requestId: "req_dead" };
  await deliverBatch(DEAD_JOBS, [{ id: `message-${topic}`, body }]);
  return row?.id ?? "";
}

/** A paid order whose receipt nobody could send. */
async function withoutReceipt(): Promise<Bought & { readonly promise: string }> {
  const at = await toPaymentPage(5);
  await travel(15 * MINUTE_MS - 1);
  await stripe.pay(at.paymentUrl);
  await travel(1);
  await cronOver(servicesWith({ JOBS: deadQueue }));
  expect((await order(at)).status).toBe("paid");
  const [found] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'search.order'");
  const body = { type: "outbox", id: found?.id, requestId: "req_found" };
  await deliverBatch(JOBS, [{ id: "message-found", body }]); // which the queue was not woken for either
  return { ...at, promise: await bury("mail.receipt") };
}

const receiptsOf = async (at: Bought) =>
  (await mails()).filter(({ html }) => html.includes(at.orderId));

describe("A mail that no retry could send", () => {
  it("is in the list of dead letters, and is sent once when a person replays it", async () => {
    const at = await withoutReceipt();
    expect(await list()).toEqual([
      {
        id: at.promise,
        kind: "outbox",
        status: "dead",
        topic: "mail.receipt",
        attempts: 0,
        lastError: "Every retry failed.",
        payload: JSON.stringify({ orderId: at.orderId }),
        requestId: expect.any(String),
        createdAt: expect.any(String),
      },
    ]);
    expect(await receiptsOf(at)).toEqual([]);
    const { status, body } = await replay(at.promise);
    expect([status, body.data.status]).toEqual([202, "pending"]);
    await settle();
    expect(await receiptsOf(at)).toHaveLength(1);
    expect(await list()).toEqual([]);
    const { data } = (await asAdmin("GET", `/api/v1/audit-log?target=${at.promise}`)).body;
    expect(data).toMatchObject([{ action: "dead_letter.replayed" }]);
    expectError(await replay(at.promise), 409, NOT_DEAD);
    expect(await receiptsOf(at)).toHaveLength(1);
  });

  it("is not sent by its message either, when that comes once more after all", async () => {
    const at = await withoutReceipt();
    const body = { type: "outbox", id: at.promise, requestId: "r" };
    expect((await deliverBatch(JOBS, [{ id: "late", body }])).acked).toEqual(["late"]);
    expect(await receiptsOf(at)).toEqual([]);
    expect(await list()).toMatchObject([{ id: at.promise, status: "dead" }]);
  });

  it("is replayed once for one idempotency key, however often it is sent", async () => {
    const at = await withoutReceipt();
    const headers = { "Idempotency-Key": "again" };
    const first = await replay(at.promise, headers);
    await settle();
    const second = await replay(at.promise, headers);
    expect([second.status, second.text]).toEqual([202, first.text]);
    expect(await receiptsOf(at)).toHaveLength(1);
  });

  it("is replayed by one of two people who do so at once", async () => {
    const at = await withoutReceipt();
    const answers = await Promise.all([replay(at.promise), replay(at.promise)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    await settle();
    expect(await receiptsOf(at)).toHaveLength(1);
  });
});

describe("A refund that no retry could bring to Stripe", () => {
  /** Money that has to go back, and a Stripe that does not answer. */
  async function stuck(rule: object): Promise<Bought & { readonly promise: string }> {
    await stripe.misbehave({ method: "POST", path: "/v1/refunds", times: 1000, ...rule });
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, { amount: 100 });
    await deliverAll();
    await settle();
    await rows("UPDATE orders SET attention_reason = NULL, attention_since = NULL");
    const promise = await bury("refund");
    expect(await order(at)).toMatchObject({
      attention: { reason: "refund_failed" },
      refunds: [{ status: "pending" }],
    });
    await stripe.misbehave();
    return { ...at, promise };
  }
  const keysOfRefunds = async () =>
    (await stripe.requests())
      .filter(({ method, path }) => method === "POST" && path === "/v1/refunds")
      .map(({ idempotencyKey }) => idempotencyKey);
  const refundsAtStripe = async () => (await askStripe<{ data: object[] }>("/refunds")).data;

  it("is on its way again when a person replays it, with the same key", async () => {
    const at = await stuck({ kind: "rate_limit_429" });
    expect(await list()).toMatchObject([{ id: at.promise, topic: "refund" }]);
    expect((await replay(at.promise)).status).toBe(202);
    await expect.poll(async () => (await order(at)).paymentStatus).toBe("refunded");
    expect((await order(at)).refunds).toMatchObject([{ status: "succeeded" }]);
    await expect.poll(() => rows("SELECT id FROM outbox WHERE status <> 'done'")).toEqual([]);
    expect(await refundsAtStripe()).toHaveLength(1);
    expect(new Set(await keysOfRefunds()).size).toBe(1);
    expect(await list()).toEqual([]);
  });

  it("calls nobody to one that is at Stripe already, when its message dies after all", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const sold = await sell([{ amount: 2500, quantity: 1 }]);
    expect((await refund(sold)).status).toBe(201);
    await settle();
    expect(await rows("SELECT status FROM outbox WHERE topic = 'refund'")).toEqual([
      { status: "done" },
    ]);
    await bury("refund");
    await settle();
    expect(await order(sold)).toMatchObject({ attention: null, refunds: [{ status: "pending" }] });
    expect(await rows("SELECT id FROM outbox WHERE topic = 'mail.operators'")).toEqual([]);
  });

  it.each([
    ["an hour", 60 * MINUTE_MS],
    ["25 hours, when Stripe has just forgotten the key", 25 * 60 * MINUTE_MS],
    ["a week, when Stripe has forgotten the key", 7 * DAY_MS],
  ])("and that had reached it after all is not made again, replayed after %s", async (_, later) => {
    const at = await stuck({ kind: "connection_reset", effect: true });
    expect(await refundsAtStripe()).toHaveLength(1);
    await travel(later);
    expect((await replay(at.promise)).status).toBe(202);
    await expect.poll(async () => (await order(at)).paymentStatus).toBe("refunded");
    expect((await order(at)).refunds).toMatchObject([{ status: "succeeded" }]);
    await expect.poll(() => rows("SELECT id FROM outbox WHERE status <> 'done'")).toEqual([]);
    expect(await refundsAtStripe()).toHaveLength(1);
    expect(await askedOfStripe(/^POST .*refunds$/)).not.toEqual([]);
  });
});

describe("A message that nothing can read", () => {
  it("is in the list with what it said, and cannot be replayed", async () => {
    const body = { type: "unknown", id: "x", note: "ä".repeat(5000) };
    await deliverBatch(JOBS, [{ id: "m1", body }]);
    const [letter, ...others] = await list();
    expect(others).toEqual([]);
    expect(letter).toEqual({
      id: "m1",
      kind: "message",
      status: "dead",
      topic: JOBS,
      attempts: null,
      lastError: "The message is not a job.",
      payload: JSON.stringify(body).slice(0, 4000),
      requestId: "m1",
      createdAt: new Date().toISOString(),
    });
    expectError(await replay("m1"), 409, NOT_DEAD);
  });

  it("is not said of an event that died: that one is in the inbox", async () => {
    const body = { type: "webhook", id: "whe_1", requestId: "r" };
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
    expect(await list()).toEqual([]);
  });
});

describe("The list of dead letters", () => {
  it("goes through promises and messages together, newest first, a page at a time", async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      made.unshift(await deadPromise());
      await travel(1);
      await deliverBatch(JOBS, [{ id: `m${i}`, body: "no job" }]);
      made.unshift(`m${i}`);
      await travel(1);
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await asAdmin("GET", `${LIST}?pageSize=2&include=total${cursor}`);
      expect(body.meta.total).toBe(6);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.meta.nextCursor === null ? "" : `&cursor=${body.meta.nextCursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(made);
    expect(await list("?kind=message")).toHaveLength(3);
    expect(await list("?kind=outbox&pageSize=2")).toHaveLength(2);
  });

  it("does not know what does not exist", async () => {
    const unknown = { code: "NOT_FOUND", message: "There is no such dead letter." };
    expectError(await replay("obx_unknown"), 404, unknown);
  });

  it("gives back what is replayed to the sweep, when the queue is down", async () => {
    const id = await deadPromise();
    await rows("UPDATE outbox SET status = 'pending', wake_at = ? WHERE id = ?", Date.now(), id);
    await cronOver(servicesWith({ JOBS: env.JOBS }));
    await settle();
    expect(await rows("SELECT status FROM outbox WHERE id = ?", id)).toEqual([{ status: "done" }]);
  });
});
