import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { PaymentRefused } from "../../src/payments/index.ts";
import { servicesOf } from "../../src/services.ts";
import { mailsAbout, refund, sell } from "../support/after-sale.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { askedOfStripe, databaseFailingOnce } from "../support/faults.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { arrive, closeRefunds, history, refundsAtStripe } from "../support/money-back.ts";
import { shopOver } from "../support/rig.ts";
import { level, order } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
/** By then a sweep has woken what nobody was told of. */
const LATER_MS = 120_000;
const one = [{ amount: 2500, quantity: 1 }];
const returnsOf = (sku: string | undefined) =>
  rows("SELECT on_hand_delta AS n FROM stock_movements WHERE sku = ? AND kind = 'return'", sku);

describe("Refunds at once", () => {
  it("never pass what was paid, and those that fit are made (concurrent refunds above the capture)", async () => {
    const at = await sell(one);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refund(at, { amount: usd(750) })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 201),
      ...Array.from({ length: 7 }, () => 422),
    ]);
    await settle();
    expect((await order(at)).refunded).toEqual(usd(2250));
    expect((await refundsAtStripe()).map(({ amount }) => amount)).toEqual([750, 750, 750]);
  });

  it("of equal amounts are as many as were asked for (a refund keyed by its amount)", async () => {
    const at = await sell(one);
    const first = await refund(at, { amount: usd(500) }, "a");
    const second = await refund(at, { amount: usd(500) }, "b");
    expect(first.body.data.id).not.toBe(second.body.data.id);
    await settle();
    expect((await refundsAtStripe()).map(({ amount }) => amount)).toEqual([500, 500]);
    expect((await order(at)).refunded).toEqual(usd(1000));
    expect(await mailsAbout(at, /refund/)).toHaveLength(2);
  });

  it("under one key are one, whatever has happened since", async () => {
    const at = await sell(one);
    const both = await Promise.all([refund(at, {}, "k"), refund(at, {}, "k")]);
    const [first, second] = both;
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(first?.text).toBe(second?.text);
    await settle();
    const again = await refund(at, {}, "k");
    expect(again.text).toBe(first?.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await refund(at, { amount: usd(1) }, "k")).body.error.code).toBe(
      "IDEMPOTENCY_KEY_REUSED",
    );
    expect(await refundsAtStripe()).toHaveLength(1);
  });

  it("that were refused stay refused under their key", async () => {
    const at = await sell(one);
    await stripe.control("/refunds/behaviour", { status: "pending" });
    await refund(at, { amount: usd(2000) });
    const refused = await refund(at, { amount: usd(1000) }, "k");
    expect(refused.status).toBe(422);
    await settle();
    const [made] = await refundsAtStripe();
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    expect((await refund(at, { amount: usd(1000) }, "k")).text).toBe(refused.text);
    expect((await refund(at, { amount: usd(1000) }, "l")).status).toBe(201);
  });
});

describe("A refund that fails at the bank", () => {
  it.each(["pending", "succeeded"])(
    "after it was %s calls a person, and can be made again, without taking the goods back twice",
    async (status) => {
      await stripe.control("/refunds/behaviour", { status });
      const at = await sell(one);
      const [sku = ""] = at.skus;
      await refund(at, { items: [{ sku, quantity: 1, restock: "cancel" }] });
      await settle();
      const [made] = await refundsAtStripe();
      await stripe.control(`/refunds/${made?.id}/fail`, {});
      await arrive();
      expect(await order(at)).toMatchObject({
        paymentStatus: "paid",
        refunded: usd(0),
        attention: { reason: "refund_failed" },
      });
      await stripe.control("/refunds/behaviour", { status: "succeeded" });
      expectError(
        await refund(at, { items: [{ sku, quantity: 1, restock: "cancel" }] }),
        422,
        invalid({ "items[0].restock": "Only 0 of 1 are still to be sent." }),
      );
      const again = await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] });
      expect(again.status).toBe(201);
      await settle();
      expect(await order(at)).toMatchObject({
        paymentStatus: "refunded",
        refunded: usd(2500),
        attention: null,
      });
      expect(await returnsOf(sku)).toEqual([{ n: 1 }]);
      expect(await level(sku)).toMatchObject({ onHand: 10 });
    },
  );
});

describe("A refund that Stripe refuses to make", () => {
  it("is booked as failed, and calls a person", async () => {
    const at = await sell(one);
    await closeRefunds();
    await refund(at);
    await settle();
    const [promised] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund'");
    const message = { id: "m1", body: { type: "outbox", id: promised?.id, requestId: "r" } };
    const refused = () => Promise.reject(new PaymentRefused("This payment cannot be refunded."));
    const payments = { ...servicesOf(env).payments, refund: refused };
    await deliverBatch(JOBS, [message], servicesWith({}, { payments }));
    expect(await order(at)).toMatchObject({
      paymentStatus: "paid",
      attention: { reason: "refund_failed" },
      refunds: [{ status: "failed" }],
    });
    expect(await rows("SELECT status FROM outbox WHERE topic = 'refund'")).toEqual([
      { status: "done" },
    ]);
  });
});

describe("When the database fails at a refund", () => {
  it.each(["before", "after"] as const)(
    "%s it is written, the retry makes it once",
    async (when) => {
      const at = await sell(one);
      const { database, failed } = databaseFailingOnce({ when, about: /insert into "refunds"/i });
      const rig = shopOver(database, { now: () => Date.now() });
      const path = `/api/v1/orders/${at.orderId}/refunds`;
      const lost = await rig.asAdmin("POST", path, {
        headers: { "Idempotency-Key": "k" },
        body: { amount: usd(1000) },
      });
      expect([failed(), lost.status]).toEqual([true, 503]);
      expect((await refund(at, { amount: usd(1000) }, "k")).status).toBe(201);
      await travel(LATER_MS);
      await cron();
      await settle();
      expect(await history(at)).toEqual([
        "order.created",
        "order.paid",
        "refund.created",
        "refund.succeeded",
      ]);
      expect(await askedOfStripe(/^POST .*refunds$/)).toHaveLength(1);
    },
  );
});
