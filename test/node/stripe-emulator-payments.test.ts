import { describe, expect, it } from "vitest";
import { openShop, paidSession, sessionParams, typesOf } from "./stripe-emulator-support.ts";

describe("a card payment", () => {
  it("completes the session as paid and tells it in order", async () => {
    const shop = await openShop();
    const { session, payment } = await paidSession(shop, {
      payment_intent_data: { metadata: { order: "ord_7" }, description: "Order 7" },
    });
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "paid",
      url: null,
      customer_details: { email: "ada@example.com" },
    });
    const intent = await shop.stripe.paymentIntents.retrieve(payment, {
      expand: ["latest_charge"],
    });
    expect(intent).toMatchObject({
      amount: 2500,
      amount_received: 2500,
      status: "succeeded",
      metadata: { order: "ord_7" },
      description: "Order 7",
      latest_charge: {
        amount: 2500,
        paid: true,
        status: "succeeded",
        payment_method_details: { type: "card" },
        billing_details: { email: "ada@example.com" },
      },
    });
    const events = await shop.events();
    expect(typesOf(events)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ]);
    expect(events.at(-1)).toMatchObject({
      object: "event",
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: { id: session.id, payment_status: "paid", payment_intent: payment } },
    });
  });

  it("can take another amount or currency than was asked", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control(`/sessions/${id}/pay`, { method: "card", amount: 2400, currency: "usd" });
    const session = await shop.stripe.checkout.sessions.retrieve(id, {
      expand: ["payment_intent"],
    });
    expect(session).toMatchObject({
      amount_total: 2500,
      currency: "eur",
      payment_intent: { amount_received: 2400, currency: "usd" },
    });
  });

  it("says on request what it was made with, and nothing before anybody has tried", async () => {
    const shop = await openShop();
    const expand = ["payment_intent.payment_method"];
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    const open = await shop.stripe.checkout.sessions.retrieve(id, { expand });
    expect(open.payment_intent).toBeNull();
    await shop.control(`/sessions/${id}/pay`, { method: "bank_transfer" });
    const session = await shop.stripe.checkout.sessions.retrieve(id, { expand });
    expect(session.payment_intent).toMatchObject({
      payment_method: { object: "payment_method", type: "sepa_debit" },
    });
  });

  it("that is declined leaves the session open for another attempt", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control(`/sessions/${id}/decline`, {});
    const session = await shop.stripe.checkout.sessions.retrieve(id, {
      expand: ["payment_intent"],
    });
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      payment_intent: {
        status: "requires_payment_method",
        last_payment_error: { code: "card_declined", message: "Your card was declined." },
      },
    });
    await shop.control(`/sessions/${id}/pay`, {});
    expect(typesOf(await shop.events())).toEqual([
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ]);
    expect((await shop.stripe.charges.list()).data).toMatchObject([
      { status: "succeeded" },
      { status: "failed", failure_code: "card_declined" },
    ]);
    expect((await shop.stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  it("happens once", async () => {
    const shop = await openShop();
    const { session } = await paidSession(shop);
    await expect(shop.control(`/sessions/${session.id}/pay`, {})).rejects.toThrow("complete");
  });
});

describe("a payment by bank transfer", () => {
  async function transfer(outcome: "succeeded" | "failed") {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control(`/sessions/${id}/pay`, { method: "bank_transfer" });
    const session = await shop.stripe.checkout.sessions.retrieve(id, {
      expand: ["payment_intent"],
    });
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
      payment_intent: { status: "processing", amount_received: 0 },
    });
    expect(typesOf(await shop.events())).toEqual([
      "payment_intent.created",
      "charge.pending",
      "payment_intent.processing",
      "checkout.session.completed",
    ]);
    const [payment] = (await shop.stripe.paymentIntents.list()).data;
    await shop.control(`/payments/${payment?.id}/settle`, { outcome });
    return { shop, id };
  }

  it("completes the session unpaid, and pays it when the money arrives", async () => {
    const { shop, id } = await transfer("succeeded");
    expect(typesOf(await shop.events())).toEqual([
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.async_payment_succeeded",
    ]);
    const session = await shop.stripe.checkout.sessions.retrieve(id);
    expect(session.payment_status).toBe("paid");
  });

  it("can fail after days", async () => {
    const { shop, id } = await transfer("failed");
    expect(typesOf(await shop.events())).toEqual([
      "charge.failed",
      "payment_intent.payment_failed",
      "checkout.session.async_payment_failed",
    ]);
    expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
    });
  });

  it("is not offered by a session that takes cards only", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ allowed_payment_method_types: ["card"] }),
    );
    await expect(shop.control(`/sessions/${id}/pay`, { method: "bank_transfer" })).rejects.toThrow(
      "offers no delayed payment method",
    );
  });
});
