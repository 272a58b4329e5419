import { describe, expect, it } from "vitest";
import { cancel, fulfill, mailsAbout, refund, sell } from "../support/after-sale.ts";
import { makeDiscount } from "../support/discounts.ts";
import { call } from "../support/http.ts";
import { arrive, refundsAtStripe } from "../support/money-back.ts";
import { orderWords } from "../support/page-words.ts";
import { checkOut, makeSku } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

type At = { readonly orderId: string; readonly orderToken: string };

async function free({ requiresShipping = true, quantity = 2 } = {}) {
  const { code } = await makeDiscount({ kind: "percentage", percentOff: 100 });
  const price = { amount: 2500, currency: "USD" };
  const sku = await makeSku(5, price, { requiresShipping });
  const { body } = await checkOut({ items: [{ sku, quantity }], discountCode: code });
  await settle();
  return { sku, ...(body.data as At) };
}

async function expectStill({ orderId, orderToken }: At) {
  const { text } = await call("GET", `/orders/${orderId}?token=${orderToken}`);
  expect(text).not.toContain('http-equiv="refresh"');
  expect(text).not.toContain("data-poll");
}

const UNTRUE = [
  "payment has arrived",
  "Your payment arrived",
  "your bank",
  "5 to 10 days",
  "$0.00 s",
];

async function wordsOf(at: At, ...untrue: string[]) {
  const words = await orderWords(at);
  for (const one of untrue) expect(words).not.toContain(one);
  return words;
}

describe("The page of a free order", () => {
  it("says that there was nothing to pay", async () => {
    const at = await free();
    const words = await wordsOf(at, ...UNTRUE);
    expect(words).toContain("There was nothing to pay, and the receipt goes to ada@example.com.");
    expect(words).toContain("Payment Nothing to pay");
    expect(words).toContain("We pack it next");
    const [receipt] = await mailsAbout(at, /receipt/);
    expect(receipt?.text).not.toContain("is paid");
  });

  it("says so when staff cancel it, returns nothing, and does not load again for ever", async () => {
    const at = await free();
    await cancel(at);
    const words = await wordsOf(at, ...UNTRUE, "returning", "Being returned");
    expect(words).toContain("This order was canceled There was nothing to pay for it.");
    expect(words).toContain("Payment Nothing to pay");
    await expectStill(at);
    const [mail] = await mailsAbout(at, /canceled/);
    expect(mail?.text).toContain("There was nothing to pay for it.");
    expect(mail?.text).not.toContain("on its way back");
  });

  it("says that nothing is left once all was taken out", async () => {
    const at = await free();
    await refund(at);
    const words = await wordsOf(at, ...UNTRUE, "We pack it next", "Not sent yet", "Money back");
    expect(words).toContain("Nothing is left of this order");
    expect(words).toContain("Delivery Nothing will be sent");
    expect(words).toContain("Taken out of the order 2 × ");
    await expectStill(at);
  });
});

describe("The page of a paid order", () => {
  it("has nothing to send once all of its units were taken out", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    await refund(at, { items: [{ sku: at.skus[0], quantity: 2, restock: "cancel" }] });
    await settle();
    const words = await wordsOf(at, "We pack it next", "Not sent yet");
    expect(words).toContain("Delivery Nothing will be sent");
  });

  it("says what was sent and what was not when a part was taken out", async () => {
    const at = await free();
    await fulfill(at, { items: [{ sku: at.sku, quantity: 1 }] });
    await refund(at, { items: [{ sku: at.sku, quantity: 1, restock: "cancel" }] });
    const words = await wordsOf(at, "Everything in this order has been sent.");
    expect(words).toContain("What was not taken out of this order has been sent.");
    expect(words).toContain("Delivery Sent, without what was taken out");
    expect(words).toContain("Taken out of the order 1 × ");
  });

  it("counts as the shop does when money for one unit has failed and money for another has not", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    const [sku] = at.skus;
    await fulfill(at, { items: [{ sku, quantity: 1 }] });
    const money = () => refund(at, { items: [{ sku, quantity: 1, restock: "none" }] });
    const { id } = (await money()).body.data;
    await money();
    await settle();
    const unsent = (await refundsAtStripe()).find(({ metadata }) => metadata["refundId"] === id);
    await stripe.control(`/refunds/${unsent?.id}/fail`, {});
    await arrive();
    await wordsOf(at, "Taken out of the order");
    expect((await fulfill(at)).body.data.items).toEqual([{ sku, quantity: 1 }]);
  });

  it("counts what was sent and came back as sent", async () => {
    const at = await free();
    await fulfill(at);
    await refund(at, { items: [{ sku: at.sku, quantity: 1, restock: "return" }] });
    const words = await wordsOf(at, "Taken out of the order");
    expect(words).toContain("Everything in this order has been sent.");
  });
});

describe("An order in which nothing needs a parcel", () => {
  it("is ready once it is fulfilled, and neither its page nor its mail promises a parcel", async () => {
    const at = await free({ requiresShipping: false });
    await fulfill(at);
    const words = await wordsOf(at, "on its way", "sent to you", "Sent to you", "has been sent");
    expect(words).toContain("It is ready for you");
    expect(words).toContain("Delivery Ready for you");
    const [mail, ...more] = await mailsAbout(at, /ready for you/);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("This is ready for you, and needs no parcel.");
    expect(mail?.text).not.toMatch(/on its way|sent this/);
    expect(await mailsAbout(at, /on its way/)).toEqual([]);
  });

  it("is ready in part", async () => {
    const at = await free({ requiresShipping: false });
    await fulfill(at, { items: [{ sku: at.sku, quantity: 1 }] });
    const words = await wordsOf(at, "on its way", "Partly sent");
    expect(words).toContain("Part of it is ready for you");
    expect(words).toContain("Delivery Partly ready for you");
  });
});
