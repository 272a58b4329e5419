import { describe, expect, it } from "vitest";
import { expectError } from "../support/expect-error.ts";
import { askedOfStripe, databaseInterrupted } from "../support/faults.ts";
import { shopOver } from "../support/rig.ts";
import {
  asHolder,
  checkOut,
  holderHeaders,
  level,
  makeSku,
  order,
  reserve,
  toPaymentPage,
} from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const release = (id: string) => asHolder("DELETE", id);
const bought = {
  code: "INVALID_TRANSITION",
  message: "This reservation has been paid for, so it cannot be released.",
};

describe("Giving back a hold that is at the checkout", () => {
  it("closes its payment page first, cancels the order and frees the stock", async () => {
    const at = await toPaymentPage(5, 2);
    expect((await release(at.reservationId)).status).toBe(204);
    expect(await sessions()).toMatchObject([{ status: "expired" }]);
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "unpaid" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    expect((await release(at.reservationId)).status).toBe(204);
    await deliverAll();
    await settle();
    expect(await order(at)).toMatchObject({ status: "canceled" });
  });

  it("is refused once it is paid, even before the webhook is in", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    expectError(await release(at.reservationId), 409, bought);
    expect(await order(at)).toMatchObject({ status: "paid" });
    await deliverAll();
    await settle();
    expectError(await release(at.reservationId), 409, bought);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("is refused when it is paid in that very moment", async () => {
    const at = await toPaymentPage(5);
    const pay = async () => {
      await stripe.pay(at.paymentUrl);
      await deliverAll();
      await settle();
    };
    const database = databaseInterrupted(/from "orders" where "orders"."id"/i, pay);
    const rig = shopOver(database, { now: () => Date.now() });
    const headers = await holderHeaders(at.reservationId);
    const path = `/api/v1/reservations/${at.reservationId}`;
    expectError(await rig.call("DELETE", path, { headers }), 409, bought);
  });

  it("is refused while a bank transfer is on its way", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    expectError(await release(at.reservationId), 409, bought);
    expect(await order(at)).toMatchObject({
      status: "pending_payment",
      paymentStatus: "processing",
    });
  });

  it("is refused while a bank works on it that the shop has heard of", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await deliverAll();
    await settle();
    expectError(await release(at.reservationId), 409, bought);
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
  });

  it("leaves its goods to the next buyer at once, where they were sold out", async () => {
    const at = await toPaymentPage(1);
    const next = () => reserve([{ sku: at.sku, quantity: 1 }]);
    expect((await next()).status).toBe(409);
    await release(at.reservationId);
    expect((await next()).status).toBe(201);
  });

  it("succeeds when the bank has said no and the webhook is still on its way", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await stripe.settle(payment_intent, "failed");
    expect((await release(at.reservationId)).status).toBe(204);
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "failed" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
  });

  it("changes nothing while Stripe cannot be asked", async () => {
    const at = await toPaymentPage(5);
    await stripe.misbehave({ kind: "connection_reset", times: 20 });
    const refused = await release(at.reservationId);
    expectError(refused, 502, {
      code: "UPSTREAM_FAILED",
      message: "The payment page could not be closed yet. Please try again.",
    });
    expect(refused.headers.get("Retry-After")).toBe("2");
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
    await stripe.misbehave();
    expect((await release(at.reservationId)).status).toBe(204);
  });

  it("is not said to be paid for while Stripe cannot close its page, and says that it is open", async () => {
    const at = await toPaymentPage(5);
    const path = "/v1/checkout/sessions/*/expire";
    await stripe.misbehave({ method: "POST", path, kind: "rate_limit_429", times: 20 });
    const refused = await release(at.reservationId);
    expect([refused.status, refused.body.error?.code]).toEqual([502, "UPSTREAM_FAILED"]);
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
    await stripe.misbehave();
    expect((await release(at.reservationId)).status).toBe(204);
  });

  it("cannot be cut short by the sweep: both release once (cancel and sweep releasing twice)", async () => {
    for (let round = 0; round < 8; round += 1) {
      const at = await toPaymentPage(3);
      await travel(15 * MINUTE_MS);
      const [first, second] = await Promise.all([
        release(at.reservationId),
        release(at.reservationId),
        cron(),
        cron(),
      ]);
      for (const { status } of [first, second]) expect([204, 410]).toContain(status);
      expect(await level(at.sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
      const moves = await rows("SELECT kind FROM stock_movements WHERE sku = ?", at.sku);
      expect(moves.filter(({ kind }) => kind === "release")).toHaveLength(1);
    }
  });

  it("and paying for it at the same moment end as one of the two, never as both", async () => {
    for (let round = 0; round < 8; round += 1) {
      const at = await toPaymentPage(3);
      const paying = stripe.pay(at.paymentUrl).then(
        () => true,
        () => false,
      );
      const [released, paid] = await Promise.all([release(at.reservationId), paying]);
      await deliverAll();
      await settle();
      expect(released.status).toBe(paid ? 409 : 204);
      expect(await order(at)).toMatchObject({ status: paid ? "paid" : "canceled" });
      expect(await level(at.sku)).toMatchObject({ onHand: paid ? 2 : 3, reserved: 0 });
    }
  });

  it("finds the page of a checkout whose answer was lost", async () => {
    const sku = await makeSku(3);
    await stripe.misbehave({ kind: "connection_reset", effect: true, times: 2 });
    const lost = await checkOut({ items: [{ sku, quantity: 1 }] });
    expect(lost.status).toBe(502);
    await stripe.misbehave();
    const [reservation] = await rows<{ id: string }>("SELECT id FROM reservations");
    expect((await release(reservation?.id ?? "")).status).toBe(204);
    expect(await sessions()).toMatchObject([{ status: "expired" }]);
    expect(await askedOfStripe(/expire$/)).toHaveLength(1);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});
