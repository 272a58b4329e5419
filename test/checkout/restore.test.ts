import { describe, expect, it } from "vitest";
import { fulfill, mailsAbout, refund, type Sold } from "../support/after-sale.ts";
import { discount, makeDiscount } from "../support/discounts.ts";
import { databaseInterrupted } from "../support/faults.ts";
import { servicesWith } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import { asAdmin, registerPerson } from "../support/people.ts";
import { BANK, eventsAreRead, MINUTE_MS, nextRun, outage, run } from "../support/reconcile.ts";
import { buy, calls, OPERATORS, replayFailed, takeMoment } from "../support/restore.ts";
import { checkOut, checkOutAs, level, makeSku, order, reserve } from "../support/shop.ts";
import { deliver, deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 60 * MINUTE_MS;
/** An order of a SKU that is paid, of which the shop has not been told. */
async function pay(sku: string) {
  const told = (await checkOut({ items: [{ sku, quantity: 1 }] })).body.data;
  const { payment_intent: payment } = await stripe.pay(told.paymentUrl);
  return { told, payment };
}

const historyOf = async ({ orderId }: Sold) =>
  (
    await rows<{ type: string }>(
      "SELECT type FROM order_events WHERE order_id = ? ORDER BY seq",
      orderId,
    )
  ).map(({ type }) => type);

/** An order of a hold that was there at the moment to which the database goes back, and is there again. */
async function loseOrderOfHold(stock: number) {
  const sku = await makeSku(stock);
  const reservationId: string = (await reserve([{ sku, quantity: 1 }])).body.data.id;
  await run();
  const putBack = await takeMoment();
  const lost = await buy(sku, { items: undefined, reservationId });
  await putBack();
  return { sku, reservationId, lost };
}

describe("An order that was lost by a restore", () => {
  it("is written again from its payment: its id, number, lines and prices, and its goods are not sold again", async () => {
    const sku = await makeSku(2);
    await run();
    const kept = await buy(sku);
    const putBack = await takeMoment();
    const lost = await buy(sku);
    const before = await order(lost);
    await putBack();
    expect(await level(sku)).toMatchObject({ onHand: 1 });
    await rows("UPDATE variants SET amount = 9900 WHERE sku = ?", sku);

    expect(await nextRun()).toMatchObject({ missing: 1, orphans: 0 });
    const { updatedAt, payments, attention, ...after } = await order(lost);
    const { updatedAt: _, payments: paid, attention: nobody, ...was } = before;
    expect(after).toEqual(was);
    expect([attention.reason, nobody]).toEqual(["restored", null]);
    expect(payments).toMatchObject([{ status: "succeeded", amount: paid[0].amount }]);
    expect(await historyOf(lost)).toEqual(["order.created", "order.restored", "order.paid"]);
    expect(await level(sku)).toMatchObject({ onHand: 0, reserved: 0 });
    expect((await order(kept)).attention).toBeNull();
    expect(await calls()).toEqual(["Orders were written again from their payments"]);
    expect((await checkOut({ items: [{ sku, quantity: 1 }] })).status).toBe(409);
  });

  it("keeps its number, and the next order has one that nobody had", async () => {
    const sku = await makeSku(9);
    await run();
    const putBack = await takeMoment();
    const lost = [await buy(sku), await buy(sku)];
    expect(lost.map(({ orderNumber }) => orderNumber)).toEqual([1001, 1002]);
    await putBack();
    await nextRun();
    for (const one of lost) expect((await order(one)).number).toBe(one.orderNumber);
    expect((await buy(sku)).orderNumber).toBe(1003);
  });

  it("whose number another order has by now gets a new one, and both are found", async () => {
    const sku = await makeSku(9);
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku);
    await putBack();
    const other = await buy(sku);
    expect(other.orderNumber).toBe(lost.orderNumber);
    await nextRun();
    expect((await order(lost)).number).toBe(1002);
    expect((await order(other)).number).toBe(1001);
  });

  it("has its code, its address, its delivery and its account again", async () => {
    const sku = await makeSku(9);
    const code = await makeDiscount();
    const person = await registerPerson();
    await run();
    const putBack = await takeMoment();
    const shippingAddress = {
      ...{ name: "Ada Lovelace", line1: "St James's Square 12", city: "London" },
      ...{ postalCode: "SW1Y 4JH", country: "GB" },
    };
    const { text, body } = await checkOutAs(person, {
      ...{ items: [{ sku, quantity: 2 }], discountCode: code.code, shippingAddress },
      email: person.email,
    });
    expect(text).toContain("paymentUrl");
    await stripe.pay(body.data.paymentUrl, { email: person.email });
    await deliverAll();
    await settle();
    const read = () => asAdmin("GET", `/api/v1/orders/${body.data.orderId}`);
    const before = (await read()).body.data;
    await putBack();
    await nextRun();
    const after = (await read()).body.data;
    for (const field of ["discountCode", "discount", "total", "shippingAddress", "email"])
      expect([field, after[field]]).toEqual([field, before[field]]);
    expect(after.discountCode).toBe(code.code);
    expect((await discount(code)).uses).toBe(1);
    expect(await rows("SELECT account_id AS id FROM orders")).toEqual(
      await rows("SELECT account_id AS id FROM users WHERE id = ?", person.id),
    );
  });

  it("is written again although its code is not good any more", async () => {
    const sku = await makeSku(9);
    const code = await makeDiscount({ kind: "percentage", percentOff: 10, maxUses: 1 });
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku, { discountCode: code.code });
    await putBack();
    await buy(sku, { discountCode: code.code });
    await nextRun();
    expect(await order(lost)).toMatchObject({ status: "paid", discountCode: code.code });
    expect((await discount(code)).uses).toBe(1);
  });

  it("has what went back of it booked again", async () => {
    const sku = await makeSku(9);
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku);
    expect((await refund(lost, { amount: { amount: 700, currency: "USD" } })).status).toBe(201);
    await deliverAll();
    await settle();
    await putBack();
    await nextRun();
    await nextRun();
    expect(await order(lost)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: { amount: 700 },
    });
  });

  it("waits for its bank again, with its goods", async () => {
    const sku = await makeSku(2);
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku, {}, BANK);
    await putBack();
    await nextRun();
    expect(await order(lost)).toMatchObject({ paymentStatus: "processing" });
    await travel(HOUR_MS);
    await cron();
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 1 });
    await stripe.settle(lost.payment, "succeeded");
    await deliverAll();
    await settle();
    expect((await order(lost)).status).toBe("paid");
  });

  it.each([9, 1])(
    "is written once, though its webhook, its refund and the comparison tell of it at the same time, of %i",
    async (stock) => {
      const sku = await makeSku(stock);
      await run();
      const putBack = await takeMoment();
      const lost = await buy(sku);
      await stripe.control(`/payments/${lost.payment}/refund`, { amount: 100 });
      await putBack();
      await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
      await travel(2 * HOUR_MS);
      await Promise.all([run(), run(), deliverAll()]);
      await settle();
      await nextRun();
      expect(await rows("SELECT id FROM orders")).toEqual([{ id: lost.orderId }]);
      expect(await level(sku)).toMatchObject({ onHand: stock - 1, reserved: 0 });
      expect(await order(lost)).toMatchObject({ refunded: { amount: 100 } });
      expect(await calls()).toEqual(["Orders were written again from their payments"]);
    },
  );

  it("calls nobody to it where somebody else has written it with the last of its goods meanwhile", async () => {
    const sku = await makeSku(1);
    await eventsAreRead();
    const putBack = await takeMoment();
    await outage();
    const { told } = await pay(sku);
    await putBack();
    await travel(75 * MINUTE_MS);
    // Its own hold is gone, and what is left for another one goes to the first.
    const database = databaseInterrupted(/insert into "?reservations/i, () => run());
    await run({}, servicesWith({ DB: database as D1Database }));
    await settle();
    await nextRun();
    expect((await order(told)).status).toBe("paid");
    expect(await calls()).toEqual(["Orders were written again from their payments"]);
  });

  it("is found by its payment page where no event tells of it", async () => {
    const sku = await makeSku(2);
    await eventsAreRead();
    const putBack = await takeMoment();
    await outage();
    const { told } = await pay(sku);
    await putBack();
    await travel(75 * MINUTE_MS);
    expect(await nextRun()).toMatchObject({ missing: 0, restored: 1, orphans: 0 });
    expect((await order(told)).status).toBe("paid");
    expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 0 });
    expect(await nextRun()).toMatchObject({ restored: 0, repaired: 0 });
  });

  it("is found by the news of its refund alone", async () => {
    const sku = await makeSku(2);
    await eventsAreRead();
    const putBack = await takeMoment();
    const { told, payment } = await pay(sku);
    await stripe.control(`/payments/${payment}/refund`, { amount: 100 });
    await putBack();
    const deliveries = await stripe.take();
    for (const one of deliveries.filter(({ type }) => type === "charge.refunded"))
      await deliver(one);
    await settle();
    expect(await order(told)).toMatchObject({ status: "paid", refunded: { amount: 100 } });
  });

  it("whose goods are gone calls a person to its payment, and is written once they have seen to it", async () => {
    const sku = await makeSku(1);
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku);
    await putBack();
    const other = await buy(sku);
    await travel(2 * HOUR_MS);
    await nextRun();
    expect((await order(other)).status).toBe("paid");
    const [mail] = await mailTo(OPERATORS);
    expect(mail?.subject).toBe("A payment of $25.00 has no order");
    expect(mail?.text).toContain("there is not enough left");
    expect(mail?.text).toContain(lost.payment);
    expect(await calls()).toHaveLength(1);
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
      body: { kind: "receive", quantity: 1, reason: "Found it" },
    });
    await replayFailed();
    expect(await order(lost)).toMatchObject({ status: "paid", attention: { reason: "restored" } });
    expect(await level(sku)).toMatchObject({ onHand: 0 });
  });

  it("has its own hold again, where the database still has that: its goods are not held twice", async () => {
    const { sku, reservationId, lost } = await loseOrderOfHold(1);
    expect(await nextRun()).toMatchObject({ orphans: 0 });
    expect(await order(lost)).toMatchObject({ status: "paid", attention: { reason: "restored" } });
    expect(await level(sku)).toMatchObject({ onHand: 0, reserved: 0 });
    const committed = [{ id: reservationId, status: "committed" }];
    expect(await rows("SELECT id, status FROM reservations")).toEqual(committed);
    expect(await calls()).toEqual(["Orders were written again from their payments"]);
  });

  it("has a new hold where its own is another order's by now", async () => {
    const { sku, reservationId, lost } = await loseOrderOfHold(2);
    const other = await buy(sku, { items: undefined, reservationId });
    await nextRun();
    for (const one of [lost, other]) expect((await order(one)).status).toBe("paid");
    expect(await level(sku)).toMatchObject({ onHand: 0, reserved: 0 });
  });

  it("is nothing to write again when nobody paid: the news of its end is ignored", async () => {
    const sku = await makeSku(9);
    await run();
    const putBack = await takeMoment();
    const { body } = await checkOut({ items: [{ sku, quantity: 1 }] });
    await putBack();
    await travel(2 * HOUR_MS);
    await deliverAll();
    await nextRun();
    expect(await rows("SELECT id FROM orders WHERE id = ?", body.data.orderId)).toEqual([]);
    expect(await rows("SELECT DISTINCT status FROM webhook_events")).toEqual([
      { status: "ignored" },
    ]);
  });

  it("that was there, and was paid after the moment, is paid without being written again", async () => {
    const sku = await makeSku(9);
    await run();
    const { body } = await checkOut({ items: [{ sku, quantity: 1 }] });
    const putBack = await takeMoment();
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    await fulfill(body.data);
    await putBack();
    await nextRun();
    expect(await order(body.data)).toMatchObject({ status: "paid", attention: null });
    expect(await historyOf(body.data)).toEqual(["order.created", "order.paid"]);
    expect(await mailsAbout(body.data, /receipt/i)).not.toEqual([]);
  });
});
