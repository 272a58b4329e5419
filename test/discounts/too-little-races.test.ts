import { describe, expect, it } from "vitest";
import { HALF, holdForCents, makeDiscount, REFUSED } from "../support/discounts.ts";
import { databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import type { Answer } from "../support/http.ts";
import { shopOver } from "../support/rig.ts";
import { asHolder, checkOut, checkoutBody, holderHeaders, level } from "../support/shop.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;

const read = async (id: string) => (await asHolder("GET", id)).body.data;

/** The one batch that cancels the order and leaves its hold. */
const LEAVING = /insert into reservations .* 'released'/is;
const CANCELING = /update "orders" set "status"/i;

function checkOutOver(database: object, body: object) {
  return shopOver(database, { now: () => Date.now() }).call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": "the-key" },
    body: checkoutBody(body),
  });
}

async function refusable() {
  const { code: discountCode } = await makeDiscount(HALF);
  const { sku, reservationId } = await holdForCents();
  return { sku, reservationId, body: { reservationId, discountCode } };
}

describe("When a code is refused by Stripe and the database fails then", () => {
  it.each(["before", "after"] as const)(
    "%s it is written, a retry gets the refusal, and the hold is there",
    async (when) => {
      const { sku, reservationId, body } = await refusable();
      const { database, failed } = databaseFailingOnce({ when, about: LEAVING });
      expect((await checkOutOver(database, body)).status).toBe(503);
      expect(failed()).toBe(true);
      const { error } = (await checkOut(body, "the-key")).body;
      expect(error).toMatchObject(REFUSED);
      expect(await read(reservationId)).toMatchObject({ status: "held", orderId: null });
      expect(await level(sku)).toMatchObject({ reserved: 1 });
      expect((await checkOut({ reservationId })).status).toBe(201);
    },
  );

  it("and a second try of the key is faster, both are told the same", async () => {
    const { reservationId, body } = await refusable();
    const second = async () => {
      await travel(31_000);
      return checkOut(body, "the-key");
    };
    let faster: Answer | undefined;
    const database = databaseInterrupted(LEAVING, async () => {
      faster = await second();
    });
    const slower = await checkOutOver(database, body);
    expect([faster?.status, slower.status]).toEqual([422, 422]);
    expect(slower.text).toBe(faster?.text);
    expect(await read(reservationId)).toMatchObject({ status: "held", orderId: null });
  });

  it("and nobody retries, the hold ends when it said", async () => {
    const { sku, body } = await refusable();
    const { database } = databaseFailingOnce({ when: "before", about: LEAVING });
    await checkOutOver(database, body);
    await travel(15 * MINUTE_MS);
    await cron();
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "expired" }]);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});

describe("A hold that is given back while Stripe refuses its code", () => {
  const asked = async (id: string) => ({
    path: `/api/v1/reservations/${id}`,
    headers: await holderHeaders(id),
  });

  it("is released once, when giving it back comes first", async () => {
    const { sku, reservationId, body } = await refusable();
    const database = databaseInterrupted(LEAVING, () => asHolder("DELETE", reservationId));
    expect((await checkOutOver(database, body)).status).toBe(410);
    expect(await read(reservationId)).toMatchObject({ status: "released" });
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0 });
  });

  it("is released all the same, when the refusal comes first", async () => {
    const { sku, reservationId, body } = await refusable();
    const failing = databaseFailingOnce({ when: "before", about: LEAVING });
    await checkOutOver(failing.database, body);
    const { path, headers } = await asked(reservationId);
    const refuse = async () => expect((await checkOut(body, "the-key")).status).toBe(422);
    const rig = shopOver(databaseInterrupted(CANCELING, refuse), { now: () => Date.now() });
    expect((await rig.call("DELETE", path, { headers })).status).toBe(204);
    expect(await read(reservationId)).toMatchObject({ status: "released" });
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0 });
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "canceled" }]);
  });

  it("is the other order's when another has it by then, and is released with the token of that", async () => {
    const { sku, reservationId, body } = await refusable();
    const failing = databaseFailingOnce({ when: "before", about: LEAVING });
    await checkOutOver(failing.database, body);
    const { path, headers } = await asked(reservationId);
    const changeHands = async () => {
      expect((await checkOut(body, "the-key")).status).toBe(422);
      expect((await checkOut({ reservationId })).status).toBe(201);
    };
    const rig = shopOver(databaseInterrupted(CANCELING, changeHands), { now: () => Date.now() });
    expect((await rig.call("DELETE", path, { headers })).status).toBe(404);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect((await asHolder("DELETE", reservationId)).status).toBe(204);
    expect(await read(reservationId)).toMatchObject({ status: "released" });
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0 });
    expect(await rows("SELECT status FROM orders")).toEqual([
      { status: "canceled" },
      { status: "canceled" },
    ]);
  });
});
