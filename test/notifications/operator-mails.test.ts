import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { sell } from "../support/after-sale.ts";
import { disputed } from "../support/disputes.ts";
import { call } from "../support/http.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import { arrive } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { saySettings } from "../support/settings.ts";
import { asHolder, makeSku, reserve, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, hearOfEverything, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();
beforeEach(hearOfEverything);

const OPERATORS = "operators@holdfast.test";
const WITHOUT_OPERATORS = { ...servicesOf(env).config, operatorEmail: undefined };
const MINUTE_MS = 60_000;
const NONE = { paidOrders: false, lowStock: false, attention: false };
const ALL = { paidOrders: true, lowStock: true, attention: true };
const lines = [{ amount: 2500, quantity: 2 }];

const told = (words: RegExp) =>
  mailTo(OPERATORS).then((mails) => mails.filter(({ subject }) => words.test(subject)));
const sales = () => told(/^Order #/);
const lows = () => told(/ runs low: /);
const promises = (topic: string) => rows("SELECT status FROM outbox WHERE topic = ?", topic);

/** Somebody of the staff brings or takes goods. */
const move = (sku: string, quantity: number) =>
  asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
    body: { kind: "adjust", quantity, reason: "Counted" },
  });
const hold = async (sku: string, quantity: number): Promise<string> => {
  const answer = await reserve([{ sku, quantity }]);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.data.id;
};

describe("The operators are told of each paid order", () => {
  it("once, with what was bought, for how much and where to look, however often Stripe says so", async () => {
    const at = await toPaymentPage(9, 2);
    await stripe.control("/webhooks/behaviour", { duplicate: 3, reorder: true });
    await stripe.pay(at.paymentUrl);
    await arrive();
    await travel(60 * MINUTE_MS);
    await Promise.all([cron(), cron("*/5 * * * *")]);
    const [mail, ...others] = await sales();
    expect(others).toEqual([]);
    expect(mail?.subject).toMatch(/^Order #\d+: \$50\.00$/);
    expect(mail?.text).toContain(`2 × Product ${at.sku}, One: $50.00\nTotal: $50.00`);
    expect(mail?.text).toContain("By ada@example.com.");
    expect(mail?.text).toContain(`https://shop.test/orders/${at.orderId}`);
    expect(mail?.text).not.toContain("token=");
  });

  it("and write no promise where they do not want to know, then or later", async () => {
    await saySettings({ operatorMails: { ...ALL, paidOrders: false } });
    await sell(lines);
    expect(await promises("mail.order_paid")).toEqual([]);
    await saySettings({ operatorMails: ALL });
    expect(await sales()).toEqual([]);
    await sell(lines);
    expect(await sales()).toHaveLength(1);
  });

  it("and what was promised is told, whatever they want by then", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl);
    await arrive();
    await saySettings({ operatorMails: NONE });
    expect(await sales()).toHaveLength(1);
  });

  it("and where there are none, nothing is written or waits", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl);
    const nobody = servicesWith({}, { config: WITHOUT_OPERATORS });
    const events = await stripe.take();
    const wake = vi
      .spyOn(env.JOBS, "send")
      .mockResolvedValue({ metadata: { metrics: {} } } as never);
    for (const { body, headers } of events)
      await call("POST", "/webhooks/stripe", { body, headers });
    wake.mockRestore();
    const found = await rows<{ id: string }>("SELECT id FROM webhook_events");
    await deliverBatch(
      JOBS,
      found.map(({ id }) => ({ id, body: { type: "webhook", id, requestId: "r" } })),
      nobody,
    );
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "paid" }]);
    expect(await promises("mail.order_paid")).toEqual([]);
  });
});

describe("The operators are told of what runs low", () => {
  it("once, with what there is, from the hold on that takes it to its threshold", async () => {
    const sku = await makeSku(9);
    await hold(sku, 3);
    expect(await lows()).toEqual([]);
    await hold(sku, 1);
    await hold(sku, 2);
    const [mail, ...others] = await lows();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe(`Product ${sku} · One runs low: 3 left`);
    expect(mail?.text).toContain(`What is available of ${sku} has fallen to 5 or below.`);
    expect(mail?.text).toContain("Available: 3\nOn hand: 9\nReserved by customers: 6");
  });

  it("by the sweep, within a minute", async () => {
    const sku = await makeSku(6);
    await hold(sku, 1);
    expect(await promises("mail.low_stock")).toEqual([{ status: "pending" }]);
    await cron();
    await settle();
    expect(await promises("mail.low_stock")).toEqual([{ status: "done" }]);
    expect(await lows()).toHaveLength(1);
  });

  it("again once it was filled up and falls another time, and not for what holds give back", async () => {
    const sku = await makeSku(6);
    for (let round = 0; round < 3; round += 1) await asHolder("DELETE", await hold(sku, 1));
    await hold(sku, 1);
    expect(await lows()).toHaveLength(1);
    await move(sku, 10);
    await move(sku, -12);
    expect(await lows()).toHaveLength(2);
    await move(sku, -1);
    expect(await lows()).toHaveLength(2);
  });

  it("and hear that there is more again, if there is by then", async () => {
    const sku = await makeSku(9);
    await move(sku, -5);
    await move(sku, 50);
    const [mail] = await lows();
    expect(mail?.subject).toBe(`Product ${sku} · One runs low: 54 left`);
    expect(mail?.text).toContain("There is more again by now.");
  });

  it("of each SKU by itself, of one that is made with little not at all", async () => {
    const [one, two] = [await makeSku(6), await makeSku(6)];
    await makeSku(2);
    await Promise.all([hold(one, 1), hold(two, 1)]);
    expect(await lows()).toHaveLength(2);
  });

  it("and nothing is promised where they do not want to know", async () => {
    await saySettings({ operatorMails: { ...ALL, lowStock: false } });
    await hold(await makeSku(6), 1);
    expect(await promises("mail.low_stock")).toEqual([]);
  });

  it("and where there are none, what a trigger has promised is done", async () => {
    const nobody = servicesWith({}, { config: WITHOUT_OPERATORS });
    const sku = await makeSku(6);
    await hold(sku, 1);
    const [row] = await rows<{ id: string }>(
      "SELECT id FROM outbox WHERE topic = 'mail.low_stock'",
    );
    const body = { type: "outbox", id: row?.id, requestId: "r" };
    await deliverBatch(JOBS, [{ id: "m1", body }], nobody);
    expect(await promises("mail.low_stock")).toEqual([{ status: "done" }]);
    expect(await lows()).toEqual([]);
  });
});

describe("The operators are called to an order that needs a person", () => {
  it("also by a bank, unless they do not want to be", async () => {
    const disputes = () => told(/disputes the payment/);
    await saySettings({ operatorMails: { ...ALL, attention: false } });
    await disputed("opened");
    expect(await disputes()).toEqual([]);
    await saySettings({ operatorMails: { ...NONE, attention: true } });
    await disputed("opened");
    expect(await disputes()).toHaveLength(1);
  });

  it("unless they do not want to be", async () => {
    const mismatch = async () => {
      const at = await toPaymentPage();
      await stripe.pay(at.paymentUrl, { amount: 100 });
      await arrive();
      return told(/is not what it asks for$/);
    };
    await saySettings({ operatorMails: { ...ALL, attention: false } });
    expect(await mismatch()).toEqual([]);
    await saySettings({ operatorMails: { ...NONE, attention: true } });
    expect(await mismatch()).toHaveLength(1);
  });
});
