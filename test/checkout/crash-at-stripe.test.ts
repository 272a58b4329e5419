import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { makeOnce } from "../../src/payments/stripe/make-once.ts";
import { checkOut, level, makeSku, order } from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const create = { method: "POST", path: "/v1/checkout/sessions" };
/** More often than the SDK repeats a call by itself. */
const PERSISTENTLY = { times: 2, delayMs: 5 };

/** What can become of the call that opens the payment page. `made`: Stripe has a page all the same. */
const FAULTS = [
  { name: "it times out before Stripe acted", made: false, rule: { kind: "timeout_before" } },
  { name: "it times out after Stripe acted", made: true, rule: { kind: "timeout_after_success" } },
  { name: "Stripe keeps its own 500", made: false, rule: { kind: "error_500", times: 1 } },
  {
    name: "Stripe keeps its own 500 after it acted",
    made: true,
    rule: { kind: "error_500", effect: true, times: 1 },
  },
  { name: "Stripe forgets its own 500", made: false, rule: { kind: "error_500", stored: false } },
  { name: "Stripe has enough of us", made: false, rule: { kind: "rate_limit_429" } },
  { name: "the connection breaks", made: false, rule: { kind: "connection_reset" } },
  {
    name: "the connection breaks after Stripe acted",
    made: true,
    rule: { kind: "connection_reset", effect: true },
  },
] as const;

async function failToCheckOut(rule: object) {
  const sku = await makeSku(3);
  const key = crypto.randomUUID();
  const body = { items: [{ sku, quantity: 1 }] };
  await stripe.misbehave({ ...create, ...PERSISTENTLY, ...rule });
  const first = await checkOut(body, key);
  await stripe.misbehave();
  return { sku, first, again: () => checkOut(body, key) };
}

const orders = () => rows("SELECT status, payment_status FROM orders");
const open = async () => (await sessions()).filter(({ status }) => status === "open");

describe.each(FAULTS)("When $name at the opening of a payment page", ({ rule, made }) => {
  it("(a retried checkout that makes a second order or a second session) the retry finds both, and the page can be paid", async () => {
    const { sku, first, again } = await failToCheckOut(rule);
    expect(first.status).toBe(502);
    expect(first.body.error.code).toBe("UPSTREAM_FAILED");
    expect(first.headers.get("Retry-After")).toBe("2");
    expect(await sessions()).toHaveLength(made ? 1 : 0);
    const retried = await again();
    expect(retried.status).toBe(201);
    expect(retried.headers.get("Idempotency-Replayed")).toBeNull();
    expect((await again()).text).toBe(retried.text);
    expect(await orders()).toHaveLength(1);
    expect(await sessions()).toMatchObject([
      { status: "open", client_reference_id: retried.body.data.orderId },
    ]);
    await stripe.pay(retried.body.data.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(retried.body.data)).toMatchObject({ status: "paid", attention: null });
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
  });

  it("and nobody retries, the sweep frees the stock and leaves no page that can be paid", async () => {
    const { sku } = await failToCheckOut(rule);
    await travel(15 * MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "expired", payment_status: "unpaid" }]);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
    expect(await open()).toEqual([]);
  });

  it("and the retry comes too late, it is told so and leaves no page that can be paid", async () => {
    const { sku, again } = await failToCheckOut(rule);
    await travel(15 * MINUTE_MS);
    const late = await Promise.all([again(), cron()]);
    expect(late[0].body.error.code).toBe("RESERVATION_EXPIRED");
    expect((await again()).text).toBe(late[0].text);
    expect(await open()).toEqual([]);
    expect(await level(sku)).toMatchObject({ reserved: 0, available: 3 });
  });

  it("and the page of the retry is paid in the last second, the sweep makes it a sale", async () => {
    const { again } = await failToCheckOut(rule);
    const { body } = await again();
    await stripe.pay(body.data.paymentUrl);
    await travel(15 * MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "paid", payment_status: "paid" }]);
    expect(await sessions()).toMatchObject([{ status: "complete" }]);
  });
});

describe("A payment page of which the answer was lost", () => {
  it("is found by the sweep hours later, when Stripe opens none so late any more", async () => {
    const { sku } = await failToCheckOut({ kind: "error_500", effect: true, times: 1 });
    const [page] = await sessions();
    await stripe.pay(page?.url ?? "");
    await travel(26 * 60 * MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "paid", payment_status: "paid" }]);
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
  });

  it("is found although Stripe's clock is minutes behind ours", async () => {
    await stripe.control("/clock", { now: Date.now() - 4 * MINUTE_MS });
    const { again } = await failToCheckOut({ kind: "error_500", effect: true, times: 1 });
    expect((await again()).status).toBe(201);
    expect(await sessions()).toHaveLength(1);
  });

  it("is found among more than a page of others", async () => {
    const { again } = await failToCheckOut({ kind: "error_500", effect: true, times: 1 });
    const sku = await makeSku(200);
    const items = [{ sku, quantity: 1 }];
    for (let round = 0; round < 7; round += 1)
      await Promise.all(Array.from({ length: 15 }, () => checkOut({ items })));
    const { body } = await again();
    const all = await rows<{ id: string }>("SELECT id FROM orders ORDER BY number LIMIT 1");
    expect(body.data.orderId).toBe(all[0]?.id);
    const found = await stripe.requests();
    const creations = found.filter(({ method, path }) => method === "POST" && path === create.path);
    expect(creations).toHaveLength(1 + 105 + 1);
  });

  it("stays the only one when sweep, release and two retries all look for it at once", async () => {
    const { again } = await failToCheckOut({ kind: "error_500", times: 1 });
    await travel(15 * MINUTE_MS - 1);
    const retries = [again(), again()];
    await travel(1);
    await Promise.all([...retries, cron(), cron()]);
    await travel(MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "expired", payment_status: "unpaid" }]);
    expect(await open()).toEqual([]);
    expect((await sessions()).length).toBeLessThanOrEqual(1);
  });
});

describe("A key whose first request has failed", () => {
  it("is the one that is asked under again, until Stripe has kept the error", async () => {
    const keys: string[] = [];
    const failed = new Stripe.errors.StripeAPIError({
      type: "api_error",
      message: "Something went wrong on Stripe's end.",
      statusCode: 500,
    });
    const make = (key: string) => {
      keys.push(key);
      return Promise.reject(failed);
    };
    await expect(makeOnce("checkout:1", make, async () => undefined)).rejects.toBe(failed);
    expect(keys).toEqual(["checkout:1"]);
  });
});

describe("A key that Stripe still works under", () => {
  it("is not left for the next one: what it makes would not be the only one", async () => {
    const keys: string[] = [];
    const inUse = new Stripe.errors.StripeIdempotencyError({
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: "There is currently another in-progress request using this key.",
      statusCode: 409,
    });
    const make = (key: string) => {
      keys.push(key);
      return Promise.reject(inUse);
    };
    await expect(makeOnce("checkout:1", make, async () => undefined)).rejects.toBe(inUse);
    expect(keys).toEqual(["checkout:1"]);
  });
});
