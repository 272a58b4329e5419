import { describe, expect, it } from "vitest";
import { mailsAbout } from "../support/after-sale.ts";
import { databaseInterrupted } from "../support/faults.ts";
import { type Answer, call } from "../support/http.ts";
import { arrive, history } from "../support/money-back.ts";
import { as, personWithRole } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { asHolder, holderHeaders, level, order, toPaymentPage } from "../support/shop.ts";
import { deliver, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const EXPIRE = { method: "POST", path: "/v1/checkout/sessions/*/expire" };
const release = (id: string) => asHolder("DELETE", id);
const cancelPath = ({ orderId }: { orderId: string }) => `/api/v1/orders/${orderId}/cancel`;

/** A call whose wish to close the page Stripe tells the shop of, and the shop has dealt with, before Stripe answers it. */
async function eventFirst(work: () => Promise<Answer>): Promise<Answer> {
  await stripe.misbehave({ ...EXPIRE, kind: "answer_late" });
  const answer = work();
  for (let heard = false; !heard; ) {
    const deliveries = await stripe.take();
    for (const delivery of deliveries) await deliver(delivery);
    heard = deliveries.some(({ type }) => type === "checkout.session.expired");
  }
  await settle();
  await stripe.misbehave();
  return answer;
}

describe("When Stripe's event that a page is closed is faster than its answer", () => {
  it("a hold that is given back is given back: 204, and again", async () => {
    const at = await toPaymentPage(5, 2);
    const answer = await eventFirst(() => release(at.reservationId));
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect((await release(at.reservationId)).status).toBe(204);
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "unpaid" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    expect(await rows("SELECT status FROM reservations")).toEqual([{ status: "released" }]);
  });

  it("a canceled order is canceled, by whoever canceled it and for their reason, and its buyer is told once", async () => {
    const at = await toPaymentPage();
    const agent = await personWithRole("agent");
    const answer = await eventFirst(() =>
      as(agent, "POST", cancelPath(at), { body: { reason: "Fraud" } }),
    );
    expect([answer.status, answer.body.data?.status]).toEqual([200, "canceled"]);
    expect(answer.body.data).toEqual(await order(at));
    expect(await history(at)).toEqual(["order.created", "order.canceled"]);
    const [event] = await rows<{ actor: string; data: string }>(
      "SELECT actor, data FROM order_events WHERE type = 'order.canceled'",
    );
    expect(event?.actor).toContain(agent.id);
    expect(JSON.parse(event?.data ?? "")).toMatchObject({ reason: "Fraud" });
    expect(await rows("SELECT target FROM audit_log WHERE action = 'order.canceled'")).toEqual([
      { target: at.orderId },
    ]);
    expect(await mailsAbout(at, /canceled/)).toHaveLength(1);
  });

  it("the same for a buyer's cancellation, and its retry hears the same", async () => {
    const at = await toPaymentPage();
    const headers = { "X-Order-Token": at.orderToken, "Idempotency-Key": "k" };
    const first = await eventFirst(() => call("POST", cancelPath(at), { headers }));
    expect([first.status, first.body.data?.status]).toEqual([200, "canceled"]);
    const again = await call("POST", cancelPath(at), { headers });
    expect([again.text, again.headers.get("Idempotency-Replayed")]).toEqual([first.text, "true"]);
  });
});

describe("An order whose end was asked for", () => {
  it("is canceled by Stripe's word alone when whoever asked died before its answer", async () => {
    const at = await toPaymentPage();
    const dies = databaseInterrupted(/insert into "order_events"/i, () => {
      throw new Error("The Worker was evicted.");
    });
    const path = `/api/v1/reservations/${at.reservationId}`;
    const headers = await holderHeaders(at.reservationId);
    const died = await shopOver(dies, { now: () => Date.now() }).call("DELETE", path, { headers });
    expect(died.status).toBe(500);
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    await arrive();
    expect(await order(at)).toMatchObject({ status: "canceled" });
    expect(await rows("SELECT status FROM reservations")).toEqual([{ status: "released" }]);
    expect((await release(at.reservationId)).status).toBe(204);
  });

  it("is paid when Stripe could not be asked and its buyer pays after all", async () => {
    const at = await toPaymentPage();
    await stripe.misbehave({ kind: "connection_reset", times: 20 });
    expect((await release(at.reservationId)).status).toBe(502);
    await stripe.misbehave();
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid" });
  });

  it("is canceled by the sweep when Stripe could not be asked before", async () => {
    const at = await toPaymentPage();
    await stripe.misbehave({ kind: "connection_reset", times: 20 });
    expect((await release(at.reservationId)).status).toBe(502);
    await stripe.misbehave();
    await travel(16 * MINUTE_MS);
    await cron();
    expect(await order(at)).toMatchObject({ status: "canceled" });
    expect(await level(at.sku)).toMatchObject({ reserved: 0 });
  });

  it("expires as before where nobody asked", async () => {
    const at = await toPaymentPage();
    await travel(16 * MINUTE_MS);
    await cron();
    expect(await order(at)).toMatchObject({ status: "expired" });
  });
});
