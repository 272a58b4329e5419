import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { bookRefunds } from "../../src/orders/refunds/store.ts";
import { setPaymentSession } from "../../src/orders/store.ts";
import { Database } from "../../src/platform/db.ts";
import { refund, sell } from "../support/after-sale.ts";
import { databaseInterrupted } from "../support/faults.ts";
import { shopOver } from "../support/rig.ts";
import { order, toPaymentPage } from "../support/shop.ts";
import { sessionOf } from "../support/stripe.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 60 * 60_000;
const usd = (amount: number) => ({ amount, currency: "USD" });
const run = (statement: Parameters<Database["run"]>[0]) => new Database(env.DB).run(statement);

/** The database as it is where somebody else is always faster. */
function contested(): object {
  const steps = new WeakSet<D1PreparedStatement>();
  const prepare = (sql: string) => ({
    bind: (...params: unknown[]) => {
      const bound = env.DB.prepare(sql).bind(...params);
      if (/insert into "order_events"/i.test(sql)) steps.add(bound);
      return bound;
    },
  });
  const batch = async (bound: D1PreparedStatement[]) => {
    if (!bound.some((one) => steps.has(one))) return env.DB.batch(bound);
    throw new Error(
      "D1_ERROR: UNIQUE constraint failed: order_events.order_id, order_events.seq: SQLITE_CONSTRAINT",
    );
  };
  return { prepare, batch };
}

describe("The payment page of an order", () => {
  it("stays the first one", async () => {
    const at = await toPaymentPage();
    const [payment] = await rows<{ id: string }>("SELECT id FROM payments");
    const other = { sessionId: "cs_other", url: "https://stripe.test/other" };
    await run(setPaymentSession(payment?.id ?? "", other, Date.now()));
    expect(await rows("SELECT session_id FROM payments")).toEqual([
      { session_id: sessionOf(at.paymentUrl) },
    ]);
  });
});

describe("A change of an order", () => {
  it("that others change all the time is one to come back to", async () => {
    const at = await sell([{ amount: 2500, quantity: 1 }]);
    const rig = shopOver(contested(), { now: () => Date.now() });
    const answer = await rig.asAdmin("POST", `/api/v1/orders/${at.orderId}/fulfillments`, {
      body: {},
    });
    expect([answer.status, answer.body.error]).toEqual([
      503,
      expect.objectContaining({
        code: "UNAVAILABLE",
        message: "The order is being changed by others. Please try again.",
      }),
    ]);
    expect(answer.headers.get("Retry-After")).toBe("1");
  });

  it("that another has overtaken is decided again", async () => {
    const at = await sell([{ amount: 2500, quantity: 1 }]);
    const overtake = () => refund(at, { amount: usd(2000) });
    const database = databaseInterrupted(/insert into "order_events"/i, overtake);
    const rig = shopOver(database, { now: () => Date.now() });
    const headers = { "Idempotency-Key": "k" };
    const path = `/api/v1/orders/${at.orderId}/refunds`;
    const answer = await rig.asAdmin("POST", path, { headers, body: {} });
    expect([answer.status, answer.body.data?.amount.amount]).toEqual([201, 500]);
  });

  it("is decided anew once its key is over", async () => {
    const at = await sell([{ amount: 2500, quantity: 1 }]);
    expect((await refund(at, { amount: usd(1000) }, "k")).status).toBe(201);
    await travel(DAY_MS);
    expect(
      (await refund(at, { amount: usd(1000) }, "k")).headers.get("Idempotency-Replayed"),
    ).toBeNull();
    expect(await rows("SELECT amount FROM refunds")).toHaveLength(2);
  });
});

describe("An order that was not paid", () => {
  it("is not paid by news of money back", async () => {
    const at = await toPaymentPage();
    const { version = 0 } =
      (await rows<{ version: number }>("SELECT version FROM orders"))[0] ?? {};
    await run(bookRefunds(at.orderId, undefined, { version, now: Date.now() }));
    expect((await order(at)).paymentStatus).toBe("unpaid");
  });
});
