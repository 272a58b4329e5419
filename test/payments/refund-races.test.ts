import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { eventOf } from "../support/inbox.ts";
import { DEAD_JOBS, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import {
  arrive,
  bookedRefunds,
  buy,
  closeRefunds,
  later,
  promiseRefund,
  refundInDashboard,
  refundInDashboardThatFails,
  refundInShop,
  refundsAtStripe,
  standing,
} from "../support/money-back.ts";
import { stripe } from "../support/stripe.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

/** What somebody with a key to the same Stripe account may do. */
async function refundByHand(payment: string, params: Record<string, string>): Promise<void> {
  const response = await fetch("http://stripe.test/v1/refunds", {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_holdfast" },
    body: new URLSearchParams({ payment_intent: payment, ...params }),
  });
  expect(response.status).toBe(200);
}

describe("The id that a refund at Stripe carries", () => {
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
    await promiseRefund(other, 1000);
    const [theirs] = await rows<{ id: string }>("SELECT id FROM refunds");
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
    await closeRefunds();
    await refundInShop(at, 1000);
    const [ours] = await rows<{ id: string }>("SELECT id FROM refunds");
    await stripe.misbehave();
    if (amount === "1000") await later();
    await refundByHand(at.payment, { amount, "metadata[refundId]": ours?.id ?? "" });
    await arrive();
    await later();
    expect(await standing(at)).toMatchObject({ refunded: 1000 + Number(amount) });
    expect((await bookedRefunds()).map(({ source }) => source)).toEqual(["shop", "provider"]);
  });
});

describe("A refund of ours that a dashboard refund has made fail", () => {
  /** Both are failed in the end, so that there is room for ours again. */
  async function bothFailed() {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 2000);
    const [ours] = await rows<{ id: string }>("SELECT id FROM refunds");
    await refundInDashboardThatFails(at, 1000);
    expect(await bookedRefunds()).toMatchObject([
      { source: "shop", status: "failed" },
      { source: "provider", status: "failed" },
    ]);
    return { at, id: ours?.id ?? "" };
  }

  it("is not made by a later try, although there is room for it again", async () => {
    const { at } = await bothFailed();
    await later();
    expect((await refundsAtStripe()).map(({ status }) => status)).toEqual(["failed"]);
    expect(await standing(at)).toMatchObject({ attention: "refund_failed", refunded: 0 });
  });

  it("is not what somebody makes with its id: that is another", async () => {
    const { at, id } = await bothFailed();
    await stripe.misbehave();
    await refundByHand(at.payment, { amount: "2000", "metadata[refundId]": id });
    await arrive();
    await later();
    expect(await standing(at)).toMatchObject({ refunded: 2000 });
    expect(await bookedRefunds()).toMatchObject([
      { source: "shop", status: "failed" },
      { source: "provider", status: "failed" },
      { source: "provider", status: "succeeded" },
    ]);
  });
});

describe("Two refunds at Stripe that carry one id of ours", () => {
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
    expect((await bookedRefunds()).map(({ source }) => source)).toEqual(["shop", "provider"]);
  });
});

describe("A dashboard refund while one of the shop's is under way", () => {
  it("leaves it nothing: ours fails, a person is called, and the books are Stripe's", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 2000);
    await refundInDashboard(at, 1000);
    await arrive();
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "partially_refunded",
      attention: "refund_failed",
      refunded: 1000,
    });
    await later();
    expect(await refundsAtStripe()).toHaveLength(1);
    expect(await bookedRefunds()).toMatchObject([
      { source: "shop", status: "failed" },
      { source: "provider", status: "succeeded" },
    ]);
  });

  it("and that has failed since takes nothing from it, read late as made", async () => {
    const at = await buy();
    await refundInDashboardThatFails(at, 1500);
    await closeRefunds();
    await refundInShop(at, 2500);
    const { payments } = servicesOf(env);
    const listRefunds = async (payment: string) =>
      (await payments.listRefunds(payment)).map((one) => ({
        ...one,
        status: "succeeded" as const,
      }));
    const services = servicesWith({}, { payments: { ...payments, listRefunds } });
    await rows("UPDATE webhook_events SET status = 'received' WHERE type = 'refund.created'");
    const body = { type: "webhook", id: await eventOf("refund.created"), requestId: "r" };
    await deliverBatch(JOBS, [{ id: "m1", body }], services);
    await later();
    expect(await standing(at)).toMatchObject({ paymentStatus: "refunded", refunded: 2500 });
    expect(await bookedRefunds()).toMatchObject([
      { source: "provider", status: "failed" },
      { source: "shop", status: "succeeded" },
    ]);
  });

  it("of which Stripe could still make one or the other waits until it has", async () => {
    const at = await buy();
    await closeRefunds();
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
      status: "paid",
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect(
      (await bookedRefunds()).map(({ source, status }) => `${source} ${status}`).sort(),
    ).toEqual(["provider succeeded", "shop failed", "shop succeeded"]);
  });

  it("that no retry brings to Stripe is the way out of it", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 2500);
    const [promise] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund'");
    const body = { type: "outbox", id: promise?.id, requestId: "r" };
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
    expect(await standing(at)).toMatchObject({ attention: "refund_failed", refunded: 0 });
    await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect(await bookedRefunds()).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
  });
});
