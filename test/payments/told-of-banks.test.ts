import { describe, expect, it } from "vitest";
import { cancel, cancelAsGuest } from "../support/after-sale.ts";
import { mailTo } from "../support/mailbox.ts";
import { arrive, handToBank } from "../support/money-back.ts";
import { asHolder, type Bought, order, toPaymentPage } from "../support/shop.ts";
import { deliver, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FAILED = /^The payment for order #\d+ failed$/;
const LATE = /^The payment for order #\d+ did not arrive in time$/;

/** What the buyer of this order was told, oldest first. */
const toldTo = async ({ orderId }: Bought, address = "ada@example.com") =>
  (await mailTo(address)).filter(({ html }) => html.includes(orderId));
describe("A customer whose bank does not pay", () => {
  it("is told once, however often and by whomever it is noticed", async () => {
    const at = await handToBank();
    await travel(4 * DAY_MS);
    await stripe.settle(at.payment, "failed");
    await stripe.control("/webhooks/behaviour", { duplicate: 2 });
    await Promise.all([arrive(), cron(), cron("*/5 * * * *")]);
    const [mail, ...more] = await toldTo(at);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(FAILED);
    expect(mail?.text).toContain("Your bank did not make the payment. Nothing was charged");
    expect(mail?.text).toContain("order again");
    expect(mail?.link.pathname).toBe(`/orders/${at.orderId}`);
  });

  it("is told when that is the first word of it, at the address that the page has asked for", async () => {
    const at = await toPaymentPage(5);
    await rows("UPDATE orders SET email = NULL");
    const how = { method: "bank_transfer", email: "grace@example.com" };
    const { payment_intent } = await stripe.pay(at.paymentUrl, how);
    await stripe.take(); // lost
    await stripe.settle(payment_intent, "failed");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "canceled", email: "grace@example.com" });
    const told = await toldTo(at, "grace@example.com");
    expect(told.map(({ subject }) => subject)).toEqual([expect.stringMatching(FAILED)]);
  });

  it("is told when the 14 days are over, and of nothing more when it says no after that", async () => {
    const at = await handToBank();
    await travel(14 * DAY_MS);
    await Promise.all([cron(), cron()]);
    const [mail, ...more] = await toldTo(at);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(LATE);
    expect(mail?.text).toContain("If the money still comes");
    await stripe.settle(at.payment, "failed");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "expired", paymentStatus: "failed" });
    expect(await toldTo(at)).toHaveLength(1);
  });

  it("is told of that at the address that the page has asked for", async () => {
    const at = await toPaymentPage(5);
    await rows("UPDATE orders SET email = NULL");
    await stripe.pay(at.paymentUrl, { method: "bank_transfer", email: "grace@example.com" });
    await arrive();
    expect(await order(at)).toMatchObject({
      paymentStatus: "processing",
      email: "grace@example.com",
    });
    await travel(14 * DAY_MS);
    await cron();
    const told = await toldTo(at, "grace@example.com");
    expect(told.map(({ subject }) => subject)).toEqual([expect.stringMatching(LATE)]);
  });

  it("is told of the money too when it comes after all", async () => {
    const at = await handToBank();
    await travel(14 * DAY_MS);
    await cron();
    await stripe.settle(at.payment, "succeeded");
    await arrive();
    expect((await toldTo(at)).map(({ subject }) => subject).sort()).toEqual([
      expect.stringMatching(LATE),
      expect.stringMatching(/^Your receipt/),
    ]);
  });

  it("is told that nothing was charged when they had canceled while it was at work", async () => {
    const at = await handToBank();
    await cancelAsGuest(at);
    expect(await toldTo(at)).toEqual([]);
    await stripe.settle(at.payment, "failed");
    await arrive();
    const [mail, ...more] = await toldTo(at);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(FAILED);
    expect(mail?.text).toContain("The order is over, and nothing was charged.");
    expect(mail?.text).not.toContain("order again");
  });

  it.each([
    ["their own cancellation", cancelAsGuest, FAILED],
    ["giving back the hold", (at: Bought) => asHolder("DELETE", at.reservationId), FAILED],
    ["a cancellation by the shop", (at: Bought) => cancel(at), /^Order #\d+ was canceled$/],
  ])("is told by one mail when %s finds that out", async (_, end, subject) => {
    const at = await handToBank();
    await stripe.settle(at.payment, "failed");
    expect((await end(at)).status).toBeLessThan(300);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "failed" });
    expect((await toldTo(at)).map((mail) => mail.subject)).toEqual([
      expect.stringMatching(subject),
    ]);
  });
});

describe("A customer who has left nothing to a bank", () => {
  it("is told nothing when a card is declined, and nothing when the hold ends", async () => {
    const at = await toPaymentPage(5);
    await stripe.decline(at.paymentUrl);
    for (const delivery of await stripe.take()) await deliver(delivery);
    await settle();
    await travel(15 * MINUTE_MS);
    await cron();
    await arrive();
    expect(await order(at)).toMatchObject({ status: "expired", paymentStatus: "unpaid" });
    expect(await toldTo(at)).toEqual([]);
  });
});
