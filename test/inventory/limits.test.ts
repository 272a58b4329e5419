import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund } from "../support/after-sale.ts";
import { makeMember, makeSession } from "../support/credentials.ts";
import { sendWrongForm } from "../support/forms.ts";
import type { Answer } from "../support/http.ts";
import { arrive } from "../support/money-back.ts";
import {
  checkOut,
  checkOutAs,
  level,
  makeSku,
  order,
  reserve,
  reserveAs,
} from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 60 * 60_000;
const USD = { amount: 2500, currency: "USD" };
const of = (sku: string, quantity = 1) => [{ sku, quantity }];

/** All of a variant that its buyer may have, paid for and sent to them. */
async function sendTwo() {
  const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
  const buyer = { email: "eve@example.com" };
  const at = (await checkOut({ items: of(sku, 2), ...buyer })).body.data;
  await stripe.pay(at.paymentUrl);
  await arrive();
  expect((await fulfill(at)).status).toBe(201);
  return { sku, buyer, at };
}

function expectOver(answer: Answer, details: object): void {
  expect([answer.status, answer.body.error?.code, answer.body.error?.details]).toEqual([
    422,
    "BUSINESS_RULE_VIOLATION",
    [details],
  ]);
}

describe("No order has more of a variant than its limit", () => {
  it("of 10 where nobody has said another, lines of one SKU summed", async () => {
    const sku = await makeSku(50);
    const items = [...of(sku, 6), ...of(sku, 5)];
    expectOver(await reserve(items), { sku, limit: 10, held: 0 });
    expectOver(await checkOut({ items }), { sku, limit: 10, held: 0 });
    expect(await level(sku)).toMatchObject({ reserved: 0 });
    expect((await reserve([...of(sku, 5), ...of(sku, 5)])).status).toBe(201);
    expect((await checkOut({ items: of(sku, 10) })).status).toBe(201);
  });

  it("of its own, and the database refuses it also where nobody asked the API", async () => {
    const sku = await makeSku(50, USD, { maxPerOrder: 2 });
    const other = await makeSku(50, USD, { maxPerOrder: 40 });
    expectOver(await reserve([...of(other, 40), ...of(sku, 3)]), { sku, limit: 2, held: 0 });
    const { body } = await reserve([...of(other, 40)]);
    expect(body.data.items).toEqual(of(other, 40));
    const byHand = rows(
      "INSERT INTO reservation_lines (reservation_id, sku, quantity) VALUES (?, ?, 3)",
      ...[body.data.id, sku],
    );
    await expect(byHand).rejects.toThrow("max_per_order");
  });

  it("by the form either, which says so at its field and keeps what was typed", async () => {
    const sku = await makeSku(50, USD, { maxPerOrder: 2 });
    const page = await sendWrongForm(`/products/product-${sku.toLowerCase()}`, {
      variant: sku,
      quantity: "3",
    });
    expect(page.text).toMatch(/One order may have at most 2 of “[^”]+”\./);
    expect(page.text).not.toContain(`2 of ${sku}`);
    expect(page.text).toContain('value="3"');
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});

describe("The form's quantity", () => {
  it.each(["0x2", "1e0", "+2", "2.0", "-1", "0", "10001"])("is not %s", async (quantity) => {
    const sku = await makeSku(50);
    const fields = { variant: sku, quantity };
    const page = await sendWrongForm(`/products/product-${sku.toLowerCase()}`, fields);
    expect(page.text).toContain("Enter how many, as a number from 1.");
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});

describe("No customer has more of a variant than one may", () => {
  it("however many of an account's holds ask at once", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 3 });
    const buyer = await makeMember();
    const answers = await Promise.all(Array.from({ length: 12 }, () => reserveAs(buyer, of(sku))));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array(3).fill(201),
      ...Array(9).fill(422),
    ]);
    expect(await level(sku)).toMatchObject({ reserved: 3 });
    expectOver(await reserveAs(buyer, of(sku)), { sku, limit: 3, held: 3 });
    expectOver(await checkOutAs(buyer, { items: of(sku) }), { sku, limit: 3, held: 3 });
    expect((await reserveAs(await makeMember(), of(sku, 3))).status).toBe(201);
  });

  it("however many guests with one address check out at once, however it is written", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        checkOut({ items: of(sku), email: i % 2 === 0 ? "eve@example.com" : "EVE@Example.com" }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await level(sku)).toMatchObject({ reserved: 2 });
    expectOver(await checkOut({ items: of(sku), email: "eve@example.com" }), {
      ...{ sku, limit: 2, held: 2 },
    });
    expect((await checkOut({ items: of(sku), email: "bob@example.com" })).status).toBe(201);
  });

  it("and a hold stays as it was when its checkout is refused for the address", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
    await checkOut({ items: of(sku, 2), email: "eve@example.com" });
    const held = await reserve(of(sku, 2));
    const reservationId = held.body.data.id;
    const refused = await checkOut({ reservationId, email: "eve@example.com" });
    expectOver(refused, { sku, limit: 2, held: 2 });
    expect(await level(sku)).toMatchObject({ reserved: 4 });
    expect((await checkOut({ reservationId, email: "bob@example.com" })).status).toBe(201);
  });

  it("but by a limit that was lowered, or given, since they hold it", async () => {
    const limited = await makeSku(50, USD, { maxPerCustomer: 3 });
    const free = await makeSku(50);
    const lowered = (sku: string) =>
      rows(
        "UPDATE variants SET max_per_customer = 1, updated_at = ? WHERE sku = ?",
        Date.now() + 1,
        sku,
      );
    for (const [sku, units] of [
      [limited, 3],
      [free, 5],
    ] as const) {
      const buyer = await makeMember();
      const own = (await reserveAs(buyer, of(sku, units))).body.data.id;
      const guests = (await reserve(of(sku, units))).body.data.id;
      await lowered(sku);
      expect((await checkOutAs(buyer, { reservationId: own })).status).toBe(201);
      const email = `eve-${sku.toLowerCase()}@example.com`;
      expect((await checkOut({ reservationId: guests, email })).status).toBe(201);
      expectOver(await reserve(of(sku, 2)), { sku, limit: 1, held: 0 });
      expectOver(await checkOut({ items: of(sku), email }), { sku, limit: 1, held: units });
    }
  });

  it("and not by a hold that is as many again, whatever its limit", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 3 });
    const email = "eve@example.com";
    const [one, other] = [await reserve(of(sku, 3)), await reserve(of(sku, 2))];
    await rows(
      "UPDATE variants SET max_per_customer = 2, updated_at = ? WHERE sku = ?",
      ...[Date.now() + 1, sku],
    );
    expect((await checkOut({ reservationId: one.body.data.id, email })).status).toBe(201);
    const refused = await checkOut({ reservationId: other.body.data.id, email });
    expectOver(refused, { sku, limit: 3, held: 3 });
  });

  it("by going to the payment page without saying who they are", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
    const answer = await checkOut({ items: of(sku), email: undefined });
    expect(answer.status).toBe(422);
    expect(answer.body.error.fields).toHaveProperty("email");
    expect((await checkOutAs(await makeMember(), { items: of(sku) })).status).toBe(201);
  });

  it("by an account and as a guest with the address that it gave", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
    const buyer = await makeMember();
    expect((await checkOut({ items: of(sku), email: "eve@example.com" })).status).toBe(201);
    const mine = { items: of(sku), email: "other@example.com" };
    expect((await checkOutAs(buyer, mine)).status).toBe(201);
    const third = { items: of(sku), email: "eve@example.com" };
    expectOver(await checkOutAs(buyer, third), { sku, limit: 2, held: 2 });
  });

  it("and what was bought counts until it is refunded or canceled", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
    const buy = async (quantity: number) => {
      const answer = await checkOut({ items: of(sku, quantity), email: "eve@example.com" });
      if (answer.status !== 201) return answer;
      await stripe.pay(answer.body.data.paymentUrl);
      await arrive();
      return answer;
    };
    const first = await buy(2);
    expectOver(await buy(1), { sku, limit: 2, held: 2 });
    const at = first.body.data;
    expect((await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] })).status).toBe(201);
    const second = await buy(1);
    expect(second.status).toBe(201);
    expectOver(await buy(1), { sku, limit: 2, held: 2 });
    await cancel(second.body.data);
    expect((await buy(1)).status).toBe(201);
  });

  it("by having the money of what they keep sent back, of some of it or of all", async () => {
    const { sku, buyer, at } = await sendTwo();
    const next = () => checkOut({ items: of(sku), ...buyer });
    expect((await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] })).status).toBe(201);
    await arrive();
    expectOver(await next(), { sku, limit: 2, held: 2 });
    expect((await refund(at, {})).status).toBe(201);
    await arrive();
    expect((await order(at)).paymentStatus).toBe("refunded");
    expectOver(await next(), { sku, limit: 2, held: 2 });
  });

  it("and what they have sent back is not theirs any more", async () => {
    const { sku, buyer, at } = await sendTwo();
    const back = [{ sku, quantity: 1, restock: "return" }];
    for (const _ of [1, 2]) {
      expect((await refund(at, { items: back })).status).toBe(201);
      await arrive();
      expect((await checkOut({ items: of(sku), ...buyer })).status).toBe(201);
    }
    expectOver(await checkOut({ items: of(sku), ...buyer }), { sku, limit: 2, held: 2 });
  });

  it("by an account that gives no address and a guest who gives the account's own, in either order", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 2 });
    const [first, second] = [await makeMember(), await makeMember()];
    const guest = (email: string) => checkOut({ items: of(sku, 2), email });
    const mine = { items: of(sku, 2), email: undefined };
    const over = { sku, limit: 2, held: 2 };
    expect((await checkOutAs(first, mine)).status).toBe(201);
    expectOver(await guest(first.email), over);
    expect((await guest(second.email)).status).toBe(201);
    expectOver(await checkOutAs(second, mine), over);
  });

  it("by money that comes after they have got it elsewhere: it goes back", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 1 });
    const buyer = { items: of(sku), email: "eve@example.com" };
    const late = (await checkOut(buyer)).body.data;
    const { payment_intent } = await stripe.pay(late.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await travel(14 * DAY_MS);
    await cron();
    expect((await order(late)).status).toBe("expired");
    const again = (await checkOut(buyer)).body.data;
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    expect(await order(late)).toMatchObject({
      status: "expired",
      refunds: [{ amount: USD, reason: "limit_reached" }],
    });
    expect(await order(again)).toMatchObject({ status: "pending_payment" });
    expect(await level(sku)).toMatchObject({ onHand: 50, reserved: 1 });
  });

  it("of an account's either, from another address", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 1 });
    const { id } = await makeMember();
    const buyAs = async (email: string) =>
      (await checkOutAs(await makeSession(id), { items: of(sku), email })).body.data;
    const late = await buyAs("first@example.com");
    const { payment_intent } = await stripe.pay(late.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await travel(14 * DAY_MS);
    await cron();
    expect((await buyAs("second@example.com")).status).toBe("pending_payment");
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    const [row] = await rows("SELECT status FROM orders WHERE id = ?", late.orderId);
    expect(row).toEqual({ status: "expired" });
  });
});
