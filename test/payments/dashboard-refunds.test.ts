import { describe, expect, it } from "vitest";
import { DEAD_JOBS, deliverBatch } from "../support/jobs.ts";
import {
  arrive,
  buy,
  dispute,
  history,
  later,
  type Paid,
  payUnheard,
  refundInDashboard,
} from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, level, makeSku, order } from "../support/shop.ts";
import { askStripe, deliver, stripe } from "../support/stripe.ts";
import { cron, PATIENT, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;

const standing = async (at: Pick<Paid, "orderId" | "orderToken">) => {
  const { paymentStatus, attention, refunded } = await order(at);
  return { paymentStatus, attention: attention?.reason ?? null, refunded: refunded.amount };
};
const bookedRefunds = () =>
  rows("SELECT source, status, amount, reason FROM refunds ORDER BY rowid");
const refundsAtStripe = async () =>
  (await askStripe<{ data: { id: string; amount: number }[] }>("/refunds")).data;

/** A refund that the shop makes. */
async function refundInShop({ orderId }: Paid, amount: number): Promise<void> {
  const answer = await asAdmin("POST", `/api/v1/orders/${orderId}/refunds`, {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: { amount },
  });
  expect(answer.status).toBe(201);
  await settle();
}

/** What somebody with a key to the same Stripe account may do. */
async function refundByHand(payment: string, params: Record<string, string>): Promise<void> {
  const response = await fetch("http://stripe.test/v1/refunds", {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_holdfast" },
    body: new URLSearchParams({ payment_intent: payment, ...params }),
  });
  expect(response.status).toBe(200);
}

/** Stripe takes no refund of the shop's for now. */
const closeStripe = (times = 1000) =>
  stripe.misbehave({ method: "POST", path: "/v1/refunds", kind: "rate_limit_429", times });

describe("A refund made in Stripe's dashboard", PATIENT, () => {
  it("of the whole payment is the order's refund, with its history", async () => {
    const at = await buy();
    await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toEqual({
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect((await order(at)).status).toBe("paid");
    expect(await bookedRefunds()).toEqual([
      { source: "stripe", status: "succeeded", amount: 2500, reason: "stripe_dashboard" },
    ]);
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "refund.succeeded by stripe",
    ]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4 });
  });

  it("of parts, one after the other, adds up", async () => {
    const at = await buy();
    await refundInDashboard(at, 700);
    await arrive();
    expect(await standing(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: 700,
    });
    await refundInDashboard(at, 800);
    await refundInDashboard(at, 1000);
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "refunded", refunded: 2500 });
    expect(await bookedRefunds()).toHaveLength(3);
  });

  it("beside one of the shop's counts with it", async () => {
    const at = await buy();
    await refundInShop(at, 1000);
    await refundInDashboard(at, 1500);
    await arrive();
    expect(await standing(at)).toEqual({
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect(await bookedRefunds()).toMatchObject([
      { source: "shop", status: "succeeded", amount: 1000 },
      { source: "stripe", status: "succeeded", amount: 1500 },
    ]);
  });

  it.each([
    ["succeed", { paymentStatus: "refunded", attention: null, refunded: 2500 }],
    ["fail", { paymentStatus: "paid", attention: "refund_failed", refunded: 0 }],
  ])("that a bank needs days for is pending until it does: %s", async (outcome, end) => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await buy();
    const { id } = await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "paid", refunded: 0 });
    expect(await bookedRefunds()).toMatchObject([{ status: "pending" }]);
    await stripe.control(`/refunds/${id}/${outcome}`, {});
    await arrive();
    expect(await standing(at)).toEqual(end);
    const [, , pending, last] = await history(at);
    expect([pending, last]).toEqual([
      "refund.pending by stripe",
      `refund.${outcome === "fail" ? "failed" : "succeeded"} by stripe`,
    ]);
  });

  it("that fails after it succeeded is taken out again, and calls a person", async () => {
    const at = await buy();
    const { id } = await refundInDashboard(at, 900);
    await arrive();
    await stripe.control(`/refunds/${id}/fail`, {});
    await arrive();
    expect(await standing(at)).toEqual({
      paymentStatus: "paid",
      attention: "refund_failed",
      refunded: 0,
    });
  });

  it("that has failed before the shop hears of it, and is made again, is booked as it stands", async () => {
    const at = await buy();
    const { id } = await refundInDashboard(at);
    await stripe.control(`/refunds/${id}/fail`, {});
    await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "refunded", refunded: 2500 });
    expect((await bookedRefunds()).map(({ status }) => status)).toEqual(["failed", "succeeded"]);
  });

  it("is counted in the currency's own unit, as Stripe counts otherwise", async () => {
    const sku = await makeSku(3, { amount: 900, currency: "ISK" });
    const { body } = await checkOut({ items: [{ sku, quantity: 1 }] });
    const { payment_intent: payment } = await stripe.pay(body.data.paymentUrl);
    await arrive();
    await stripe.control(`/payments/${payment}/refund`, { amount: 40_000 });
    await arrive();
    expect(await refundsAtStripe()).toMatchObject([{ amount: 40_000, currency: "isk" }]);
    expect((await order(body.data)).refunded).toEqual({ amount: 400, currency: "ISK" });
  });

  it("is booked once, its webhooks three times in parallel, out of order, and all of it twice over", async () => {
    const at = await buy();
    await refundInDashboard(at, 600);
    await refundInDashboard(at, 400);
    await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
    const deliveries = await stripe.take();
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(deliveries.map(deliver));
      await settle();
      await rows("UPDATE webhook_events SET status = 'received', wake_at = 0");
      await cron();
      await settle();
    }
    expect(await standing(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: 1000,
    });
    expect(await bookedRefunds()).toHaveLength(2);
    expect(await history(at)).toHaveLength(4);
  });
});

describe("The id that a refund at Stripe carries", PATIENT, () => {
  it("makes it ours although the answer to our request was lost", async () => {
    const at = await buy();
    const lost = { kind: "connection_reset", effect: true, times: 2 };
    await stripe.misbehave({ method: "POST", path: "/v1/refunds", ...lost });
    await refundInShop(at, 1000);
    await arrive();
    expect(await bookedRefunds()).toMatchObject([{ source: "shop", status: "succeeded" }]);
    await later();
    expect(await refundsAtStripe()).toHaveLength(1);
    expect(await bookedRefunds()).toHaveLength(1);
  });

  it("is not believed when it is that of another order's refund", async () => {
    const [at, other] = [await buy(), await buy()];
    await closeStripe();
    await refundInShop(other, 1000);
    const [theirs] = await rows<{ id: string }>("SELECT id FROM refunds");
    await stripe.misbehave();
    await refundByHand(at.payment, {
      amount: "1000",
      "metadata[refundId]": theirs?.id ?? "",
      "metadata[orderId]": other.orderId,
    });
    await arrive();
    expect(await standing(at)).toMatchObject({ refunded: 1000 });
    expect(await standing(other)).toMatchObject({ refunded: 0 });
    await later();
    expect(await standing(other)).toMatchObject({ refunded: 1000 });
  });

  it.each([
    ["of another amount", "900"],
    ["for the second time", "1000"],
  ])("is not believed when it is ours, %s", async (_, amount) => {
    const at = await buy();
    await closeStripe();
    await refundInShop(at, 1000);
    const [ours] = await rows<{ id: string }>("SELECT id FROM refunds");
    await stripe.misbehave();
    if (amount === "1000") await later();
    await refundByHand(at.payment, { amount, "metadata[refundId]": ours?.id ?? "" });
    await arrive();
    await later();
    expect(await standing(at)).toMatchObject({ refunded: 1000 + Number(amount) });
    expect((await bookedRefunds()).map(({ source }) => source)).toEqual(["shop", "stripe"]);
  });
});

describe("Two refunds at Stripe that carry one id of ours", PATIENT, () => {
  it("are two refunds", async () => {
    const at = await buy();
    const lost = { kind: "connection_reset", effect: true, times: 2 };
    await stripe.misbehave({ method: "POST", path: "/v1/refunds", ...lost });
    await refundInShop(at, 1000);
    const [ours] = await rows<{ id: string }>("SELECT id FROM refunds");
    await refundByHand(at.payment, { amount: "1000", "metadata[refundId]": ours?.id ?? "" });
    await arrive();
    await later();
    expect(await standing(at)).toMatchObject({ refunded: 2000 });
    expect((await bookedRefunds()).map(({ source }) => source)).toEqual(["shop", "stripe"]);
  });
});

describe("A dashboard refund while one of the shop's is under way", PATIENT, () => {
  it("leaves it nothing: ours fails, a person is called, and the books are Stripe's", async () => {
    const at = await buy();
    await closeStripe();
    await refundInShop(at, 2000);
    await refundInDashboard(at, 1000);
    await arrive();
    expect(await standing(at)).toEqual({
      paymentStatus: "partially_refunded",
      attention: "refund_failed",
      refunded: 1000,
    });
    await later();
    expect(await refundsAtStripe()).toHaveLength(1);
    expect(await bookedRefunds()).toMatchObject([
      { source: "shop", status: "failed" },
      { source: "stripe", status: "succeeded" },
    ]);
  });

  it("of which Stripe could still make one or the other waits until it has", async () => {
    const at = await buy();
    await closeStripe();
    await refundInShop(at, 1000);
    await refundInShop(at, 1000);
    await refundInDashboard(at, 1500);
    await arrive();
    expect(
      await rows(
        "SELECT DISTINCT status, last_error FROM webhook_events WHERE type LIKE 'refund%'",
      ),
    ).toEqual([
      {
        status: "failed",
        last_error: "ConstraintError: The database refused: refund_exceeds_captured",
      },
    ]);
    await later();
    expect(await standing(at)).toEqual({
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect(
      (await bookedRefunds()).map(({ source, status }) => `${source} ${status}`).sort(),
    ).toEqual(["shop failed", "shop succeeded", "stripe succeeded"]);
  });

  it("that no retry brings to Stripe is the way out of it", async () => {
    const at = await buy();
    await closeStripe();
    await refundInShop(at, 2500);
    const [promise] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund'");
    const body = { type: "outbox", id: promise?.id, requestId: "r" };
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
    expect(await standing(at)).toMatchObject({ attention: "refund_failed", refunded: 0 });
    await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toEqual({
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect(await bookedRefunds()).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
  });
});

describe("A person who is called to a refund that failed", PATIENT, () => {
  const attention = async (at: Paid) => (await standing(at)).attention;

  it("is let go once it was made again in the dashboard, and by nothing less or before", async () => {
    const at = await buy();
    await refundInShop(at, 800);
    await refundInDashboard(at, 800);
    await arrive();
    const [first] = await rows<{ id: string }>(
      "SELECT stripe_refund_id AS id FROM refunds WHERE source = 'shop'",
    );
    await travel(MINUTE_MS);
    await stripe.control(`/refunds/${first?.id}/fail`, {});
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await refundInDashboard(at, 500);
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await refundInDashboard(at, 800);
    await arrive();
    expect(await standing(at)).toEqual({
      paymentStatus: "partially_refunded",
      attention: null,
      refunded: 2100,
    });
  });

  it("is let go once the refund that died was replayed and is made", async () => {
    const at = await buy();
    await closeStripe();
    await refundInShop(at, 1000);
    const [promise] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund'");
    const body = { type: "outbox", id: promise?.id, requestId: "r" };
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
    expect(await attention(at)).toBe("refund_failed");
    await stripe.misbehave();
    await asAdmin("POST", `/api/v1/dead-letters/${promise?.id}/replay`);
    await expect
      .poll(() => standing(at))
      .toEqual({ paymentStatus: "partially_refunded", attention: null, refunded: 1000 });
  });

  it("stays called while a dispute about it is decided, until somebody makes it again", async () => {
    const at = await buy();
    await refundInShop(at, 2000);
    const [first] = await refundsAtStripe();
    await dispute(at, "opened", 500);
    await stripe.control(`/refunds/${first?.id}/fail`, {});
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await dispute(at, "won");
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await refundInShop(at, 2000);
    expect(await attention(at)).toBeNull();
  });
});

describe("A dashboard refund of an order whose completed-event was lost", PATIENT, () => {
  it("pays the order first, and then refunds it", async () => {
    const at = await payUnheard();
    await stripe.take();
    await refundInDashboard(at, 500);
    await arrive();
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "refund.succeeded by stripe",
    ]);
    expect(await standing(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: 500,
    });
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });
});
