import { describe, expect, it } from "vitest";
import { nowSeconds, openShop, paidSession, sessionParams } from "./stripe-emulator-support.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

describe("an idempotency key", () => {
  it("gets the same answer again, whatever has happened to the object since", async () => {
    const shop = await openShop();
    const options = { idempotencyKey: "checkout:ord_1" };
    const first = await shop.stripe.checkout.sessions.create(sessionParams(), options);
    await shop.control(`/sessions/${first.id}/pay`, {});
    const again = await shop.stripe.checkout.sessions.create(sessionParams(), options);
    expect(again).toEqual(first);
    expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
    expect(again.lastResponse.headers["original-request"]).toBe(first.lastResponse.requestId);
    expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
    expect(first.lastResponse.idempotencyKey).toBe("checkout:ord_1");
    expect((await shop.stripe.checkout.sessions.list()).data).toHaveLength(1);
  });

  it("is replayed even when its parameters would no longer be accepted", async () => {
    const shop = await openShop();
    const now = nowSeconds();
    await shop.control("/clock", { now: now * 1000 });
    const params = sessionParams({ expires_at: now + 30 * 60 });
    const first = await shop.stripe.checkout.sessions.create(params, { idempotencyKey: "k" });
    await shop.control("/clock", { now: (now + 60) * 1000 });
    const again = await shop.stripe.checkout.sessions.create(params, { idempotencyKey: "k" });
    expect(again.id).toBe(first.id);
  });

  it("does not care about the order of parameters", async () => {
    const shop = await openShop();
    const { mode, ...rest } = sessionParams();
    const options = { idempotencyKey: "k" };
    const first = await shop.stripe.checkout.sessions.create({ ...rest, mode: "payment" }, options);
    const again = await shop.stripe.checkout.sessions.create({ mode: "payment", ...rest }, options);
    expect(again.id).toBe(first.id);
    expect(mode).toBe("payment");
  });

  it("is refused with other parameters or at another address", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    const options = { idempotencyKey: "refund:ref_1" };
    await shop.stripe.refunds.create({ payment_intent: payment, amount: 100 }, options);
    const mismatch = {
      type: "StripeIdempotencyError",
      statusCode: 400,
      message: expect.stringContaining("'refund:ref_1'"),
    };
    await expect(
      shop.stripe.refunds.create({ payment_intent: payment, amount: 101 }, options),
    ).rejects.toMatchObject(mismatch);
    await expect(
      shop.stripe.checkout.sessions.create(sessionParams(), options),
    ).rejects.toMatchObject(mismatch);
  });

  it("is in use while its first request executes", async () => {
    const shop = await openShop();
    await shop.control("/misbehave", {
      rules: [{ method: "POST", kind: "delay", delayMs: 2000, times: 1 }],
    });
    const create = () =>
      shop.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: "k" });
    const [first, second] = await Promise.allSettled([create(), create()]);
    const outcomes = [first, second].map((outcome) =>
      outcome.status === "fulfilled" ? "created" : outcome.reason.code,
    );
    expect(outcomes.sort()).toEqual(["created", "idempotency_key_in_use"]);
    expect((await shop.requests()).map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("in use is worth a retry to the SDK, which then gets the first answer", async () => {
    const shop = await openShop();
    await shop.control("/misbehave", {
      rules: [{ method: "POST", kind: "delay", delayMs: 200, times: 1 }],
    });
    const stripe = shop.sdk("sk_test_shop", { maxNetworkRetries: 3 });
    const create = () => stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: "k" });
    const [first, second] = await Promise.all([create(), create()]);
    expect(second.id).toBe(first.id);
  });

  it("may be used again after a request that failed validation", async () => {
    const shop = await openShop();
    const options = { idempotencyKey: "k" };
    await expect(
      shop.stripe.checkout.sessions.create(sessionParams({ expires_at: 1 }), options),
    ).rejects.toMatchObject({ statusCode: 400 });
    await shop.stripe.checkout.sessions.create(sessionParams(), options);
  });

  it("keeps a refusal that came from executing the request", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    const options = { idempotencyKey: "k" };
    const refund = () =>
      shop.stripe.refunds.create({ payment_intent: payment, amount: 9000 }, options);
    await expect(refund()).rejects.toMatchObject({ statusCode: 400, headers: {} });
    await expect(refund()).rejects.toMatchObject({
      statusCode: 400,
      headers: { "idempotent-replayed": "true" },
    });
  });

  it("is forgotten after a day", async () => {
    const shop = await openShop();
    const now = Date.now();
    const create = () =>
      shop.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: "k" });
    const first = await create();
    await shop.control("/clock", { now: now + DAY_MS - 60_000 });
    expect((await create()).id).toBe(first.id);
    await shop.control("/clock", { now: now + DAY_MS + 60_000 });
    expect((await create()).id).not.toBe(first.id);
  });

  it("belongs to one account, and no longer than 255 characters", async () => {
    const shop = await openShop();
    const options = { idempotencyKey: "k" };
    const mine = await shop.stripe.checkout.sessions.create(sessionParams(), options);
    const theirs = await shop
      .sdk("sk_test_other")
      .checkout.sessions.create(sessionParams(), options);
    expect(theirs.id).not.toBe(mine.id);
    await expect(
      shop.stripe.coupons.create({ percent_off: 5 }, { idempotencyKey: "k".repeat(256) }),
    ).rejects.toMatchObject({ statusCode: 400 });
  });

  it("appears in the events of its request", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await shop.take();
    const refund = await shop.stripe.refunds.create(
      { payment_intent: payment },
      { idempotencyKey: "refund:ref_1" },
    );
    const [created] = await shop.events();
    expect(created?.request).toEqual({
      id: refund.lastResponse.requestId,
      idempotency_key: "refund:ref_1",
    });
  });
});
