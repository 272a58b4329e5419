import { describe, expect, it } from "vitest";
import { expectError, invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { asHolder, checkOut, makeSku, reserve, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOLD_MS = 15 * 60_000;

function product(sku: string, slug: string) {
  const price = { amount: 100, currency: "EUR" };
  return asAdmin("POST", "/api/v1/products", {
    body: { title: "Thing", slug, variants: [{ sku, title: "One", price }] },
  });
}

describe("What the shop refuses", () => {
  it("is a slug or a SKU that is taken", async () => {
    expect((await product("TAKEN-1", "taken")).status).toBe(201);
    expectError(await product("TAKEN-2", "taken"), 409, {
      code: "CONFLICT",
      message: 'Another product already has the slug "taken".',
      fields: { slug: "Is taken." },
    });
    expectError(await product("TAKEN-1", "free"), 409, {
      code: "CONFLICT",
      message: "Another variant already has one of these SKUs.",
      fields: { variants: "Has a SKU that is taken." },
    });
  });

  it("is more than there is, with the numbers of each SKU that is short", async () => {
    const [plenty, few, none] = [await makeSku(10), await makeSku(2), await makeSku(0)];
    const asked = [
      { sku: plenty, quantity: 5 },
      { sku: few, quantity: 3 },
      { sku: none, quantity: 1 },
    ];
    expectError(await reserve(asked), 409, {
      code: "INSUFFICIENT_STOCK",
      message: "There is not enough left of what you asked for.",
      details: [
        { sku: few, requested: 3, available: 2 },
        { sku: none, requested: 1, available: 0 },
      ],
    });
  });

  it("is to write off what customers have reserved", async () => {
    const sku = await makeSku(5);
    await reserve([{ sku, quantity: 4 }]);
    const body = { kind: "damage", quantity: 2, reason: "Dropped" };
    expectError(await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, { body }), 409, {
      code: "INSUFFICIENT_STOCK",
      message: "Not that many can go: the rest is reserved by customers, or not there.",
    });
  });

  it("is an idempotency key that came with something else", async () => {
    const sku = await makeSku(5);
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    expect((await reserve([{ sku, quantity: 1 }], { headers })).status).toBe(201);
    expectError(await reserve([{ sku, quantity: 2 }], { headers }), 422, {
      code: "IDEMPOTENCY_KEY_REUSED",
      message:
        "This Idempotency-Key was already sent with another request. Use a new key for a new request.",
    });
  });

  it("is an idempotency key whose first request is still at work", async () => {
    const key = crypto.randomUUID();
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const order = { reservationId: body.data.id };
    expect((await checkOut(order, key)).status).toBe(201);
    await rows(
      "UPDATE idempotency_keys SET status = NULL, body = NULL, locked_until = ? WHERE subject = ?",
      Date.now() + 30_000,
      (await checkOut(order, key)).body.data.orderId,
    );
    const again = await checkOut(order, key);
    expectError(again, 409, {
      code: "IDEMPOTENCY_KEY_IN_USE",
      message:
        "The first request with this Idempotency-Key is still running. Ask again in a moment.",
    });
    expect(again.headers.get("Retry-After")).toBe("1");
  });

  it("is a checkout without an idempotency key", async () => {
    const body = {
      items: [{ sku: "A", quantity: 1 }],
      successUrl: "https://a.test",
      cancelUrl: "https://a.test",
    };
    expectError(await call("POST", "/api/v1/checkouts", { body }), 400, {
      code: "IDEMPOTENCY_KEY_REQUIRED",
      message:
        "Send an Idempotency-Key header, such as a new UUID for each thing you want done, so that a retry cannot do it twice.",
    });
  });

  it("is an idempotency key of no or too many characters", async () => {
    const items = [{ sku: await makeSku(5), quantity: 1 }];
    for (const key of ["", '""', "k".repeat(256)]) {
      const answer = await reserve(items, { headers: { "Idempotency-Key": key } });
      const wrong = "Must have 1 to 255 visible ASCII characters, such as a UUID has.";
      expectError(answer, 422, invalid({ "Idempotency-Key": wrong }));
    }
  });

  it("is to give back a hold whose time is over", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    await travel(HOLD_MS);
    await cron();
    expectError(await asHolder("DELETE", body.data.id), 410, {
      code: "RESERVATION_EXPIRED",
      message: "The reservation has ended already.",
    });
  });

  it("is to check out a hold whose time is over", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    await travel(HOLD_MS);
    expectError(await checkOut({ reservationId: body.data.id }), 410, {
      code: "RESERVATION_EXPIRED",
      message: "The reservation has ended. Reserve again to go on.",
    });
    await cron();
  });

  it("is to give back a hold that has been sold", async () => {
    const bought = await toPaymentPage();
    await stripe.pay(bought.paymentUrl);
    await deliverAll();
    await settle();
    expectError(await asHolder("DELETE", bought.reservationId), 409, {
      code: "INVALID_TRANSITION",
      message: "This reservation has been paid for, so it cannot be released.",
    });
  });

  it("is a webhook without a signature, or with a wrong one", async () => {
    for (const headers of [{}, { "Stripe-Signature": "t=1,v1=00" }]) {
      const answer = await call("POST", "/webhooks/stripe", { body: "{}", headers });
      expect(answer.status).toBe(400);
      expect(answer.body.error.code).toBe("INVALID_SIGNATURE");
    }
  });
});
