import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Services, servicesOf } from "../../src/services.ts";
import { cancel, refund } from "../support/after-sale.ts";
import { disputed } from "../support/disputes.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
import { call } from "../support/http.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { arrive, buy, dispute, handToBank } from "../support/money-back.ts";
import { browserOf, holdWords } from "../support/page-words.ts";
import { asHolder, type Bought, makeSku, order, reserve, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FALSE_HERE = [
  "This one is yours",
  "It has been paid for",
  "You have given it back",
  "Your payment came too late",
];

/** The page says this, leads to the order, and none of what is true of other holds. */
async function expectWords(at: Bought, ...said: readonly string[]): Promise<void> {
  const words = await holdWords(at);
  for (const one of said) expect(words).toContain(one);
  for (const one of FALSE_HERE) expect(words).not.toContain(one);
  expect(words).toContain("See your order");
}

describe("The page of a hold whose order was canceled", () => {
  it("does not call it bought after staff canceled the paid order, and says where the money is", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await buy();
    expect(await holdWords(at)).toContain("This one is yours");
    await cancel(at);
    await settle();
    await expectWords(
      at,
      "This order was canceled",
      "We are returning all that you have paid for it.",
    );
    const [made] = (await order(at)).refunds;
    expect(made.status).toBe("pending");
  });

  it("says how much went back once it has", async () => {
    const at = await buy();
    await cancel(at);
    await settle();
    await expectWords(at, "Your money is on its way back", "We have sent $25.00 back to you.");
  });

  it("does not say that its holder gave it back when the shop canceled the unpaid order", async () => {
    const at = await toPaymentPage();
    await cancel(at);
    await expectWords(at, "This order was canceled", "Nothing was charged");
  });

  it("says that the bank declined when it did", async () => {
    const at = await handToBank();
    await stripe.settle(at.payment, "failed");
    await arrive();
    await expectWords(at, "Your bank has declined the payment", "Nothing was charged");
  });

  it("promises nothing of money that a bank has yet to send when the customer canceled meanwhile", async () => {
    const at = await handToBank();
    const canceled = await call("POST", `/api/v1/orders/${at.orderId}/cancel`, {
      headers: { "X-Order-Token": at.orderToken },
    });
    expect(canceled.status).toBe(200);
    await expectWords(
      at,
      "This order was canceled",
      "Your bank is still working on your payment: if it arrives, all of it goes back to you.",
    );
  });

  it("tells of a payment of another amount what the order tells", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl, { amount: 1900 });
    await arrive();
    await expectWords(
      at,
      "This order was canceled",
      "We are returning all that you have paid for it.",
    );
  });

  it("leads to the order, and to the goods", async () => {
    const at = await toPaymentPage();
    await asHolder("DELETE", at.reservationId);
    const { text } = await call("GET", `/reservations/${at.reservationId}`, {
      headers: await browserOf(at.reservationId),
    });
    expect(text).toContain("This order was canceled");
    expect(text).toContain(`href="/reservations/${at.reservationId}/order"`);
    expect(text).toMatch(/href="\/products\/[^"]+">Look again/);
  });
});

/** Stripe says that a page is closed, and takes money there all the same. */
function closesNothing(): Partial<Services> {
  const { payments } = servicesOf(env);
  const closeSession = async (id: string) => ({
    ...(await payments.readSession(id)),
    state: "expired" as const,
  });
  return { payments: { ...payments, closeSession } };
}

describe("The page of a hold whose order was not paid in time", () => {
  it("says so, and that nothing was charged", async () => {
    const at = await toPaymentPage();
    await travel(15 * MINUTE_MS);
    await cron();
    await expectWords(at, "This order was not paid in time", "Nothing was charged");
  });

  it("does not say that money came when the bank's 14 days are over without any", async () => {
    const at = await handToBank();
    await travel(14 * DAY_MS);
    await cron();
    await expectWords(
      at,
      "This order was not paid in time",
      "Your payment has not arrived, and what you chose is back on the shelf.",
    );
  });

  it("says what happens to money that came too late for the stock", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await toPaymentPage(1);
    await travel(15 * MINUTE_MS);
    await cronOver(servicesWith({}, closesNothing()));
    const rival = await reserve([{ sku: at.sku, quantity: 1 }]);
    expect(rival.status).toBe(201);
    await stripe.pay(at.paymentUrl);
    await arrive();
    await expectWords(
      at,
      "Your payment is being returned",
      "It reached us after the time for it had ended",
    );
  });

  it("is that of a purchase when late money found its stock again", async () => {
    const at = await toPaymentPage(1);
    await travel(15 * MINUTE_MS);
    await cronOver(servicesWith({}, closesNothing()));
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await holdWords(at)).toContain("This one is yours");
  });

  it("does not ask for the payment in the minute before the page at Stripe is closed, by the hold, the order or the form", async () => {
    const at = await toPaymentPage();
    const order = `/orders/${at.orderId}?token=${at.orderToken}`;
    expect(await holdWords(at)).toContain("One step left: your payment");
    expect((await call("GET", order)).text).toContain("Continue to the payment");
    await travel(15 * MINUTE_MS);
    const words = await holdWords(at);
    expect(words).toContain("The 15 minutes are over");
    expect(words).toContain("We are closing the payment page.");
    for (const untrue of ["One step left", "Nobody else can buy it", "Continue", "Release it"])
      expect(words).not.toContain(untrue);
    expect((await call("GET", order)).text).not.toContain("Continue to the payment");
    const late = await sendForm(
      `/reservations/${at.reservationId}/checkout`,
      {},
      await browserOf(at.reservationId),
    );
    expect(late.headers.get("Location")).not.toBe(at.paymentUrl);
    await cron();
    expect(await holdWords(at)).toContain("This order was not paid in time");
  });

  it("refuses a form that comes after the end, and says so", async () => {
    const at = await toPaymentPage();
    await travel(15 * MINUTE_MS);
    await cron();
    const late = await sendWrongForm(
      `/reservations/${at.reservationId}/checkout`,
      { email: "ada@example.com" },
      { headers: await browserOf(at.reservationId) },
    );
    expect(late.text).toContain("The reservation has ended already.");
    expect(late.text).toContain("This order was not paid in time");
  });
});

describe("The page of a hold whose order is paid", () => {
  it("says so, also after a part of the money went back", async () => {
    const at = await buy();
    await refund(at, { amount: { amount: 700, currency: "USD" } });
    await settle();
    expect(await holdWords(at)).toContain("This one is yours");
  });

  it("does not call it the customer's own after all of the money went back", async () => {
    const at = await buy();
    await refund(at);
    await settle();
    await expectWords(at, "Your money is on its way back", "We have sent $25.00 back to you.");
  });

  it("says that a bank looks into the payment, and then what it decided", async () => {
    const at = await disputed("opened");
    await expectWords(at, "Your bank is looking into this payment");
    await dispute(at, "lost");
    await arrive();
    await expectWords(at, "Your bank took the payment back", "It took $25.00 back from us.");
  });
});

describe("The page of a hold without an order", () => {
  it("says that its holder gave it back", async () => {
    const { body } = await reserve([{ sku: await makeSku(1), quantity: 1 }]);
    const at = { reservationId: body.data.id };
    expect(await holdWords(at)).toContain("It is yours for now");
    await asHolder("DELETE", at.reservationId);
    expect(await holdWords(at)).toContain("You have given it back");
  });

  it("says that its 15 minutes are over", async () => {
    const { body } = await reserve([{ sku: await makeSku(1), quantity: 1 }]);
    await travel(15 * MINUTE_MS);
    const at = { reservationId: body.data.id };
    expect(await holdWords(at)).toContain("The 15 minutes are over");
    await cron();
    expect(await holdWords(at)).toContain("The 15 minutes are over");
  });
});
