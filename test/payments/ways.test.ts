import { describe, expect, it } from "vitest";
import {
  arrive,
  dispute,
  type Paid,
  payUnheard,
  refundInDashboard,
} from "../support/money-back.ts";
import { asHolder, level, mails, order, toPaymentPage } from "../support/shop.ts";
import { deliver, deliverAll, sessions, stripe } from "../support/stripe.ts";
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

/** One step at Stripe, then every webhook of it. */
type Step = (at: Paid) => Promise<unknown>;
const disputeIs =
  (status: string): Step =>
  (at) =>
    dispute(at, status).then(arrive);
const refund =
  (amount?: number): Step =>
  (at) =>
    refundInDashboard(at, amount).then(arrive);
/** Stripe's webhooks about the payment itself are lost. */
const loseCompleted: Step = () => stripe.take();
/** Only the webhooks of what happens next come; the payment's own comes after them. */
const disputeFirst: Step = async (at) => {
  await dispute(at, "opened");
  const isDispute = ({ type }: { type: string }) => type.startsWith("charge.dispute");
  const deliveries = await stripe.take();
  for (const one of deliveries.filter(isDispute)) await deliver(one);
  await settle();
  for (const one of deliveries) await deliver(one);
  await settle();
};
const heard: Step = arrive;

describe("A payment that was made", () => {
  it.each<[string, Step[], { paymentStatus: string; refunded: number; attention: string | null }]>([
    [
      "disputed",
      [heard, disputeIs("opened")],
      { paymentStatus: "disputed", refunded: 0, attention: "dispute" },
    ],
    [
      "asked about by a bank",
      [heard, disputeIs("warning_needs_response")],
      { paymentStatus: "disputed", refunded: 0, attention: "dispute" },
    ],
    [
      "disputed and won",
      [heard, disputeIs("opened"), disputeIs("won")],
      { paymentStatus: "paid", refunded: 0, attention: null },
    ],
    [
      "disputed and lost",
      [heard, disputeIs("opened"), disputeIs("lost")],
      { paymentStatus: "refunded", refunded: 2500, attention: "dispute_lost" },
    ],
    [
      "partly refunded, then disputed",
      [heard, refund(900), disputeIs("opened")],
      { paymentStatus: "disputed", refunded: 900, attention: "dispute" },
    ],
    [
      "partly refunded, then disputed and won",
      [heard, refund(900), disputeIs("opened"), disputeIs("won")],
      { paymentStatus: "partially_refunded", refunded: 900, attention: null },
    ],
    [
      "partly refunded, then disputed and lost",
      [heard, refund(900), disputeIs("opened"), disputeIs("lost")],
      { paymentStatus: "refunded", refunded: 2500, attention: "dispute_lost" },
    ],
    [
      "disputed and won, then refunded",
      [heard, disputeIs("opened"), disputeIs("won"), refund()],
      { paymentStatus: "refunded", refunded: 2500, attention: null },
    ],
    [
      "refunded whole in Stripe's dashboard",
      [heard, refund()],
      { paymentStatus: "refunded", refunded: 2500, attention: null },
    ],
    [
      "refunded partly there",
      [heard, refund(900)],
      { paymentStatus: "partially_refunded", refunded: 900, attention: null },
    ],
    [
      "refunded partly there, twice",
      [heard, refund(900), refund(1600)],
      { paymentStatus: "refunded", refunded: 2500, attention: null },
    ],
    [
      "refunded there, its own webhook lost",
      [loseCompleted, refund(900)],
      { paymentStatus: "partially_refunded", refunded: 900, attention: null },
    ],
    [
      "disputed before the shop heard of it",
      [disputeFirst],
      { paymentStatus: "disputed", refunded: 0, attention: "dispute" },
    ],
  ])("and is %s ends so, with the order paid and the stock sold", async (_, steps, end) => {
    const at = await payUnheard(5);
    for (const step of steps) await step(at);
    const { status, paymentStatus, refunded, attention } = await order(at);
    expect(status).toBe("paid");
    expect({
      paymentStatus,
      refunded: refunded.amount,
      attention: attention?.reason ?? null,
    }).toEqual(end);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    const receipts = (await mailsAbout(at.orderId)).filter((one) => one.includes("receipt"));
    expect(receipts).toHaveLength(1);
  });
});

describe("A webhook and the sweep", () => {
  it("racing for one payment make one sale, round after round", async () => {
    for (let round = 0; round < 12; round += 1) {
      const at = await toPaymentPage(3);
      await travel(15 * MINUTE_MS - 1);
      await stripe.pay(at.paymentUrl);
      await travel(1);
      await Promise.all([arrive(), cron(), cron()]);
      await settle();
      expect(await order(at)).toMatchObject({ status: "paid", attention: null });
      expect(await level(at.sku)).toMatchObject({ onHand: 2, reserved: 0 });
      expect(
        await rows(
          "SELECT seq, type FROM order_events WHERE order_id = ? ORDER BY seq",
          at.orderId,
        ),
      ).toEqual([
        { seq: 1, type: "order.created" },
        { seq: 2, type: "order.paid" },
      ]);
      expect(await mailsAbout(at.orderId)).toHaveLength(1);
    }
  });
});
