import { describe, expect, it } from "vitest";
import { cancel, cancelAsGuest, mailsAbout } from "../support/after-sale.ts";
import { makeKey } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { askedOfStripe, databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import { type Answer, call } from "../support/http.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { arrive, history } from "../support/money-back.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import {
  type Bought,
  checkOutAs,
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
const path = ({ orderId }: Pick<Bought, "orderId">) => `/api/v1/orders/${orderId}/cancel`;
const alreadyPaid = {
  code: "INVALID_TRANSITION",
  message: "This order has been paid, so only the shop can cancel it. Write to us, and we will.",
};

describe("An order that waits for its payment", () => {
  it("is canceled by the guest who has its token: the page is closed first, then the stock is free", async () => {
    const at = await toPaymentPage(5, 2);
    const answer = await cancelAsGuest(at);
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({
      id: at.orderId,
      status: "canceled",
      paymentStatus: "unpaid",
      payments: [{ status: "expired" }],
    });
    expect(answer.body.data).toEqual(await order(at));
    expect(await sessions()).toMatchObject([{ status: "expired" }]);
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    await arrive();
    expect(await order(at)).toEqual(answer.body.data);
    expect(await mailsAbout(at, /./)).toEqual([]);
  });

  it("is canceled by any user of its account, and by nobody of another", async () => {
    const buyer = await personWithRole("customer");
    const items = [{ sku: await makeSku(5), quantity: 1 }];
    const at: Bought = (await checkOutAs(buyer, { items })).body.data;
    expect((await as(await personWithRole("customer"), "POST", path(at))).status).toBe(404);
    expect((await call("POST", path(at))).status).toBe(401);
    expect((await call("POST", path(at), { headers: { "X-Order-Token": "ot_x" } })).status).toBe(
      404,
    );
    expect(
      (await as(buyer, "POST", path(at), { body: { reason: "Changed my mind" } })).status,
    ).toBe(200);
    const { body } = await as(buyer, "GET", `/api/v1/orders/${at.orderId}/events`);
    expect(body.data.at(-1)).toMatchObject({
      type: "order.canceled",
      data: { reason: "Changed my mind" },
    });
  });

  it("is canceled by staff, who are written down, and its buyer is told", async () => {
    const at = await toPaymentPage();
    const agent = await personWithRole("agent");
    expect((await as(agent, "POST", path(at), { body: { reason: "Fraud" } })).status).toBe(200);
    const [mail, ...more] = await mailsAbout(at, /canceled/);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("Nothing was charged.");
    expect(
      await rows("SELECT actor, target FROM audit_log WHERE action = 'order.canceled'"),
    ).toEqual([{ actor: expect.stringContaining(agent.id), target: at.orderId }]);
  });

  it("is canceled by a key that may write orders, not by one that may only read them", async () => {
    const at = await toPaymentPage();
    const ask = async (scope: "orders:read" | "orders:write") =>
      call("POST", path(at), {
        headers: { Authorization: `Bearer ${(await makeKey([scope])).secret}` },
      });
    expect((await ask("orders:read")).status).toBe(403);
    expect((await ask("orders:write")).status).toBe(200);
  });

  it("is written down when staff cancel it, also where there is nobody to tell", async () => {
    const at = await toPaymentPage();
    await rows("UPDATE orders SET email = NULL");
    expect((await cancel(at)).status).toBe(200);
    expect(await rows("SELECT target FROM audit_log WHERE action = 'order.canceled'")).toEqual([
      { target: at.orderId },
    ]);
  });

  it("leaves its goods to the next buyer at once, where they were sold out", async () => {
    const at = await toPaymentPage(1);
    const next = () => reserve([{ sku: at.sku, quantity: 1 }]);
    expect((await next()).status).toBe(409);
    await cancelAsGuest(at);
    expect((await next()).status).toBe(201);
  });

  it("stays as it is while Stripe cannot be asked", async () => {
    const at = await toPaymentPage(5);
    await stripe.misbehave({ kind: "connection_reset", times: 20 });
    const refused = await cancelAsGuest(at, "k");
    expectError(refused, 502, {
      code: "UPSTREAM_FAILED",
      message: "The payment page could not be closed yet. Please try again.",
    });
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
    await stripe.misbehave();
    expect((await cancelAsGuest(at, "k")).status).toBe(200);
  });

  it("stays as it is while Stripe cannot close its page, and says that it is open", async () => {
    const at = await toPaymentPage(5);
    const path = "/v1/checkout/sessions/*/expire";
    await stripe.misbehave({ method: "POST", path, kind: "rate_limit_429", times: 6 });
    const refused = await cancelAsGuest(at);
    expect([refused.status, refused.body.error?.code]).toEqual([502, "UPSTREAM_FAILED"]);
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    expect(await level(at.sku)).toMatchObject({ reserved: 1 });
    await stripe.misbehave();
    expect((await cancelAsGuest(at)).status).toBe(200);
  });

  it("is not canceled by its buyer when it was paid meanwhile", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    expectError(await cancelAsGuest(at), 409, alreadyPaid);
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    await arrive();
    expectError(await cancelAsGuest(at), 409, alreadyPaid);
    expect(await mailsAbout(at, /receipt/)).toHaveLength(1);
  });

  it("is canceled by staff though it was paid meanwhile: the payment is booked, and goes back", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const answer = await cancel(at);
    expect(answer.body.data).toMatchObject({
      status: "canceled",
      refunds: [{ status: "pending" }],
    });
    await arrive();
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "refunded" });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    expect((await history(at)).slice(0, 3)).toEqual([
      "order.created",
      "order.paid",
      "order.canceled",
    ]);
  });

  it("may end by Stripe's word that its page is closed, before we write down that it is canceled", async () => {
    const at = await toPaymentPage(5);
    const database = databaseInterrupted(/update "reservations" set "status"/i, async () => {
      await deliverAll();
      await settle();
    });
    const rig = shopOver(database, { now: () => Date.now() });
    const answer = await rig.call("POST", path(at), {
      headers: { "X-Order-Token": at.orderToken },
    });
    expect([answer.status, answer.body.data.status]).toEqual([200, "canceled"]);
    expect(answer.body.data).toEqual(await order(at));
    expect(await level(at.sku)).toMatchObject({ reserved: 0, available: 5 });
  });

  it("is answered as it ended where a sweep that read it before was faster", async () => {
    const at = await toPaymentPage(5);
    await travel(15 * MINUTE_MS);
    const asked = Promise.withResolvers<void>();
    const swept = Promise.withResolvers<void>();
    let answer: Promise<Answer> = Promise.reject(new Error("Nobody has canceled."));
    answer.catch(() => {}); // the sweep is slower
    const aboutHold = /update "reservations" set "status"/i;
    const slow = databaseInterrupted(aboutHold, () => {
      asked.resolve();
      return swept.promise;
    });
    const sweep = databaseInterrupted(aboutHold, () => {
      const headers = { "X-Order-Token": at.orderToken };
      answer = shopOver(slow, { now: () => Date.now() }).call("POST", path(at), { headers });
      return asked.promise;
    });
    await cronOver(servicesWith({ DB: sweep as D1Database }));
    swept.resolve();
    const { status, body } = await answer;
    expect([status, body.data.status]).toEqual([200, "expired"]);
    expect(await level(at.sku)).toMatchObject({ reserved: 0, available: 5 });
  });

  it("releases its stock once, whoever else ends it at the same moment (cancel and sweep releasing twice)", async () => {
    for (let round = 0; round < 6; round += 1) {
      const at = await toPaymentPage(3);
      await travel(15 * MINUTE_MS);
      const [first, second] = await Promise.all([
        cancelAsGuest(at),
        cancelAsGuest(at),
        cron(),
        cron(),
      ]);
      for (const { status } of [first, second]) expect([200, 409]).toContain(status);
      expect(await level(at.sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
      const moves = await rows("SELECT kind FROM stock_movements WHERE sku = ?", at.sku);
      expect(moves.filter(({ kind }) => kind === "release")).toHaveLength(1);
    }
  });
});

describe("A cancellation under a key", () => {
  it("is answered again without asking Stripe", async () => {
    const at = await toPaymentPage();
    const first = await cancelAsGuest(at, "k");
    const asked = (await askedOfStripe(/./)).length;
    const again = await cancelAsGuest(at, "k");
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await askedOfStripe(/./)).length).toBe(asked);
    const other = await call("POST", path(at), {
      headers: { "X-Order-Token": at.orderToken, "Idempotency-Key": "k" },
      body: { reason: "Other" },
    });
    expect(other.body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect((await call("POST", path(at), { headers: { "Idempotency-Key": "k" } })).status).toBe(
      401,
    );
  });

  it.each(["before", "after"] as const)(
    "is done once when the database fails %s it is written",
    async (when) => {
      const at = await toPaymentPage(5);
      const { database, failed } = databaseFailingOnce({ when, about: /update "orders" set/i });
      const rig = shopOver(database, { now: () => Date.now() });
      const headers = { "X-Order-Token": at.orderToken, "Idempotency-Key": "k" };
      expect((await rig.call("POST", path(at), { headers })).status).toBe(503);
      expect(failed()).toBe(true);
      const again = await cancelAsGuest(at, "k");
      expect([again.status, again.body.data.status]).toEqual([200, "canceled"]);
      expect(await history(at)).toEqual(["order.created", "order.canceled"]);
    },
  );

  it("with a body of nothing at all, or {}, is the same", async () => {
    const at = await toPaymentPage();
    const empty = await asAdmin("POST", path(at), { headers: { "Idempotency-Key": "k" } });
    const braces = await cancel(at, {}, "k");
    expect(braces.text).toBe(empty.text);
    const unknown = await cancel(at, { why: "x" });
    expect(unknown.body.error.fields).toEqual({ why: "There is no such field." });
  });
});
