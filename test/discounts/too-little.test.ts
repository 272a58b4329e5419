import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import { discount, HALF, holdForCents, makeDiscount, REFUSED } from "../support/discounts.ts";
import { expectError } from "../support/expect-error.ts";
import type { Answer } from "../support/http.ts";
import {
  asHolder,
  checkOut,
  checkOutAs,
  level,
  makeSku,
  order,
  reserveAs,
} from "../support/shop.ts";
import { askStripe, deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;

const read = async (id: string) => (await asHolder("GET", id)).body.data;

describe("A code that leaves less than Stripe takes", () => {
  it("is named as what is wrong, and the hold stays for a try without it", async () => {
    const made = await makeDiscount({ ...HALF, maxUsesPerCustomer: 1 });
    const { sku, reservationId } = await holdForCents();
    const before = await read(reservationId);
    expectError(await checkOut({ reservationId, discountCode: made.code }), 422, REFUSED);
    expect(await read(reservationId)).toEqual(before);
    expect(before).toMatchObject({ status: "held", orderId: null });
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 1 });
    expect((await discount(made)).uses).toBe(0);
    expect(
      await rows(
        "SELECT o.status, p.status AS payment, e.data FROM orders o JOIN payments p ON p.order_id = o.id JOIN order_events e ON e.order_id = o.id AND e.seq = o.version",
      ),
    ).toEqual([
      {
        status: "canceled",
        payment: "expired",
        data: JSON.stringify({
          reason: "payment_refused",
          total: { amount: 30, currency: "USD" },
          discountCode: made.code,
        }),
      },
    ]);
    const { status, body } = await checkOut({ reservationId });
    expect(status).toBe(201);
    expect((await read(reservationId)).orderId).toBe(body.data.orderId);
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(body.data)).toMatchObject({ status: "paid", total: { amount: 60 } });
    expect(await level(sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("gets the same answer for the same key, and may be tried again for another", async () => {
    const { code: discountCode } = await makeDiscount(HALF);
    const { sku, reservationId } = await holdForCents();
    const first = await checkOut({ reservationId, discountCode }, "the-key");
    expectError(first, 422, REFUSED);
    const again = await checkOut({ reservationId, discountCode }, "the-key");
    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await rows("SELECT id FROM orders")).toHaveLength(1);
    expectError(await checkOut({ reservationId, discountCode }), 422, REFUSED);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("leaves a hold that ends when it said, or when it is given back", async () => {
    const { code: discountCode } = await makeDiscount(HALF);
    const [left, returned] = [await holdForCents(), await holdForCents()];
    for (const { reservationId } of [left, returned])
      expectError(await checkOut({ reservationId, discountCode }), 422, REFUSED);
    const given = await asHolder("DELETE", returned.reservationId);
    expect(given.status).toBe(204);
    expect(await level(returned.sku)).toMatchObject({ reserved: 0 });
    await travel(15 * MINUTE_MS);
    expectError(await checkOut({ reservationId: left.reservationId }), 410, {
      code: "RESERVATION_EXPIRED",
      message: "The reservation has ended. Reserve again to go on.",
    });
    await cron();
    expect(await read(left.reservationId)).toMatchObject({ status: "expired" });
    expect(await level(left.sku)).toMatchObject({ reserved: 0 });
  });

  it("leaves what its order keeps of the hold to the account that made it", async () => {
    const { code: discountCode } = await makeDiscount(HALF);
    const member = await makeMember();
    const sku = await makeSku(5, { amount: 60, currency: "USD" });
    const { body } = await reserveAs(member, [{ sku, quantity: 1 }]);
    const reservationId = body.data.id;
    expectError(await checkOutAs(member, { reservationId, discountCode }), 422, REFUSED);
    const { accountId } = member;
    expect(
      await rows("SELECT status, account_id AS accountId FROM reservations ORDER BY status"),
    ).toEqual([
      { status: "held", accountId },
      { status: "released", accountId },
    ]);
  });

  it("leaves nothing held where the checkout itself had taken the hold", async () => {
    const { code: discountCode } = await makeDiscount(HALF);
    const sku = await makeSku(5, { amount: 60, currency: "USD" });
    expectError(await checkOut({ items: [{ sku, quantity: 1 }], discountCode }), 422, REFUSED);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("leaves nothing behind, however many ask at once while the hold is given back", async () => {
    const made = await makeDiscount(HALF);
    for (let round = 0; round < 5; round += 1) {
      const { sku, reservationId } = await holdForCents();
      // Whoever has no token yet of an order that is being made asks again.
      const giveBack = async (): Promise<Answer> => {
        const answer = await asHolder("DELETE", reservationId);
        return answer.status === 404 ? giveBack() : answer;
      };
      const ask = () => checkOut({ reservationId, discountCode: made.code });
      const answers = await Promise.all([ask(), ask(), giveBack(), ask()]);
      const [first, second, returned, third] = answers;
      for (const answer of [first, second, third])
        expect([409, 410, 422]).toContain(answer?.status);
      expect(returned?.status).toBe(204);
      expect(await read(reservationId)).toMatchObject({ status: "released" });
      expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0 });
    }
    expect((await discount(made)).uses).toBe(0);
  });

  it("is not what is wrong where Stripe takes no payment that large", async () => {
    const { code: discountCode } = await makeDiscount({ kind: "percentage", percentOff: 1 });
    const sku = await makeSku(5, { amount: 99_999_999, currency: "USD" });
    const refused = await checkOut({ items: [{ sku, quantity: 2 }], discountCode });
    expect([refused.status, refused.body.error.fields]).toEqual([
      422,
      { items: "It is more than one payment can be." },
    ]);
  });

  it("is not what is wrong where the goods alone are too little", async () => {
    const { sku, reservationId } = await holdForCents();
    const { code: discountCode } = await makeDiscount({ kind: "percentage", percentOff: 1 });
    const cheap = await makeSku(5, { amount: 40, currency: "USD" });
    const { fields: _, ...plain } = REFUSED;
    const items = [{ sku: cheap, quantity: 1 }];
    expectError(await checkOut({ items, discountCode }), 422, plain);
    expectError(await checkOut({ items }), 422, plain);
    expect((await checkOut({ reservationId, discountCode })).status).toBe(201);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });
});

describe("A percentage that rounds to nothing", () => {
  it("takes nothing off, and asks Stripe for no coupon of nothing", async () => {
    const made = await makeDiscount({ kind: "percentage", percentOff: 1 });
    const sku = await makeSku(5, { amount: 490, currency: "KWD" });
    const { status, body } = await checkOut({
      items: [{ sku, quantity: 1 }],
      discountCode: made.code,
    });
    expect(status).toBe(201);
    expect((await askStripe<{ data: object[] }>("/coupons")).data).toEqual([]);
    expect(await sessions()).toMatchObject([{ amount_total: 490, currency: "kwd" }]);
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(body.data)).toMatchObject({
      status: "paid",
      attention: null,
      discountCode: made.code,
      discount: { amount: 0 },
    });
    expect((await discount(made)).uses).toBe(1);
  });
});
