import { describe, expect, it } from "vitest";
import { openShop, paidSession, sessionParams, typesOf } from "./stripe-emulator-support.ts";

describe("a refund", () => {
  it("gives back all that is left when it names no amount", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await shop.take();
    await shop.stripe.refunds.create({ payment_intent: payment, amount: 1000 });
    const rest = await shop.stripe.refunds.create({
      payment_intent: payment,
      reason: "requested_by_customer",
      metadata: { refund: "ref_1" },
    });
    expect(rest).toMatchObject({
      object: "refund",
      amount: 1500,
      status: "succeeded",
      payment_intent: payment,
      reason: "requested_by_customer",
      metadata: { refund: "ref_1" },
    });
    const events = await shop.events();
    expect(typesOf(events)).toEqual([
      "refund.created",
      "charge.refunded",
      "refund.created",
      "charge.refunded",
    ]);
    expect(events[1]?.data).toMatchObject({
      object: { amount_refunded: 1000, refunded: false },
      previous_attributes: { amount_refunded: 0 },
    });
    expect(events[3]?.data).toMatchObject({
      object: { amount_refunded: 2500, refunded: true },
      previous_attributes: { amount_refunded: 1000, refunded: false },
    });
    expect(events[0]?.request?.idempotency_key).toMatch(/^stripe-node-retry-/);
  });

  it("never passes the charge, not even when many come at once", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        shop.stripe.refunds.create({ payment_intent: payment, amount: 300 }),
      ),
    );
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(8);
    const refunds = await shop.stripe.refunds.list({ payment_intent: payment, limit: 100 });
    expect(refunds.data.reduce((sum, { amount }) => sum + amount, 0)).toBe(2400);
    await expect(
      shop.stripe.refunds.create({ payment_intent: payment, amount: 101 }),
    ).rejects.toMatchObject({
      statusCode: 400,
      param: "amount",
      message: "Refund amount (€1.01) is greater than unrefunded amount on charge (€1.00)",
    });
    await shop.stripe.refunds.create({ payment_intent: payment });
    await expect(shop.stripe.refunds.create({ payment_intent: payment })).rejects.toMatchObject({
      code: "charge_already_refunded",
    });
  });

  it("above the whole charge is refused in other words", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await expect(
      shop.stripe.refunds.create({ payment_intent: payment, amount: 2501 }),
    ).rejects.toMatchObject({
      message: "Refund amount (€25.01) is greater than charge amount (€25.00)",
    });
  });

  it("needs a payment or a charge that took money", async () => {
    const shop = await openShop();
    await expect(shop.stripe.refunds.create({})).rejects.toMatchObject({
      code: "parameter_missing",
    });
    await expect(
      shop.stripe.refunds.create({ payment_intent: "pi_nothing" }),
    ).rejects.toMatchObject({ statusCode: 404, code: "resource_missing" });
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control(`/sessions/${id}/decline`, {});
    const [intent] = (await shop.stripe.paymentIntents.list()).data;
    await expect(
      shop.stripe.refunds.create({ payment_intent: intent?.id ?? "" }),
    ).rejects.toMatchObject({ message: expect.stringContaining("does not have a successful") });
  });

  it("can be made by charge, and read in the charge", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    const [charge] = (await shop.stripe.charges.list({ payment_intent: payment })).data;
    const id = charge?.id ?? "";
    const refund = await shop.stripe.refunds.create({ charge: id, amount: 5, expand: ["charge"] });
    expect(refund.charge).toMatchObject({ id, amount_refunded: 5 });
    const read = await shop.stripe.charges.retrieve(id, { expand: ["refunds"] });
    expect(read.refunds?.data).toMatchObject([{ id: refund.id }]);
    expect("refunds" in (await shop.stripe.charges.retrieve(id))).toBe(false);
  });

  it("that fails later gives its amount free again and says so", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    const { id } = await shop.stripe.refunds.create({ payment_intent: payment });
    await shop.take();
    await shop.control(`/refunds/${id}/fail`, {});
    const events = await shop.events();
    expect(typesOf(events)).toEqual(["refund.updated", "charge.refund.updated", "refund.failed"]);
    expect(events[0]?.data).toMatchObject({
      object: { status: "failed", failure_reason: expect.any(String) },
      previous_attributes: { status: "succeeded" },
    });
    expect((await shop.stripe.charges.list()).data).toMatchObject([
      { amount_refunded: 0, refunded: false },
    ]);
    await shop.stripe.refunds.create({ payment_intent: payment });
    await expect(shop.control(`/refunds/${id}/fail`, {})).rejects.toThrow("409");
  });

  it("of a slow payment is pending until the bank answers", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control(`/sessions/${id}/pay`, { method: "bank_transfer" });
    const [intent] = (await shop.stripe.paymentIntents.list()).data;
    const payment = intent?.id ?? "";
    await shop.control(`/payments/${payment}/settle`, { outcome: "succeeded" });
    const refund = await shop.stripe.refunds.create({ payment_intent: payment, amount: 2000 });
    expect(refund).toMatchObject({ status: "pending", pending_reason: "processing" });
    await expect(
      shop.stripe.refunds.create({ payment_intent: payment, amount: 501 }),
    ).rejects.toMatchObject({ param: "amount" });
    await shop.control(`/refunds/${refund.id}/succeed`, {});
    expect(await shop.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "succeeded" });
  });

  it("to a card can be made to wait as well", async () => {
    const shop = await openShop();
    await shop.control("/refunds/behaviour", { status: "pending" });
    const { payment } = await paidSession(shop);
    const refund = await shop.stripe.refunds.create({ payment_intent: payment });
    expect(refund.status).toBe("pending");
  });

  it("can be made from the dashboard, without any request of the shop", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await shop.take();
    await shop.control(`/payments/${payment}/refund`, { amount: 700 });
    const [created] = await shop.events();
    expect(created).toMatchObject({ type: "refund.created", request: { id: null } });
    await expect(shop.control(`/payments/${payment}/refund`, { amount: 9999 })).rejects.toThrow(
      "400",
    );
  });
});
