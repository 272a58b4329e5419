import { describe, expect, it } from "vitest";
import { fulfill, refund, type Sold, sell } from "../support/after-sale.ts";
import { expectError } from "../support/expect-error.ts";
import { arrive, refundsAtStripe } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { order } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const lines = [
  { amount: 2500, quantity: 2 },
  { amount: 1000, quantity: 1 },
];

describe("An order of which a part was sent", () => {
  const status = async (at: Sold) => (await order(at)).fulfillmentStatus;
  const units = (sku: string | undefined, quantity: number) => ({ sku, quantity, restock: "none" });
  const sendOne = (at: Sold) => fulfill(at, { items: [{ sku: at.skus[0], quantity: 1 }] });

  it("is fulfilled once the rest of its items is refunded, and its history says so", async () => {
    const at = await sell(lines);
    const [first, second] = at.skus;
    await sendOne(at);
    await refund(at, { items: [units(first, 1)] });
    expect(await status(at)).toBe("partially_fulfilled");
    await refund(at, { items: [units(second, 1)] });
    expect(await status(at)).toBe("fulfilled");
    expectError(await fulfill(at), 409, {
      code: "INVALID_TRANSITION",
      message: "There is nothing left of this order to send.",
    });
    const { body } = await asAdmin("GET", `/api/v1/orders/${at.orderId}/events`);
    const said = body.data.filter(({ type }: { type: string }) => type === "refund.created");
    expect(said.map(({ data }: { data: object }) => data)).toEqual([
      expect.not.objectContaining({ fulfillmentStatus: expect.anything() }),
      expect.objectContaining({ fulfillmentStatus: "fulfilled" }),
    ]);
    const audited = await rows<{ data: string }>(
      "SELECT data FROM audit_log WHERE action = 'order.refunded' ORDER BY rowid",
    );
    expect(audited.map(({ data }) => JSON.parse(data).fulfillmentStatus)).toEqual([
      undefined,
      "fulfilled",
    ]);
  });

  it("waits for the rest when its money goes back without items", async () => {
    const at = await sell(lines);
    await sendOne(at);
    await refund(at, { amount: { amount: 6000, currency: "USD" } });
    await settle();
    expect(await order(at)).toMatchObject({
      paymentStatus: "refunded",
      fulfillmentStatus: "partially_fulfilled",
    });
    expect((await fulfill(at, { despite: "refunded" })).status).toBe(201);
    expect(await status(at)).toBe("fulfilled");
  });

  it("owes nothing more once every unit is refunded", async () => {
    const at = await sell(lines);
    await sendOne(at);
    await refund(at);
    expect(await status(at)).toBe("fulfilled");
    expectError(await fulfill(at, { despite: "refunded" }), 409, {
      code: "INVALID_TRANSITION",
      message: "There is nothing left of this order to send.",
    });
  });

  it("is fulfilled whether the last parcel or the last refund comes first", async () => {
    for (const reversed of [false, true]) {
      const at = await sell(lines);
      const [first, second] = at.skus;
      await sendOne(at);
      const last = [
        () => fulfill(at, { items: [{ sku: first, quantity: 1 }] }),
        () => refund(at, { items: [units(second, 1)] }),
      ];
      const answers = await Promise.all((reversed ? last.reverse() : last).map((step) => step()));
      expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
      expect(await status(at)).toBe("fulfilled");
    }
  });

  it("stays fulfilled when the refund fails at the bank, and what it was for can be sent", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await sell(lines);
    const [first, second] = at.skus;
    await sendOne(at);
    await refund(at, { items: [units(first, 1), units(second, 1)] });
    await settle();
    const [made] = await refundsAtStripe();
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    expect(await order(at)).toMatchObject({
      fulfillmentStatus: "fulfilled",
      attention: { reason: "refund_failed" },
    });
    expect((await sendOne(at)).status).toBe(201);
    expect((await fulfill(at)).body.data.items).toEqual([{ sku: second, quantity: 1 }]);
    expect(await status(at)).toBe("fulfilled");
  });

  it("is one of which something was sent: of one that is refunded whole nothing was", async () => {
    const at = await sell(lines);
    const [first, second] = at.skus;
    await refund(at, { items: [units(first, 2), units(second, 1)] });
    expect(await status(at)).toBe("unfulfilled");
  });
});
