import { describe, expect, it } from "vitest";
import { cancel, refund, sell } from "../support/after-sale.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { arrive, dispute, refundsAtStripe } from "../support/money-back.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { order } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const two = [{ amount: 2500, quantity: 2 }];

async function resolve(orderId: string, body: object) {
  const agent = await personWithRole("agent");
  return as(agent, "POST", `/api/v1/orders/${orderId}/attention/resolve`, { body });
}

/** An order whose refund has failed at the bank. */
async function called() {
  await stripe.control("/refunds/behaviour", { status: "pending" });
  const at = await sell(two);
  await refund(at);
  await settle();
  const [made] = await refundsAtStripe();
  await stripe.control(`/refunds/${made?.id}/fail`, {});
  await arrive();
  expect((await order(at)).attention).toMatchObject({ reason: "refund_failed" });
  return at;
}

describe("What calls a person can be settled by one", () => {
  it("with a note in the history and the audit log", async () => {
    const at = await called();
    const answer = await resolve(at.orderId, { note: " Paid back by bank transfer. " });
    expect([answer.status, answer.body.data.attention]).toEqual([200, null]);
    expect((await order(at)).attention).toBeNull();
    const { body } = await asAdmin("GET", `/api/v1/orders/${at.orderId}/events`);
    const data = { reason: "refund_failed", note: "Paid back by bank transfer." };
    expect(body.data.at(-1)).toMatchObject({ type: "attention.resolved", data });
    const [line] = await rows<{ data: string }>(
      "SELECT data FROM audit_log WHERE action = 'order.attention_resolved'",
    );
    expect(JSON.parse(line?.data ?? "")).toEqual(data);
  });

  it("and what staff note of it is not for the customer", async () => {
    const at = await called();
    await resolve(at.orderId, { note: "A difficult one" });
    const told = await call("GET", `/api/v1/orders/${at.orderId}/events`, {
      headers: { "X-Order-Token": at.orderToken },
    });
    expect(told.text).not.toContain("difficult");
    expect(told.body.data.at(-1)).toMatchObject({ data: { reason: "refund_failed" } });
  });

  it("once: then there is nothing to settle", async () => {
    const at = await called();
    const both = await Promise.all([
      resolve(at.orderId, { note: "One" }),
      resolve(at.orderId, { note: "Other" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expectError(await resolve(at.orderId, { note: "Again" }), 409, {
      code: "INVALID_TRANSITION",
      message: "Nothing about this order calls for a person.",
    });
  });

  it("under a key once, with the same answer", async () => {
    const at = await called();
    const key = { "Idempotency-Key": "k" };
    const ask = () =>
      asAdmin("POST", `/api/v1/orders/${at.orderId}/attention/resolve`, {
        body: { note: "Done" },
        headers: key,
      });
    const first = await ask();
    expect((await ask()).text).toBe(first.text);
  });

  it("also of an order that was canceled and whose money is not back", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await sell(two);
    await cancel(at);
    await settle();
    const [made] = await refundsAtStripe();
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    expect((await resolve(at.orderId, { note: "In cash" })).status).toBe(200);
  });

  it("and what happens after it calls again", async () => {
    const at = await called();
    await resolve(at.orderId, { note: "Done" });
    await dispute({ ...at, sku: "", reservationId: "" }, "opened");
    await arrive();
    expect((await order(at)).attention).toMatchObject({ reason: "dispute" });
  });

  it("not without saying how", async () => {
    const at = await called();
    for (const body of [{}, { note: " " }, { note: "x".repeat(2001) }])
      expect((await resolve(at.orderId, body)).status).toBe(422);
    expect((await resolve("ord_none", { note: "x" })).status).toBe(404);
  });
});
