import { describe, expect, it } from "vitest";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { type Bought, checkOut, checkOutAs, makeSku, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const addresses = ({ orderId }: Pick<Bought, "orderId">) => [
  `/api/v1/orders/${orderId}`,
  `/api/v1/orders/${orderId}/events`,
];
const withToken = (token: string) => ({ headers: { "X-Order-Token": token } });
const list = async (query: string): Promise<string[]> => {
  const { status, text, body } = await asAdmin("GET", `/api/v1/orders?${query}`);
  if (status !== 200) throw new Error(text);
  return body.data.map(({ id }: { id: string }) => id);
};
async function paid(how: object = {}): Promise<Bought> {
  const at = await toPaymentPage(5);
  await stripe.pay(at.paymentUrl, how);
  await deliverAll();
  await settle();
  return at;
}

describe("An order", () => {
  it("is read by its guest with the order's own token, and by staff", async () => {
    const at = await toPaymentPage();
    for (const address of addresses(at)) {
      expect((await call("GET", address, withToken(at.orderToken))).status).toBe(200);
      expect((await asAdmin("GET", address)).status).toBe(200);
    }
  });

  it("is nobody else's: no token is 401, another order's token is 404, as is an unknown order", async () => {
    const at = await toPaymentPage();
    const other = await toPaymentPage();
    for (const address of addresses(at)) {
      const without = await call("GET", address);
      expectError(without, 401, {
        code: "UNAUTHENTICATED",
        message: "Send the order's token as X-Order-Token, or sign in.",
      });
      expect(without.headers.get("WWW-Authenticate")).toBe('Bearer realm="holdfast"');
      for (const token of [other.orderToken, `${at.orderToken}x`, "", "ot_", at.orderId]) {
        const wrong = await call("GET", address, withToken(token));
        expect([401, 404]).toContain(wrong.status);
        expect(wrong.text).not.toContain("ada@example.com");
      }
      expectError(await call("GET", address, withToken(other.orderToken)), 404, {
        code: "NOT_FOUND",
        message: "There is no such order.",
      });
    }
    for (const address of addresses({ orderId: "ord_unknown" })) {
      expect((await call("GET", address, withToken(at.orderToken))).status).toBe(404);
      expect((await asAdmin("GET", address)).status).toBe(404);
    }
  });

  it("is kept by no cache, and its ETag changes with it", async () => {
    const at = await toPaymentPage();
    const [address = ""] = addresses(at);
    const before = await call("GET", address, withToken(at.orderToken));
    expect(before.headers.get("Cache-Control")).toBe("private, no-store");
    const tag = before.headers.get("ETag") ?? "";
    const headers = { "X-Order-Token": at.orderToken, "If-None-Match": tag };
    expect((await call("GET", address, { headers })).status).toBe(304);
    await stripe.pay(at.paymentUrl);
    await deliverAll();
    await settle();
    expect((await call("GET", address, { headers })).status).toBe(200);
  });
});

describe("An order's history", () => {
  it("is complete and in order, page by page", async () => {
    const at = await paid({ method: "bank_transfer" });
    await travel(14 * DAY_MS);
    await cron();
    const [intent] = await rows<{ id: string }>("SELECT provider_payment_id AS id FROM payments");
    await stripe.settle(intent?.id ?? "", "succeeded");
    await deliverAll();
    await settle();
    const [, address = ""] = addresses(at);
    const whole = await call("GET", `${address}?include=total`, withToken(at.orderToken));
    const types = whole.body.data.map(({ type }: { type: string }) => type);
    expect(types).toEqual(["order.created", "payment.processing", "order.expired", "order.paid"]);
    expect(whole.body.meta).toEqual({ pageSize: 20, nextCursor: null, total: 4 });
    const times = whole.body.data.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(times).toEqual([...times].sort());
    const actors = whole.body.data.map(({ actor }: { actor: string }) => actor);
    expect(actors).toEqual(["guest", "system", "system", "system"]);

    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await call("GET", `${address}?pageSize=3${more}`, withToken(at.orderToken));
      found.push(...page.body.data.map(({ type }: { type: string }) => type));
      cursor = page.body.meta.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual(types);
  });
});

describe("The list of orders", () => {
  it("is for staff, newest first, and each filter finds exactly its own", async () => {
    expect((await call("GET", "/api/v1/orders")).status).toBe(401);
    const expired = await toPaymentPage();
    await travel(15 * MINUTE_MS);
    await cron();
    const sold = await paid();
    const waiting = await paid({ method: "bank_transfer" });
    const mismatch = await paid({ amount: 100 });
    const sku = await makeSku(3);
    const grace = await checkOut({ items: [{ sku, quantity: 1 }], email: "grace@example.com" });
    const open: string = grace.body.data.orderId;
    const ids = [open, mismatch, waiting, sold, expired].map((one) =>
      typeof one === "string" ? one : one.orderId,
    );
    expect(await list("")).toEqual([...ids].sort().reverse());
    const expected: Record<string, string[]> = {
      "status=paid": [sold.orderId],
      "status=expired": [expired.orderId],
      "status=canceled": [mismatch.orderId],
      "status=pending_payment": [waiting.orderId, open],
      "paymentStatus=processing": [waiting.orderId],
      "paymentStatus=refunded": [mismatch.orderId],
      "paymentStatus=unpaid": [expired.orderId, open],
      "fulfillmentStatus=fulfilled": [],
      "fulfillmentStatus=unfulfilled": ids,
      "email=grace@example.com": [open],
      "email=Grace@Example.COM": [open],
      "email=nobody@example.com": [],
      "status=paid&email=grace@example.com": [],
      "status=pending_payment&paymentStatus=unpaid": [open],
    };
    for (const [query, orders] of Object.entries(expected)) {
      const { body } = await asAdmin("GET", `/api/v1/orders?${query}&include=total`);
      const found = body.data.map(({ id }: { id: string }) => id);
      expect({ query, found: found.sort() }).toEqual({ query, found: [...orders].sort() });
      expect(body.meta.total).toBe(orders.length);
    }
    expect((await asAdmin("GET", "/api/v1/orders?status=lost")).status).toBe(422);
  });

  it("leaves out and repeats none of the same moment, from page to page", async () => {
    const ids: string[] = [];
    for (let nth = 0; nth < 5; nth += 1) ids.push((await toPaymentPage()).orderId);
    await rows("UPDATE orders SET created_at = (SELECT min(created_at) FROM orders)");
    for (const filter of ["", "&status=pending_payment", "&email=ada@example.com"]) {
      const found: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const { body } = await asAdmin("GET", `/api/v1/orders?pageSize=2${filter}${after}`);
        found.push(...body.data.map(({ id }: { id: string }) => id));
        cursor = body.meta.nextCursor;
      }
      expect([filter, found]).toEqual([filter, [...ids].sort().reverse()]);
    }
  });

  it("shows everybody else those of their account alone", async () => {
    await toPaymentPage();
    const buyer = await personWithRole("customer");
    const items = [{ sku: await makeSku(3), quantity: 1 }];
    const { body } = await checkOutAs(buyer, { items });
    const listed = (await as(buyer, "GET", "/api/v1/orders?include=total")).body;
    expect(listed.data.map(({ id }: { id: string }) => id)).toEqual([body.data.orderId]);
    expect(listed.meta.total).toBe(1);
  });
});
