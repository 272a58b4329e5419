import { describe, expect, it } from "vitest";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { registerPerson } from "../support/people.ts";
import { checkOut, checkOutAs, level, makeSku, reserve } from "../support/shop.ts";
import { sessions, stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 3_600_000;
const orders = () => rows("SELECT status FROM orders");

describe("The Idempotency-Key of a checkout", () => {
  it("is required", async () => {
    const sku = await makeSku(1);
    const answer = await call("POST", "/api/v1/checkouts", {
      body: {
        items: [{ sku, quantity: 1 }],
        successUrl: "https://storefront.test/thanks",
        cancelUrl: "https://storefront.test/cart",
      },
    });
    expectError(answer, 400, {
      code: "IDEMPOTENCY_KEY_REQUIRED",
      message:
        "Send an Idempotency-Key header, such as a new UUID for each thing you want done, so that a retry cannot do it twice.",
    });
    expect(await orders()).toEqual([]);
  });

  it("replays the first answer byte for byte, even when the shop has moved on", async () => {
    const sku = await makeSku(5);
    const key = crypto.randomUUID();
    const body = { items: [{ sku, quantity: 1 }] };
    const first = await checkOut(body, key);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    await travel(20 * 60_000);
    await cron();
    expect(await orders()).toEqual([{ status: "expired" }]);
    const again = await checkOut(body, key);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect(await sessions()).toHaveLength(1);
  });

  it("makes one order and one payment page of ten requests at once", async () => {
    const sku = await makeSku(20);
    const { body: reservation } = await reserve([{ sku, quantity: 1 }]);
    for (const body of [
      { reservationId: reservation.data.id },
      { items: [{ sku, quantity: 2 }] },
    ]) {
      const key = crypto.randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => checkOut(body, key)));
      const won = answers.filter(({ status }) => status === 201);
      const waiting = answers.filter(({ status }) => status !== 201);
      expect(won.length).toBeGreaterThan(0);
      for (const answer of waiting) {
        expect(answer.body.error.code).toBe("IDEMPOTENCY_KEY_IN_USE");
        expect(answer.headers.get("Retry-After")).toBe("1");
      }
      const later = await Promise.all(Array.from({ length: 10 }, () => checkOut(body, key)));
      expect(new Set([...won, ...later].map(({ text }) => text)).size).toBe(1);
    }
    expect(await orders()).toHaveLength(2);
    expect(await sessions()).toHaveLength(2);
    expect(await level(sku)).toMatchObject({ reserved: 3 });
  });

  it("refuses another request under the same key", async () => {
    const sku = await makeSku(5);
    const key = crypto.randomUUID();
    await checkOut({ items: [{ sku, quantity: 1 }] }, key);
    expectError(await checkOut({ items: [{ sku, quantity: 2 }] }, key), 422, {
      code: "IDEMPOTENCY_KEY_REUSED",
      message:
        "This Idempotency-Key was already sent with another request. Use a new key for a new request.",
    });
    expect(await orders()).toHaveLength(1);
  });

  const callers = [
    ["a guest", () => Promise.resolve(checkOut)],
    ["somebody signed in", signedIn],
  ] as const;
  async function signedIn() {
    const buyer = await registerPerson();
    return (body: object, key: string) => checkOutAs(buyer, body, key);
  }

  it.each(callers)(
    "refuses another request of %s also while the first has no answer, and does nothing for it",
    async (_, caller) => {
      const send = await caller();
      const sku = await makeSku(5);
      await stripe.misbehave({ kind: "rate_limit_429", times: 2 });
      expect((await send({ items: [{ sku, quantity: 1 }] }, "k")).status).toBe(502);
      await stripe.misbehave();
      const other = await send({ items: [{ sku, quantity: 2 }] }, "k");
      expect(other.body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
      expect(await sessions()).toEqual([]);
      expect((await send({ items: [{ sku, quantity: 1 }] }, "k")).status).toBe(201);
      expect(await orders()).toHaveLength(1);
    },
  );

  it("is the caller's own: another's same key is another purchase", async () => {
    const sku = await makeSku(5);
    const buy = (address: string, quantity: number) =>
      call("POST", "/api/v1/checkouts", {
        headers: { "Idempotency-Key": "1", "CF-Connecting-IP": address },
        body: {
          items: [{ sku, quantity }],
          successUrl: "https://storefront.test/thanks",
          cancelUrl: "https://storefront.test/cart",
        },
      });
    const [one, other] = [await buy("192.0.2.1", 1), await buy("192.0.2.2", 2)];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(other.body.data.orderId).not.toBe(one.body.data.orderId);
  });

  it("replays a refusal too, with the request id it had", async () => {
    const sku = await makeSku(1);
    const key = crypto.randomUUID();
    const body = { items: [{ sku, quantity: 2 }] };
    const first = await checkOut(body, key);
    expect(first.status).toBe(409);
    const again = await checkOut(body, key);
    expect(again.text).toBe(first.text);
    expect(again.status).toBe(409);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
  });

  it("is forgotten after a day", async () => {
    const sku = await makeSku(1);
    const key = crypto.randomUUID();
    await checkOut({ items: [{ sku, quantity: 2 }] }, key);
    await travel(24 * HOUR_MS);
    await cron("*/5 * * * *");
    expect((await checkOut({ items: [{ sku, quantity: 1 }] }, key)).status).toBe(201);
  });
});

describe("A total that Stripe does not take", () => {
  it("is refused with Stripe's reason; the order is canceled and its stock free", async () => {
    const sku = await makeSku(3, { amount: 20, currency: "USD" });
    const key = crypto.randomUUID();
    const body = { items: [{ sku, quantity: 1 }] };
    const refused = await checkOut(body, key);
    expectError(refused, 422, {
      code: "BUSINESS_RULE_VIOLATION",
      message:
        "This cannot be paid: The Checkout Session's total amount due must add up to at least $0.50 usd",
    });
    expect(await orders()).toEqual([{ status: "canceled" }]);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
    const again = await checkOut(body, key);
    expect(again.text).toBe(refused.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await orders()).toHaveLength(1);
  });
});
