import { describe, expect, it } from "vitest";
import { cancel, fulfill, mailsAbout, sell } from "../support/after-sale.ts";
import { customerId } from "../support/customers.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { saySettings } from "../support/settings.ts";
import { toPaymentPage } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const lines = [{ amount: 2500, quantity: 2 }];
const again = ({ orderId }: { orderId: string }, headers = {}) =>
  asAdmin("POST", `/api/v1/orders/${orderId}/receipt`, { headers });
const receipts = async (at: { orderId: string }) => (await mailsAbout(at, /^Your receipt/)).length;
const events = ({ orderId }: { orderId: string }) =>
  rows("SELECT actor FROM order_events WHERE order_id = ? AND type = 'receipt.requested'", orderId);

describe("A receipt that is sent again", () => {
  it("is one mail more each time, as it is by then, and stands in history and audit log", async () => {
    const at = await sell(lines);
    await saySettings();
    const agent = await personWithRole("agent");
    const path = `/api/v1/orders/${at.orderId}/receipt`;
    const answer = await as(agent, "POST", path);
    expect([answer.status, answer.body.data]).toEqual([
      202,
      { orderId: at.orderId, email: "ada@example.com" },
    ]);
    const [newest, ...older] = await mailsAbout(at, /^Your receipt/);
    expect([newest?.to, older.length]).toEqual([["ada@example.com"], 1]);
    expect(newest?.text).toContain("Moon Pottery GmbH\nWerkstraße 5\n50667 Köln\nGermany");
    expect(newest?.text).toContain(
      `Print the receipt: https://shop.test/orders/${at.orderId}/receipt?token=${at.orderToken}`,
    );
    expect(older[0]?.text).not.toContain("Moon Pottery");
    expect(await events(at)).toEqual([{ actor: agent.id }]);
    expect(
      await rows("SELECT actor, target FROM audit_log WHERE action = 'order.receipt_requested'"),
    ).toEqual([{ actor: agent.id, target: at.orderId }]);
    expect((await again(at)).status).toBe(202);
    expect(await receipts(at)).toBe(3);
  });

  it("is one for a key, however often it is asked for with it", async () => {
    const at = await sell(lines);
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const answers = await Promise.all([again(at, headers), again(at, headers)]);
    const last = await again(at, headers);
    expect([...answers, last].map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(last.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await receipts(at)).toBe(2);
    expect(await events(at)).toHaveLength(1);
  });

  it("is sent five times an hour at most, however many ask at once, and says from when on again", async () => {
    const at = await sell(lines);
    await again(at);
    await travel(20 * MINUTE_MS);
    const answers = await Promise.all(Array.from({ length: 3 }, () => again(at)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await again(at)).status).toBe(202);
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const sixth = await again(at, key);
    expect([sixth.status, sixth.headers.get("Retry-After")]).toEqual([429, String(40 * 60)]);
    expect(await receipts(at)).toBe(6);
    await travel(40 * MINUTE_MS);
    expect((await again(at, key)).status).toBe(202);
    expect((await again(at)).status).toBe(429);
    expect((await again(await sell(lines))).status).toBe(202);
  });

  it("is of a paid order with somebody to write to", async () => {
    const unpaid = await toPaymentPage();
    expectError(await again(unpaid), 409, {
      code: "INVALID_TRANSITION",
      message: "Only an order that is paid has a receipt to send.",
    });
    const canceled = await sell(lines);
    await cancel(canceled);
    expect((await again(canceled)).status).toBe(409);
    const email = "grace@example.com";
    const at = await sell(lines, { email });
    await fulfill(at);
    await asAdmin("DELETE", `/api/v1/customers/${await customerId(email)}`);
    expectError(await again(at), 409, {
      code: "INVALID_TRANSITION",
      message: "The order has no address to write to.",
    });
    expect(await events(at)).toEqual([]);
    expect((await again({ orderId: "ord_none" })).status).toBe(404);
    const own = { "X-Order-Token": at.orderToken };
    expect(
      (await call("POST", `/api/v1/orders/${at.orderId}/receipt`, { headers: own })).status,
    ).toBe(401);
  });
});
