import { describe, expect, it, vi } from "vitest";
import { createStripeEmulator } from "../../emulators/stripe/emulator.ts";
import { openShop, paidSession, type Shop, sessionParams } from "./stripe-emulator-support.ts";

function misbehave(shop: Shop, ...rules: object[]): Promise<unknown> {
  return shop.control("/misbehave", { rules });
}

async function sessionCount(shop: Shop): Promise<number> {
  return (await shop.stripe.checkout.sessions.list()).data.length;
}

const CREATE = { method: "POST", path: "/v1/checkout/sessions" };

describe("the emulator can be told", () => {
  it("to do the work and never answer, so that the retry gets the first answer", async () => {
    const shop = await openShop();
    await misbehave(shop, { ...CREATE, kind: "timeout_after_success", times: 1, delayMs: 5000 });
    const create = (timeout: number) =>
      shop.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: "k", timeout });
    await expect(create(1500)).rejects.toMatchObject({ type: "StripeConnectionError" });
    expect(await sessionCount(shop)).toBe(1);
    const again = await create(30_000);
    expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
    expect(await sessionCount(shop)).toBe(1);
  });

  it("to drop the connection when the wait is over", async () => {
    const shop = await openShop();
    const hangs = { ...CREATE, kind: "timeout_before", times: 2, delayMs: 50 };
    await misbehave(shop, hangs);
    await expect(shop.stripe.checkout.sessions.create(sessionParams())).rejects.toMatchObject({
      type: "StripeConnectionError",
      detail: { code: "ECONNRESET" },
    });
    expect(await sessionCount(shop)).toBe(0);
  });

  it("to keep an answer until it is told otherwise, so that what the call has caused is known before", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await misbehave(shop, { method: "POST", path: `${CREATE.path}/*/expire`, kind: "answer_late" });
    let answered = false;
    const answer = shop.stripe.checkout.sessions.expire(id).finally(() => {
      answered = true;
    });
    await vi.waitUntil(
      async () => (await shop.stripe.checkout.sessions.retrieve(id)).status === "expired",
    );
    const events = await shop.stripe.events.list({ type: "checkout.session.expired" });
    expect([answered, events.data.length]).toEqual([false, 1]);
    await misbehave(shop);
    expect((await answer).status).toBe("expired");
  });

  it("to reset connections, with or without having done the work", async () => {
    const shop = await openShop();
    // The SDK repeats a reset request once by itself.
    await misbehave(shop, { ...CREATE, kind: "connection_reset", times: 2 });
    await expect(shop.stripe.checkout.sessions.create(sessionParams())).rejects.toMatchObject({
      type: "StripeConnectionError",
    });
    expect(await sessionCount(shop)).toBe(0);
    await misbehave(shop, { ...CREATE, kind: "connection_reset", times: 1, effect: true });
    const session = await shop.stripe.checkout.sessions.create(sessionParams());
    expect(session.lastResponse.headers["idempotent-replayed"]).toBe("true");
    expect(await sessionCount(shop)).toBe(1);
  });

  it("to fail inside, which the same key then hears for ever", async () => {
    const shop = await openShop();
    await misbehave(shop, { ...CREATE, kind: "error_500", times: 1 });
    const create = (idempotencyKey: string) =>
      shop.stripe.checkout.sessions.create(sessionParams(), {
        idempotencyKey,
        maxNetworkRetries: 2,
      });
    await expect(create("k")).rejects.toMatchObject({
      type: "StripeAPIError",
      statusCode: 500,
      headers: { "stripe-should-retry": "false" },
    });
    await expect(create("k")).rejects.toMatchObject({
      statusCode: 500,
      headers: { "idempotent-replayed": "true" },
    });
    await create("another");
    expect(await sessionCount(shop)).toBe(1);
  });

  it("to fail before the work begins, which a retry gets over", async () => {
    const shop = await openShop();
    await misbehave(shop, { ...CREATE, kind: "error_500", times: 1, stored: false });
    await shop.stripe.checkout.sessions.create(sessionParams(), { maxNetworkRetries: 2 });
    expect((await shop.requests()).map(({ status }) => status)).toEqual([500, 200]);
  });

  it("to fail inside after the work was done", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await misbehave(shop, { path: "/v1/refunds", kind: "error_500", times: 1, effect: true });
    await expect(shop.stripe.refunds.create({ payment_intent: payment })).rejects.toMatchObject({
      statusCode: 500,
    });
    expect((await shop.stripe.refunds.list()).data).toHaveLength(1);
  });

  it("to limit the rate, which stores nothing", async () => {
    const shop = await openShop();
    await misbehave(shop, { kind: "rate_limit_429", times: 1 });
    const create = () =>
      shop.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: "k" });
    await expect(create()).rejects.toMatchObject({
      type: "StripeRateLimitError",
      statusCode: 429,
      code: "rate_limit",
    });
    await create();
  });

  it("to apply a rule only where and when it should", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await misbehave(
      shop,
      { method: "GET", path: "/v1/events", kind: "rate_limit_429", times: 1, skip: 1 },
      { path: "/v1/checkout/sessions/*/expire", kind: "rate_limit_429", times: 1 },
    );
    await shop.stripe.events.list();
    await shop.stripe.paymentIntents.retrieve(payment);
    await expect(shop.stripe.events.list()).rejects.toMatchObject({ statusCode: 429 });
    await shop.stripe.events.list();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await expect(shop.stripe.checkout.sessions.expire(id)).rejects.toMatchObject({
      statusCode: 429,
    });
    await shop.stripe.checkout.sessions.expire(id);
  });

  it("nothing that it does not know", async () => {
    const shop = await openShop();
    await expect(misbehave(shop, { kind: "explode" })).rejects.toThrow("kind must be one of");
    await expect(misbehave(shop, { kind: "delay", wait: 1 })).rejects.toThrow("Unknown: wait");
    await expect(shop.control("/nonsense", {})).rejects.toThrow("404");
    await expect(shop.control("/sessions/cs_test_none/pay", {})).rejects.toThrow("404");
  });
});

describe("inside a process", () => {
  it("a request that is to time out can be abandoned, and rejects", async () => {
    const emulator = createStripeEmulator({
      publicUrl: "http://pay.test",
      webhookSecret: "whsec_x",
    });
    const call = (path: string, init: RequestInit) =>
      emulator.fetch(new Request(`https://api.stripe.com${path}`, init));
    const rules = [{ kind: "timeout_after_success", times: 1, delayMs: 60_000 }];
    await call("/_emulator/misbehave", { method: "POST", body: JSON.stringify({ rules }) });
    const giveUp = AbortSignal.timeout(50);
    await expect(
      call("/v1/coupons", {
        method: "POST",
        body: new URLSearchParams({ percent_off: "10" }),
        headers: { Authorization: "Bearer sk_test_x" },
        signal: giveUp,
      }),
    ).rejects.toMatchObject({ code: "ECONNRESET" });
    const listed = await call("/v1/coupons", { headers: { Authorization: "Bearer sk_test_x" } });
    expect(await listed.json()).toMatchObject({ data: [{ percent_off: 10 }] });
    await emulator.close();
  });
});
