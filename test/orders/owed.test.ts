import { describe, expect, it } from "vitest";
import { fulfill, mailsAbout, refund, sell } from "../support/after-sale.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { arrive, dispute } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { level, order } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
const two = [{ amount: 2500, quantity: 2 }];
const nothingLeft = {
  code: "INVALID_TRANSITION",
  message: "There is nothing left of this order to send.",
};
const unitsOf = (sku: string | undefined, quantity: number, restock: string) => ({
  items: [{ sku, quantity, restock }],
});

describe("What is refunded is not owed", () => {
  it("so that three units are not sold out of two: one canceled, at most one is sent", async () => {
    const at = await sell(two);
    const [sku = ""] = at.skus;
    await refund(at, unitsOf(sku, 1, "cancel"));
    expect(await level(sku)).toMatchObject({ onHand: 9 });
    expectError(
      await fulfill(at, { items: [{ sku, quantity: 2 }] }),
      422,
      invalid({ "items[0].quantity": "Only 1 of 2 are left to send." }),
    );
    expect((await fulfill(at)).body.data.items).toEqual([{ sku, quantity: 1 }]);
    expectError(await fulfill(at), 409, nothingLeft);
  });

  it("however they are refunded: money alone takes what was not sent first", async () => {
    const at = await sell([{ amount: 2500, quantity: 3 }]);
    const [sku = ""] = at.skus;
    await fulfill(at, { items: [{ sku, quantity: 1 }] });
    await refund(at, unitsOf(sku, 1, "none"));
    expectError(
      await fulfill(at, { items: [{ sku, quantity: 2 }] }),
      422,
      invalid({ "items[0].quantity": "Only 1 of 3 are left to send." }),
    );
    await refund(at, unitsOf(sku, 2, "none"));
    expect(await order(at)).toMatchObject({ fulfillmentStatus: "fulfilled" });
    expect(await level(sku)).toMatchObject({ onHand: 7 });
  });

  it("and only what was sent can be returned, only what was not can be canceled", async () => {
    const at = await sell(two);
    const [sku = ""] = at.skus;
    expectError(
      await refund(at, unitsOf(sku, 1, "return")),
      422,
      invalid({ "items[0].restock": "Only 0 of 2 were sent and are not back." }),
    );
    await fulfill(at, { items: [{ sku, quantity: 1 }] });
    expectError(
      await refund(at, unitsOf(sku, 2, "cancel")),
      422,
      invalid({ "items[0].restock": "Only 1 of 2 are still to be sent." }),
    );
    expect((await refund(at, unitsOf(sku, 1, "return"))).status).toBe(201);
    expect(await level(sku)).toMatchObject({ onHand: 9 });
    expect((await fulfill(at)).body.data.items).toEqual([{ sku, quantity: 1 }]);
  });

  it("and what was canceled has not come back: what was sent still can", async () => {
    const at = await sell(two);
    const [sku = ""] = at.skus;
    await refund(at, unitsOf(sku, 1, "cancel"));
    await fulfill(at);
    expect((await refund(at, unitsOf(sku, 1, "return"))).status).toBe(201);
    expect(await level(sku)).toMatchObject({ onHand: 10 });
  });

  it("also when the refund fails at the bank after its units went to the shelf", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await sell(two);
    const [sku = ""] = at.skus;
    await refund(at, unitsOf(sku, 2, "cancel"));
    await settle();
    const [made] = await rows<{ id: string }>("SELECT provider_refund_id AS id FROM refunds");
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    expectError(await fulfill(at), 409, nothingLeft);
    await rows(
      "INSERT INTO fulfillments (id, order_id, actor, created_at) VALUES ('ful_x', ?, 'test', 1)",
      at.orderId,
    );
    const parcel = rows(
      "INSERT INTO fulfillment_lines (fulfillment_id, order_id, sku, quantity) VALUES ('ful_x', ?, ?, 1)",
      ...[at.orderId, sku],
    );
    await expect(parcel).rejects.toThrow("units_exceed_items");
    await rows("DELETE FROM fulfillments");
  });

  it("by refunding and sending at once either: what goes to the shelf is not sent", async () => {
    const at = await sell(two);
    const [sku = ""] = at.skus;
    const answers = await Promise.all([refund(at, unitsOf(sku, 2, "cancel")), fulfill(at)]);
    expect(answers.map(({ status }) => status === 201)).toContain(true);
    const { onHand } = await level(sku);
    const { fulfillments } = await order(at);
    expect(onHand + 2 * fulfillments.length).toBe(10);
  });

  it("in the database's own count, whoever writes", async () => {
    const at = await sell(two);
    const [sku = ""] = at.skus;
    await refund(at, { amount: usd(1), ...unitsOf(sku, 1, "cancel") });
    const line = (restock: string, quantity: number, unsent: number) =>
      rows(
        `INSERT INTO refund_lines (refund_id, order_id, sku, quantity, restock, unsent)
         SELECT id || 'x', order_id, ?, ?, ?, ? FROM refunds`,
        ...[sku, quantity, restock, unsent],
      );
    await expect(line("cancel", 1, 0)).rejects.toThrow("refund_lines_restock");
    await expect(line("none", 1, 0)).rejects.toThrow("units_exceed_items");
    await expect(line("return", 1, 0)).rejects.toThrow("units_exceed_items");
    await fulfill(at);
    await expect(line("cancel", 1, 1)).rejects.toThrow("units_exceed_items");
    await expect(line("none", 1, 1)).rejects.toThrow("units_exceed_items");
  });
});

describe("Units alone can be taken back, with an amount of zero", () => {
  it("once all of the money is back", async () => {
    const at = await sell(two);
    const [sku = ""] = at.skus;
    await refund(at, { amount: usd(5000) });
    await settle();
    const answer = await refund(at, { amount: usd(0), ...unitsOf(sku, 2, "cancel") });
    expect(answer.body.data).toMatchObject({ status: "succeeded", amount: usd(0) });
    expect(await level(sku)).toMatchObject({ onHand: 10 });
    expect(await order(at)).toMatchObject({ paymentStatus: "refunded", refunded: usd(5000) });
    expect(await mailsAbout(at, /refund/)).toHaveLength(1);
  });
});

describe("An order whose money is back is not sent", () => {
  const refused = (word: string, why: string) => ({
    code: "INVALID_TRANSITION",
    message: `${why} To send it all the same, say "despite": "${word}".`,
  });
  const REFUNDED = refused("refunded", "All of this order's money is back, or on its way back.");
  const DISPUTED = refused("disputed", "The customer's bank is looking into this payment.");
  const asDisputed = (at: Awaited<ReturnType<typeof sell>>) => ({
    ...at,
    sku: "",
    reservationId: "",
  });

  it("after a refund of the whole amount, from its promise on", async () => {
    const at = await sell(two);
    await refund(at, { amount: usd(5000) });
    expectError(await fulfill(at), 409, REFUNDED);
    await settle();
    expectError(await fulfill(at, { despite: "disputed" }), 409, REFUNDED);
    expect((await order(at)).fulfillments).toEqual([]);
  });

  it("after a full refund in the provider's dashboard", async () => {
    const at = await sell(two);
    await stripe.control(`/payments/${at.payment}/refund`, { amount: 5000 });
    await arrive();
    expectError(await fulfill(at), 409, REFUNDED);
  });

  it("while a dispute is open and after it is lost, but after it is won", async () => {
    const lost = await sell(two);
    await dispute(asDisputed(lost), "opened");
    await arrive();
    expectError(await fulfill(lost), 409, DISPUTED);
    expectError(await fulfill(lost, { despite: "refunded" }), 409, DISPUTED);
    await dispute(asDisputed(lost), "lost");
    await arrive();
    expectError(await fulfill(lost), 409, REFUNDED);
    const won = await sell(two);
    for (const end of ["opened", "won"] as const) {
      await dispute(asDisputed(won), end);
      await arrive();
    }
    expect((await fulfill(won)).status).toBe(201);
  });

  it("unless whoever sends it says so, which the history and the audit log keep", async () => {
    const at = await sell(two);
    await dispute(asDisputed(at), "opened");
    await arrive();
    expect((await fulfill(at, { despite: "disputed" })).status).toBe(201);
    const { body } = await asAdmin("GET", `/api/v1/orders/${at.orderId}/events`);
    expect(body.data.at(-1)).toMatchObject({
      type: "order.fulfilled",
      data: { despite: "disputed" },
    });
    const [line] = await rows<{ data: string }>(
      "SELECT data FROM audit_log WHERE action = 'order.fulfilled'",
    );
    expect(JSON.parse(line?.data ?? "")).toMatchObject({ despite: "disputed" });
  });

  it("in the database's own eyes, whoever writes", async () => {
    const parcel = (orderId: string, despite: string | null) =>
      rows(
        "INSERT INTO fulfillments (id, order_id, despite, actor, created_at) VALUES (?, ?, ?, 'test', 1)",
        ...[`ful_${despite}`, orderId, despite],
      );
    const back = await sell(two);
    await refund(back, { amount: usd(5000) });
    await expect(parcel(back.orderId, null)).rejects.toThrow("order_refunded");
    const disputed = await sell(two);
    await dispute(asDisputed(disputed), "opened");
    await arrive();
    await expect(parcel(disputed.orderId, null)).rejects.toThrow("order_disputed");
    await expect(parcel(disputed.orderId, "refunded")).rejects.toThrow("order_disputed");
    const sound = await sell(two);
    await expect(parcel(sound.orderId, "because")).rejects.toThrow("fulfillments_despite");
  });
});
