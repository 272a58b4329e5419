import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createMailer } from "../../src/notifications/index.ts";
import { deadQueue } from "../support/faults.ts";
import { call } from "../support/http.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { asAdmin, theAdmin } from "../support/people.ts";
import { resendAnswers } from "../support/resend.ts";
import { shopOver } from "../support/rig.ts";
import { type Bought, checkOut, level, mails, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();
beforeEach(async () => {
  await theAdmin(); // whose own mail is sent before Resend misbehaves
  await settle();
});

const MINUTE_MS = 60_000;
const promised = () =>
  rows(
    "SELECT topic, status, attempts, last_error FROM outbox WHERE topic <> 'mail.verify_email' AND topic NOT GLOB 'search.*'",
  );
const receiptsOf = async ({ orderId }: Pick<Bought, "orderId">) =>
  (await mails()).filter(({ html }) => html.includes(orderId));
async function buy(stock = 5): Promise<Bought> {
  const at = await toPaymentPage(stock);
  await stripe.pay(at.paymentUrl);
  await deliverAll();
  await settle();
  return at;
}

describe("A receipt", () => {
  it("is sent exactly once, however often anything is delivered again", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
    const events = await stripe.take();
    const again = () =>
      Promise.all(
        events.map(({ body, headers }) => call("POST", "/webhooks/stripe", { body, headers })),
      );
    await again();
    await settle();
    await Promise.all([again(), again(), cron(), cron()]);
    const jobs = await rows<{ type: string; id: string; requestId: string }>(
      "SELECT 'webhook' AS type, id, 'r' AS requestId FROM webhook_events UNION ALL SELECT 'outbox', id, 'r' FROM outbox WHERE topic <> 'mail.verify_email'",
    );
    for (let round = 0; round < 3; round += 1)
      await deliverBatch(
        JOBS,
        jobs.map((body, i) => ({ id: `m${i}`, body })),
      );
    await travel(60 * MINUTE_MS);
    await Promise.all([cron(), cron()]);
    await settle();
    expect(await receiptsOf(at)).toHaveLength(1);
  });

  it("sent by two at the same moment is one mail, because the row's id is Resend's key", async () => {
    const asked = resendAnswers(undefined);
    const at = await buy();
    const [row] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'mail.receipt'");
    await rows(
      "UPDATE outbox SET status = 'pending', wake_at = 1, done_at = NULL WHERE id = ?",
      row?.id,
    );
    const body = { type: "outbox", id: row?.id, requestId: "r" };
    await deliverBatch(JOBS, [
      { id: "m1", body },
      { id: "m2", body },
    ]);
    expect(asked.map(({ idempotencyKey }) => idempotencyKey)).toEqual([row?.id, row?.id, row?.id]);
    expect(new Set(asked.map(({ body: mail }) => JSON.stringify(mail))).size).toBe(1);
    expect(await receiptsOf(at)).toHaveLength(1);
  });

  it("says what was bought and for how much, and links to the order with a token that works", async () => {
    const title = `Tom & Jerry's <b>"Mug"</b> ${crypto.randomUUID()}`;
    const sku = `MUG-${crypto.randomUUID()}`;
    const price = { amount: 123_456, currency: "EUR" };
    await asAdmin("POST", "/api/v1/products", {
      body: { title, variants: [{ sku, title: "<i>Large</i>", price, initialStock: 3 }] },
    });
    const { body } = await checkOut({ items: [{ sku, quantity: 2 }] });
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    const [mail] = await receiptsOf(body.data);
    expect(mail).toMatchObject({
      to: ["ada@example.com"],
      subject: `Your receipt for order #${body.data.orderNumber}`,
    });
    expect(mail?.html).not.toMatch(/<b>|<i>Large/);
    expect(mail?.html).toContain("Tom &amp; Jerry&#39;s &lt;b&gt;&quot;Mug&quot;&lt;/b&gt;");
    expect(mail?.html).toContain("€2,469.12");
    expect(mail?.text).toContain(`2 × ${title}, <i>Large</i>: €2,469.12`);
    expect(mail?.text).toContain("Total: €2,469.12");
    const link = /https:\/\/shop\.test\/orders\/(ord_\w+)\?token=(ot_[\w-]+)/.exec(
      mail?.text ?? "",
    );
    expect(mail?.html).toContain(link?.[0]);
    const read = await call("GET", `/api/v1/orders/${link?.[1]}`, {
      headers: { "X-Order-Token": link?.[2] ?? "" },
    });
    expect(read.body.data.id).toBe(body.data.orderId);
  });
});

describe("A mail about an order without an address", () => {
  it("is dead at once", async () => {
    await buy();
    await rows("UPDATE orders SET email = NULL");
    await rows("DELETE FROM customers"); // whose it is no more
    await rows(
      "UPDATE outbox SET status = 'pending', wake_at = 1, done_at = NULL WHERE topic = 'mail.receipt'",
    );
    await cron();
    await settle();
    expect(await promised()).toMatchObject([{ topic: "mail.receipt", status: "dead" }]);
  });
});

describe("A mail that Resend does not take", () => {
  it.each([
    { status: 500, name: "internal_server_error" },
    { status: 500, name: "application_error" },
    { status: 429, name: "rate_limit_exceeded" },
    { status: 429, name: "daily_quota_exceeded" },
    { status: 401, name: "missing_api_key" },
    { status: 409, name: "concurrent_idempotent_requests" },
  ])("for now ($status $name) is tried again until it is sent", async (problem) => {
    const asked = resendAnswers(problem, problem, undefined);
    const at = await buy();
    expect((await order(at)).status).toBe("paid");
    expect(await promised()).toMatchObject([
      { status: "pending", last_error: expect.stringContaining(problem.name) },
    ]);
    for (let round = 0; round < 2; round += 1) {
      await travel(30 * MINUTE_MS);
      await cron();
      await expect.poll(() => asked.length).toBeGreaterThan(round + 1);
    }
    await expect.poll(async () => (await promised())[0]?.["status"]).toBe("done");
    expect(await receiptsOf(at)).toHaveLength(1);
    expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it.each([
    { status: 422, name: "validation_error" },
    { status: 422, name: "invalid_from_address" },
    { status: 409, name: "invalid_idempotent_request" },
  ])(
    "for good ($status $name) is dead at once, and the purchase is not touched",
    async (problem) => {
      const asked = resendAnswers(problem);
      const at = await buy();
      await travel(60 * MINUTE_MS);
      await cron();
      await settle();
      expect(await promised()).toEqual([
        {
          topic: "mail.receipt",
          status: "dead",
          attempts: 0,
          last_error: expect.stringContaining(problem.name),
        },
      ]);
      expect(asked).toHaveLength(1);
      expect(await order(at)).toMatchObject({ status: "paid", attention: null });
      expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    },
  );
});

describe("A Resend that never answers", () => {
  it("is not waited for longer than a moment, and the mail is tried again", async () => {
    const never = vi.spyOn(globalThis, "fetch").mockReturnValue(new Promise(() => undefined));
    onTestFinished(() => never.mockRestore());
    const config = { apiKey: "re_test", from: "shop@example.com", apiUrl: "http://resend.test" };
    const mailer = createMailer(config, { timeoutMs: 20 });
    const mail = { to: "ada@example.com", subject: "Hello", html: "", text: "" };
    await expect(mailer(mail, "key")).rejects.toThrow("Resend did not answer in time.");
    expect(never).toHaveBeenCalledOnce();
  });
});

describe("Without a key to Resend", () => {
  it("nothing is sent and nothing breaks", async () => {
    const asked = resendAnswers(undefined);
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const without = { RESEND_API_KEY: "" };
    const services = servicesWith({ JOBS: deadQueue, ...without });
    const rig = shopOver(env.DB, { now: () => Date.now(), bindings: services.bindings });
    for (const delivery of await stripe.take())
      await rig.call("POST", "/webhooks/stripe", delivery);
    for (const [type, table] of [
      ["webhook", "webhook_events"],
      ["outbox", "outbox"],
    ]) {
      const jobs = await rows<{ id: string }>(`SELECT id FROM ${table}`);
      const messages = jobs.map(({ id }) => ({ id, body: { type, id, requestId: "r" } }));
      const { acked } = await deliverBatch(JOBS, messages, services);
      expect(acked).toHaveLength(jobs.length);
      expect(jobs.length).toBeGreaterThan(0);
    }
    expect(asked).toEqual([]);
    expect(await promised()).toMatchObject([{ topic: "mail.receipt", status: "done" }]);
    expect((await order(at)).status).toBe("paid");
  });
});
