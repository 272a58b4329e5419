import { describe, expect, it } from "vitest";
import { databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import { type Rig, shopOver } from "../support/rig.ts";
import { asHolder, checkOut, level, makeSku, order, reserve } from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const LOCK_MS = 30_000;

const PHASE_ONE = /insert into orders/i;
const PHASE_THREE = /update "payments" set "session_id"/i;
const UNLOCKING = /update "idempotency_keys" set "locked_until"/i;

const FAULTS = [
  { name: "phase one, before it is written", when: "before", about: PHASE_ONE, pages: 0 },
  { name: "phase one, after it is written", when: "after", about: PHASE_ONE, pages: 0 },
  { name: "phase three, before it is written", when: "before", about: PHASE_THREE, pages: 1 },
  { name: "phase three, after it is written", when: "after", about: PHASE_THREE, pages: 1 },
] as const;

const orders = () => rows("SELECT status FROM orders");

function buyOver(rig: Rig, body: object, key: string) {
  return rig.call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": key },
    body: {
      email: "ada@example.com",
      successUrl: "https://storefront.test/thanks",
      cancelUrl: "https://storefront.test/cart",
      ...body,
    },
  });
}

async function failAt({ when, about }: { when: "before" | "after"; about: RegExp }) {
  const sku = await makeSku(3);
  const { body: reservation } = await reserve([{ sku, quantity: 1 }]);
  const body = { reservationId: reservation.data.id };
  const key = crypto.randomUUID();
  const { database, failed } = databaseFailingOnce({ when, about });
  const rig = shopOver(database, { now: () => Date.now() });
  const first = await buyOver(rig, body, key);
  expect(failed()).toBe(true);
  return { sku, first, again: () => checkOut(body, key) };
}

describe.each(FAULTS)("When the database fails in $name", ({ when, about, pages }) => {
  it("(a crash between the order and its key) the retry goes on: one order, one page, the right answer", async () => {
    const { sku, first, again } = await failAt({ when, about });
    expect(first.status).toBe(503);
    expect(await sessions()).toHaveLength(pages);
    const retried = await again();
    expect(retried.status).toBe(201);
    expect((await again()).text).toBe(retried.text);
    expect(await orders()).toEqual([{ status: "pending_payment" }]);
    expect(await sessions()).toMatchObject([
      { status: "open", client_reference_id: retried.body.data.orderId },
    ]);
    await stripe.pay(retried.body.data.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(retried.body.data)).toMatchObject({ status: "paid" });
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
  });

  it("and nobody retries, the stock comes back and no page can be paid", async () => {
    const { sku } = await failAt({ when, about });
    await travel(15 * MINUTE_MS);
    await cron();
    await cron();
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
    expect((await sessions()).filter(({ status }) => status === "open")).toEqual([]);
    expect((await orders()).map(({ status }) => status)).not.toContain("pending_payment");
  });
});

describe("When the database cannot even let the next try in", () => {
  it("the key's lock ends by itself", async () => {
    const sku = await makeSku(3);
    const body = { items: [{ sku, quantity: 1 }] };
    const key = crypto.randomUUID();
    await stripe.misbehave({ kind: "rate_limit_429", times: 2 });
    const { database, failed } = databaseFailingOnce({ when: "before", about: UNLOCKING });
    const first = await buyOver(shopOver(database, { now: () => Date.now() }), body, key);
    await stripe.misbehave();
    expect(failed()).toBe(true);
    expect(first.status).toBe(502);
    expect((await checkOut(body, key)).body.error.code).toBe("IDEMPOTENCY_KEY_IN_USE");
    await travel(LOCK_MS);
    const retries = await Promise.all(Array.from({ length: 5 }, () => checkOut(body, key)));
    expect(retries.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect((await checkOut(body, key)).status).toBe(201);
    expect(await orders()).toHaveLength(1);
    expect(await sessions()).toHaveLength(1);
  });
});

describe("A checkout whose order ends while Stripe is asked", () => {
  it.each([
    ["given back", (id: string) => asHolder("DELETE", id), "canceled"],
    ["expired", () => travel(15 * MINUTE_MS).then(() => cron()), "expired"],
  ] as const)("(%s) is told so, and leaves no page that can be paid", async (_, ends, status) => {
    const sku = await makeSku(3);
    const { body: reservation } = await reserve([{ sku, quantity: 1 }]);
    const body = { reservationId: reservation.data.id };
    const key = crypto.randomUUID();
    const database = databaseInterrupted(PHASE_THREE, () => ends(body.reservationId));
    const answer = await buyOver(shopOver(database, { now: () => Date.now() }), body, key);
    expect(answer.status).toBe(410);
    expect(answer.body.error.code).toBe("RESERVATION_EXPIRED");
    const again = await checkOut(body, key);
    expect(again.text).toBe(answer.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await orders()).toEqual([{ status }]);
    expect(await sessions()).toMatchObject([{ status: "expired" }]);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0 });
  });

  it("that is paid before its answer is written is told where", async () => {
    const sku = await makeSku(3);
    const pay = async () => {
      const [page] = await sessions();
      await stripe.pay(page?.url ?? "");
      await deliverAll();
      await settle();
    };
    const rig = shopOver(databaseInterrupted(PHASE_THREE, pay), { now: () => Date.now() });
    const { status } = await buyOver(rig, { items: [{ sku, quantity: 1 }] }, crypto.randomUUID());
    expect(status).toBe(201);
    expect(await orders()).toEqual([{ status: "paid" }]);
  });

  it("refused by Stripe and expired at once is told one of the two, not an error of ours", async () => {
    const sku = await makeSku(3, { amount: 20, currency: "USD" });
    const key = crypto.randomUUID();
    const expire = () => travel(15 * MINUTE_MS).then(() => cron());
    const cancelling = databaseInterrupted(/update "orders" set "status"/i, expire);
    const rig = shopOver(cancelling, { now: () => Date.now() });
    const answer = await buyOver(rig, { items: [{ sku, quantity: 1 }] }, key);
    expect(answer.status).toBe(410);
    expect(await orders()).toEqual([{ status: "expired" }]);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("that another try was told has ended is told so", async () => {
    const sku = await makeSku(3);
    const body = { items: [{ sku, quantity: 1 }] };
    const key = crypto.randomUUID();
    let other = "";
    const expire = async () => {
      await travel(15 * MINUTE_MS);
      await cron();
      other = (await checkOut(body, key)).text;
    };
    const rig = shopOver(databaseInterrupted(PHASE_THREE, expire), { now: () => Date.now() });
    const answer = await buyOver(rig, body, key);
    expect([answer.status, answer.text]).toEqual([410, other]);
  });

  it("answered by another try of the same key is that try's answer", async () => {
    const sku = await makeSku(3);
    const body = { items: [{ sku, quantity: 1 }] };
    const key = crypto.randomUUID();
    let other = "";
    const overtake = async () => {
      await travel(LOCK_MS);
      other = (await checkOut(body, key)).text;
    };
    const database = databaseInterrupted(PHASE_THREE, overtake);
    const answer = await buyOver(shopOver(database, { now: () => Date.now() }), body, key);
    expect(answer.status).toBe(201);
    expect(answer.text).toBe(other);
    expect(await sessions()).toHaveLength(1);
  });
});
