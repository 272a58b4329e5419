import { describe, expect, it } from "vitest";
import { expectError, invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { storedEvent } from "../support/inbox.ts";
import { asAdmin } from "../support/people.ts";
import { type Bought, level, mails, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, signedDelivery, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const INBOX = "/api/v1/webhook-events";
const NO_EVENT = { code: "NOT_FOUND", message: "There is no such webhook event." };
const MINUTE_MS = 60_000;

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
}
const list = async (query = ""): Promise<Listed[]> =>
  (await asAdmin("GET", `${INBOX}${query}`)).body.data;
const replay = (id: string, headers = {}) => asAdmin("POST", `${INBOX}/${id}/replay`, { headers });

async function arrive(): Promise<void> {
  await deliverAll();
  await settle();
}

async function paidOrder(): Promise<Bought> {
  const at = await toPaymentPage(5);
  await stripe.pay(at.paymentUrl);
  await arrive();
  return at;
}

/** Everything that an event could change. */
async function everything(at: Bought) {
  return {
    order: await order(at),
    level: await level(at.sku),
    history: await rows("SELECT * FROM order_events ORDER BY order_id, seq"),
    ledger: await rows("SELECT * FROM stock_movements ORDER BY seq"),
    payments: await rows("SELECT * FROM payments"),
    refunds: await rows("SELECT * FROM refunds"),
    promises: await rows("SELECT id, status FROM outbox ORDER BY id"),
    mails: (await mails()).filter(({ html }) => html.includes(at.orderId)).length,
  };
}

describe("The inbox", () => {
  it("lists events newest first, a page at a time, with a total and without the payloads", async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      made.unshift(await storedEvent());
      await travel(1);
    }
    const first = await asAdmin("GET", `${INBOX}?pageSize=2&include=total`);
    expect(first.body.data.map(({ id }: Listed) => id)).toEqual(made.slice(0, 2));
    expect(first.body.meta).toMatchObject({ pageSize: 2, total: 5 });
    expect(first.text).not.toContain("payload");
    const second = await list(`?pageSize=3&cursor=${first.body.meta.nextCursor}`);
    expect(second.map(({ id }) => id)).toEqual(made.slice(2));
  });

  it("is filtered by provider, status and type, alone and together", async () => {
    const at = await paidOrder();
    const other = await storedEvent();
    const completed = "checkout.session.completed";
    expect((await list(`?type=${completed}`)).map(({ type }) => type)).toEqual([completed]);
    expect((await list("?status=processed")).map(({ type }) => type)).toEqual([completed]);
    expect((await list("?status=ignored")).map(({ id }) => id)).toContain(other);
    expect(await list(`?status=ignored&type=${completed}&provider=stripe`)).toEqual([]);
    expect(await list(`?status=processed&type=${completed}&provider=stripe`)).toHaveLength(1);
    expect(await list("?provider=resend")).toEqual([]);
    expect((await list("?provider=stripe")).length).toBeGreaterThan(1);
    const counted = await asAdmin("GET", `${INBOX}?status=processed&include=total`);
    expect(counted.body.meta.total).toBe(1);
    expect(counted.body.data[0].subject).toBe(at.orderId);
    const lost = await asAdmin("GET", `${INBOX}?status=lost`);
    expect([lost.status, Object.keys(lost.body.error.fields)]).toEqual([422, ["status"]]);
    const unknown = invalid({ orderId: "There is no such field." });
    expectError(await asAdmin("GET", `${INBOX}?orderId=x`), 422, unknown);
  });

  it("shows one event with the very string that was signed", async () => {
    const body = `{ "id":"evt_1",  "type":"product.created",\n"data":{"object":{ "price": 1.50 }} }`;
    const { headers } = await signedDelivery(body);
    const given = { ...headers, "X-Request-Id": "trace-me" };
    await call("POST", "/webhooks/stripe", { body, headers: given });
    await settle();
    const [listed] = await list();
    const { data } = (await asAdmin("GET", `${INBOX}/${listed?.id}`)).body;
    expect(data).toEqual({
      id: listed?.id,
      provider: "stripe",
      eventId: "evt_1",
      type: "product.created",
      subject: null,
      status: "ignored",
      attempts: 1,
      lastError: null,
      requestId: "trace-me",
      receivedAt: new Date().toISOString(),
      processedAt: new Date().toISOString(),
      payload: body,
    });
    expectError(await asAdmin("GET", `${INBOX}/whe_unknown`), 404, NO_EVENT);
  });
});

describe("Replaying", () => {
  it("every event of a finished order twice changes nothing", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    const before = await everything(at);
    expect(before.order).toMatchObject({ status: "paid" });
    const events = await list("?pageSize=100");
    expect(events.length).toBeGreaterThan(3);
    for (let round = 1; round <= 2; round += 1) {
      const answers = await Promise.all(events.map(({ id }) => replay(id)));
      expect(answers.map(({ status }) => status)).toEqual(events.map(() => 202));
      await settle();
      const after = await list("?pageSize=100");
      expect(after).toEqual(
        events.map((event) => ({
          ...event,
          attempts: event.attempts + round,
          processedAt: expect.any(String),
        })),
      );
      expect(await everything(at)).toEqual(before);
    }
  });

  it("answers the event on its way, and writes down who did it", async () => {
    const id = await storedEvent();
    const { status, body } = await replay(id);
    expect(status).toBe(202);
    expect(body.data).toMatchObject({
      id,
      status: "received",
      attempts: 1,
      receivedAt: new Date().toISOString(),
      processedAt: null,
    });
    await settle();
    expect(await list()).toMatchObject([{ id, status: "ignored", attempts: 2 }]);
    const { data } = (await asAdmin("GET", `/api/v1/audit-log?target=${id}`)).body;
    expect(data).toMatchObject([{ action: "webhook_event.replayed", target: id }]);
  });

  it("with one idempotency key is one replay, however often it is sent", async () => {
    const id = await storedEvent();
    const headers = { "Idempotency-Key": "again" };
    const first = await replay(id, headers);
    await settle();
    const second = await replay(id, headers);
    expect(second.status).toBe(202);
    expect(second.text).toBe(first.text);
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await list()).toMatchObject([{ status: "ignored", attempts: 2 }]);
    expect(
      await rows("SELECT id FROM audit_log WHERE action = 'webhook_event.replayed'"),
    ).toHaveLength(1);
  });

  it("what does not exist is 404, and leaves no line in the audit log", async () => {
    expectError(await replay("whe_unknown"), 404, NO_EVENT);
    expect(await rows("SELECT id FROM audit_log WHERE action = 'webhook_event.replayed'")).toEqual(
      [],
    );
  });

  it("is not lost when the queue never hears of it: the sweep wakes it", async () => {
    const id = await storedEvent();
    await rows(
      "UPDATE webhook_events SET status = 'received', wake_at = ? WHERE id = ?",
      Date.now() + MINUTE_MS,
      id,
    );
    await travel(MINUTE_MS);
    await cron();
    await settle();
    expect(await list()).toMatchObject([{ id, status: "ignored" }]);
  });
});
