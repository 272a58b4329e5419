import { describe, expect, it } from "vitest";
import { arrive } from "../support/money-back.ts";
import { asHolder, level, mails, order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BANK = { method: "bank_transfer" };

const holdOf = async (id: string) => (await asHolder("GET", id)).body.data;
const mailsAbout = async (orderId: string) =>
  (await mails()).filter((mail) => mail.html.includes(orderId)).map(({ subject }) => subject);

describe("A card payment", () => {
  it("that is declined leaves everything as it was; the next card buys", async () => {
    const at = await toPaymentPage(5, 2);
    await stripe.decline(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "pending_payment", paymentStatus: "unpaid" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 2 });
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await level(at.sku)).toMatchObject({ onHand: 3, reserved: 0 });
    expect(await mailsAbout(at.orderId)).toHaveLength(1);
  });

  it("leaves the address that the checkout had, whatever the payment page was told", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, { email: "grace@example.com" });
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", email: "ada@example.com" });
  });

  it("takes the address from the payment page when the checkout had none", async () => {
    const at = await toPaymentPage(5);
    await rows("UPDATE orders SET email = NULL");
    await stripe.pay(at.paymentUrl, { email: "grace@example.com" });
    await arrive();
    expect((await order(at)).email).toBe("grace@example.com");
    const [mail] = (await mails()).filter(({ html }) => html.includes(at.orderId));
    expect(mail?.to).toEqual(["grace@example.com"]);
  });
});

describe("The address that a payment page has asked for", () => {
  it("is the order's in small letters", async () => {
    const at = await toPaymentPage(5);
    await rows("UPDATE orders SET email = NULL");
    await stripe.pay(at.paymentUrl, { email: "Grace@Example.com" });
    await arrive();
    expect((await order(at)).email).toBe("grace@example.com");
  });
});

describe("A bank transfer", () => {
  it("holds the stock beyond the 15 minutes, and the hold says so", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, BANK);
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "pending_payment",
      paymentStatus: "processing",
      payments: [{ status: "processing" }],
    });
    const hold = await holdOf(at.reservationId);
    expect(hold).toMatchObject({
      status: "held",
      expiresAt: new Date(Date.now() + 14 * DAY_MS).toISOString(),
    });
    await travel(5 * DAY_MS);
    await cron();
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 1 });
    expect(await mailsAbout(at.orderId)).toEqual([]);
  });

  it("that arrives after days is a sale with one receipt", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, BANK);
    await arrive();
    await travel(4 * DAY_MS);
    await cron();
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    expect(await mailsAbout(at.orderId)).toHaveLength(1);
  });

  it("that fails after days gives the stock back", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, BANK);
    await arrive();
    await travel(4 * DAY_MS);
    await stripe.settle(payment_intent, "failed");
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "canceled",
      paymentStatus: "failed",
      payments: [{ status: "failed" }],
    });
    expect(await holdOf(at.reservationId)).toMatchObject({ status: "released" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
  });

  it("whose bank never answers holds the stock for 14 days and no longer", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, BANK);
    await arrive();
    await travel(14 * DAY_MS - 1);
    await cron();
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
    await travel(1);
    await cron();
    expect(await order(at)).toMatchObject({ status: "expired", paymentStatus: "processing" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
  });

  it.each([
    ["succeeded", { status: "paid", paymentStatus: "paid" }, 4],
    ["failed", { status: "expired", paymentStatus: "failed" }, 5],
  ] as const)("whose bank answers after that is late money: %s", async (outcome, end, left) => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, BANK);
    await arrive();
    await travel(14 * DAY_MS);
    await cron();
    await stripe.settle(payment_intent, outcome);
    await arrive();
    expect(await order(at)).toMatchObject({ ...end, payments: [{ status: outcome }] });
    expect(await level(at.sku)).toMatchObject({ onHand: left, reserved: 0 });
  });
});

describe("The state of a payment page", () => {
  it("decides, read afresh; the bug: `completed` taken for paid when `payment_status` is `unpaid`", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, BANK);
    const events = (await deliverAll()).map(({ type }) => type);
    expect(events).toContain("checkout.session.completed");
    await settle();
    expect((await order(at)).status).toBe("pending_payment");
    expect(await sessions()).toMatchObject([{ status: "complete" }]);
  });
});
