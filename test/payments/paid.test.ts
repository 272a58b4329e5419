import { describe, expect, it } from "vitest";
import { mailsAbout } from "../support/after-sale.ts";
import {
  arrive,
  dispute,
  type Paid,
  payUnheard,
  refundInDashboard,
} from "../support/money-back.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { deliver, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;

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
    expect(await mailsAbout(at, /receipt/)).toHaveLength(1);
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
      expect(await mailsAbout(at, /./)).toHaveLength(1);
    }
  });
});
