import { describe, expect, it } from "vitest";
import { openShop, paidSession, type Shop, typesOf } from "./stripe-emulator-support.ts";

async function paid() {
  const shop = await openShop();
  const { payment } = await paidSession(shop);
  await shop.take();
  return { shop, payment };
}

function move(shop: Shop, payment: string, status: string, how: object = {}) {
  return shop.control(`/payments/${payment}/dispute`, { status, ...how });
}

async function only(shop: Shop) {
  const { data } = await shop.stripe.disputes.list();
  expect(data).toHaveLength(1);
  return await shop.stripe.disputes.retrieve(data[0]?.id ?? "");
}

describe("a dispute", () => {
  async function disputed() {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await shop.control(`/payments/${payment}/dispute`, { status: "opened" });
    const [dispute] = (await shop.stripe.disputes.list({ payment_intent: payment })).data;
    await shop.take();
    return { shop, payment, id: dispute?.id ?? "" };
  }

  it("takes the money back and forbids refunds while it is open", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await shop.take();
    await shop.control(`/payments/${payment}/dispute`, { status: "opened" });
    expect(typesOf(await shop.events())).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
    ]);
    expect((await shop.stripe.disputes.list()).data).toMatchObject([
      { status: "needs_response", amount: 2500, is_charge_refundable: false },
    ]);
    await expect(shop.stripe.refunds.create({ payment_intent: payment })).rejects.toMatchObject({
      code: "charge_disputed",
    });
    expect((await shop.stripe.charges.list()).data).toMatchObject([{ disputed: true }]);
  });

  it("that is won brings the money back", async () => {
    const { shop, payment, id } = await disputed();
    await shop.control(`/payments/${payment}/dispute`, { status: "won" });
    expect(typesOf(await shop.events())).toEqual([
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ]);
    expect(await shop.stripe.disputes.retrieve(id)).toMatchObject({ status: "won" });
    await shop.stripe.refunds.create({ payment_intent: payment });
  });

  it("that is lost stays lost", async () => {
    const { shop, payment } = await disputed();
    await shop.control(`/payments/${payment}/dispute`, { status: "under_review" });
    await shop.control(`/payments/${payment}/dispute`, { status: "lost" });
    expect(typesOf(await shop.events())).toEqual([
      "charge.dispute.updated",
      "charge.dispute.closed",
    ]);
    await expect(shop.control(`/payments/${payment}/dispute`, { status: "won" })).rejects.toThrow(
      "409",
    );
  });

  it("can be given up through the API", async () => {
    const { shop, id } = await disputed();
    expect(await shop.stripe.disputes.close(id)).toMatchObject({ status: "lost" });
    await expect(shop.stripe.disputes.close(id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it("can be about a part of the charge, but not about more than that", async () => {
    const { shop, payment } = await paid();
    await expect(move(shop, payment, "opened", { amount: 2501 })).rejects.toThrow("409");
    await move(shop, payment, "opened", { amount: 900 });
    expect(await only(shop)).toMatchObject({
      amount: 900,
      balance_transactions: [{ amount: -900, type: "adjustment" }],
      payment_method_details: { card: { case_type: "chargeback" } },
    });
    await expect(move(shop, payment, "opened")).rejects.toThrow("409");
  });

  it("is seen in the payment, with what was refunded", async () => {
    const { shop, payment } = await paid();
    await shop.stripe.refunds.create({ payment_intent: payment, amount: 500 });
    await move(shop, payment, "opened");
    const expand = { expand: ["latest_charge"] };
    expect(await shop.stripe.paymentIntents.retrieve(payment, expand)).toMatchObject({
      latest_charge: { disputed: true, amount_refunded: 500, refunded: false },
    });
    expect(await only(shop)).toMatchObject({ amount: 2000 });
  });

  it("that is lost forbids refunds for ever", async () => {
    const { shop, payment } = await paid();
    await move(shop, payment, "opened");
    await move(shop, payment, "lost");
    await expect(shop.stripe.refunds.create({ payment_intent: payment })).rejects.toMatchObject({
      statusCode: 400,
      code: "charge_disputed",
    });
  });
});

describe("an inquiry", () => {
  it("takes no money, allows refunds and can end there", async () => {
    const { shop, payment } = await paid();
    await move(shop, payment, "warning_needs_response");
    expect(await only(shop)).toMatchObject({
      status: "warning_needs_response",
      balance_transactions: [],
      is_charge_refundable: true,
      payment_method_details: { card: { case_type: "inquiry" } },
    });
    await shop.stripe.refunds.create({ payment_intent: payment, amount: 1 });
    await expect(move(shop, payment, "won")).rejects.toThrow("409");
    await move(shop, payment, "warning_under_review");
    await move(shop, payment, "warning_closed");
    const types = typesOf(await shop.events()).filter((type) => type.includes("dispute"));
    expect(types).toEqual([
      "charge.dispute.created",
      "charge.dispute.updated",
      "charge.dispute.closed",
    ]);
    expect(await only(shop)).toMatchObject({ status: "warning_closed" });
    await move(shop, payment, "opened");
    expect((await shop.stripe.disputes.list()).data).toHaveLength(2);
  });

  it("can become a dispute", async () => {
    const { shop, payment } = await paid();
    await move(shop, payment, "warning_needs_response");
    await shop.take();
    await move(shop, payment, "opened");
    const events = await shop.events();
    expect(typesOf(events)).toEqual(["charge.dispute.updated", "charge.dispute.funds_withdrawn"]);
    expect(events[0]?.data).toMatchObject({
      object: { status: "needs_response", is_charge_refundable: false },
      previous_attributes: { status: "warning_needs_response" },
    });
    await move(shop, payment, "won");
    expect(await only(shop)).toMatchObject({
      status: "won",
      balance_transactions: [{ amount: -2500 }, { amount: 2500 }],
    });
  });
});
