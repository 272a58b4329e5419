import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { readRefund } from "../../src/payments/stripe/refunds.ts";
import { refund } from "../support/after-sale.ts";
import { askedOfStripe } from "../support/faults.ts";
import { DEAD_JOBS, deliverBatch } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import { arrive, refundsAtStripe } from "../support/money-back.ts";
import { type Bought, level, order, toPaymentPage } from "../support/shop.ts";
import { askStripe, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 3_600_000;
const LATER_MS = 40 * 60_000;

const isAbout =
  ({ orderId }: Bought) =>
  ({ html }: { readonly html: string }) =>
    html.includes(orderId);

/** A payment that has to go back: of another amount, or in another currency, than was asked for. */
async function mismatched(how: object): Promise<Bought> {
  const at = await toPaymentPage(5);
  await stripe.pay(at.paymentUrl, how);
  return at;
}

describe("A payment of another amount than was asked for", () => {
  it.each([
    ["less", { amount: 100 }, { amount: 100, currency: "usd" }, "$1.00"],
    ["more", { amount: 9900 }, { amount: 9900, currency: "usd" }, "$99.00"],
    ["in another currency", { currency: "eur" }, { amount: 2500, currency: "eur" }, "€25.00"],
  ])("(%s) buys nothing, calls a person and goes back whole", async (_, how, back, written) => {
    const at = await mismatched(how);
    await arrive();
    await settle();
    expect(await order(at)).toMatchObject({
      status: "canceled",
      paymentStatus: "refunded",
      attention: { reason: "amount_mismatch" },
      refunds: [{ status: "succeeded", reason: "amount_mismatch" }],
    });
    expect(await refundsAtStripe()).toMatchObject([{ ...back, status: "succeeded" }]);
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    const [mail, ...more] = (await mailTo("ada@example.com")).filter(isAbout(at));
    expect(more).toEqual([]);
    expect(mail?.text).toContain("not the amount that the order asks for");
    expect(mail?.text).toContain(written);
  });

  it("is returned once, however many notice it", async () => {
    const at = await mismatched({ amount: 100 });
    await stripe.control("/webhooks/behaviour", { duplicate: 2 });
    await travel(15 * 60_000);
    await Promise.all([arrive(), cron(), cron()]);
    await settle();
    expect(await refundsAtStripe()).toHaveLength(1);
    expect((await order(at)).refunds).toHaveLength(1);
    for (const address of ["ada@example.com", "operators@holdfast.test"])
      expect((await mailTo(address)).filter(isAbout(at))).toHaveLength(1);
  });
});

describe("A payment of another amount by a bank that is late", () => {
  it("of an order that is over goes back all the same", async () => {
    const at = await toPaymentPage(5);
    const how = { method: "bank_transfer", amount: 100 };
    const { payment_intent } = await stripe.pay(at.paymentUrl, how);
    await arrive();
    await travel(14 * DAY_MS);
    await cron();
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "expired",
      attention: { reason: "amount_mismatch" },
      refunds: [{ amount: { amount: 100 }, reason: "amount_mismatch" }],
    });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
  });
});

describe("The status of a refund at Stripe", () => {
  it.each([
    ["succeeded", "succeeded"],
    ["pending", "pending"],
    ["requires_action", "pending"],
    ["failed", "failed"],
    ["canceled", "failed"],
  ] as const)("%s is %s to the shop", (status, ours) => {
    expect(readRefund({ id: "re_1", status } as Stripe.Refund)).toEqual({
      id: "re_1",
      status: ours,
    });
  });
});

describe("A refund", () => {
  it("that Stripe refuses because somebody has sent all of it back already leaves nothing to do", async () => {
    const at = await mismatched({ amount: 100 });
    const events = await stripe.take();
    const session = await rows<{ id: string }>("SELECT session_id AS id FROM payments");
    const { payment_intent } = await askStripe<{ payment_intent: string }>(
      `/checkout/sessions/${session[0]?.id}`,
    );
    await stripe.control(`/payments/${payment_intent}/refund`, {});
    expect(events.length).toBeGreaterThan(0);
    await Promise.all(events.map(({ eventId }) => stripe.control(`/events/${eventId}/resend`, {})));
    await arrive();
    await settle();
    expect(await order(at)).toMatchObject({
      status: "canceled",
      paymentStatus: "refunded",
      attention: { reason: "amount_mismatch" },
    });
    expect(await rows("SELECT type FROM order_events WHERE type = 'refund.failed'")).toHaveLength(
      1,
    );
    expect(await rows("SELECT source, status FROM refunds ORDER BY source DESC")).toEqual([
      { source: "shop", status: "failed" },
      { source: "provider", status: "succeeded" },
    ]);
    expect(await refundsAtStripe()).toHaveLength(1);
  });

  it("that a bank needs days for is pending until its webhook says more", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await mismatched({ amount: 100 });
    await arrive();
    expect(await order(at)).toMatchObject({
      paymentStatus: "paid",
      refunds: [{ status: "pending" }],
    });
    await travel(3 * DAY_MS);
    const [refund] = await refundsAtStripe();
    await stripe.control(`/refunds/${refund?.id}/succeed`, {});
    await arrive();
    expect(await order(at)).toMatchObject({
      paymentStatus: "refunded",
      refunded: { amount: 100, currency: "USD" },
      refunds: [{ status: "succeeded" }],
    });
  });

  it.each(["pending", "succeeded"])("that fails after it was %s calls a person", async (status) => {
    await stripe.control("/refunds/behaviour", { status });
    const at = await mismatched({ amount: 100 });
    await arrive();
    const [refund] = await refundsAtStripe();
    await stripe.control(`/refunds/${refund?.id}/fail`, {});
    await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
    await arrive();
    expect(await order(at)).toMatchObject({
      paymentStatus: "paid",
      refunded: { amount: 0 },
      attention: { reason: "refund_failed" },
      refunds: [{ status: "failed" }],
    });
    const failures = await rows("SELECT seq FROM order_events WHERE type = 'refund.failed'");
    expect(failures).toHaveLength(1);
  });

  it("of a payment in another currency is in that one, also when it is made again", async () => {
    const at = await mismatched({ currency: "eur" });
    await arrive();
    const [made] = await refundsAtStripe();
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    const again = await refund(at);
    expect([again.status, again.body.data.amount]).toEqual([
      201,
      { amount: 2500, currency: "EUR" },
    ]);
  });

  it.each([
    ["before", { kind: "error_500", times: 1 }],
    ["after", { kind: "error_500", effect: true, times: 1 }],
    ["while cutting the line", { kind: "connection_reset", effect: true, times: 2 }],
  ])("that Stripe broke off %s making it is made once all the same", async (_, rule) => {
    const refunds = { method: "POST", path: "/v1/refunds" };
    const closed = { ...refunds, kind: "rate_limit_429", times: 1000 };
    await stripe.misbehave({ ...refunds, ...rule }, closed);
    const at = await mismatched({ amount: 100 });
    await arrive();
    expect((await order(at)).refunds).toMatchObject([{ status: "pending" }]);
    await stripe.misbehave();
    await travel(LATER_MS);
    await cron();
    await expect.poll(async () => (await order(at)).paymentStatus).toBe("refunded");
    expect(await refundsAtStripe()).toHaveLength(1);
    expect((await askedOfStripe(/^POST .*refunds$/)).length).toBeGreaterThan(1);
  });

  it("that no retry brings to Stripe calls a person, once", async () => {
    await stripe.misbehave({ path: "/v1/refunds", kind: "rate_limit_429", times: 1000 });
    const at = await mismatched({ amount: 100 });
    await arrive();
    await rows("UPDATE orders SET attention_reason = NULL, attention_since = NULL");
    const [promise] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund'");
    const body = { type: "outbox", id: promise?.id, requestId: "r" };
    for (const id of ["m1", "m2"])
      expect((await deliverBatch(DEAD_JOBS, [{ id, body }])).acked).toEqual([id]);
    expect(await order(at)).toMatchObject({
      attention: { reason: "refund_failed" },
      refunds: [{ status: "pending" }],
    });
    expect(await rows("SELECT seq FROM order_events WHERE type = 'refund.stuck'")).toHaveLength(1);
  });
});
