import { describe, expect, it } from "vitest";
import { stillHolds } from "../../src/identity/index.ts";
import { beginForgetting } from "../../src/privacy/forgetting/store.ts";
import { byTheShop } from "../../src/privacy/person.ts";
import { findPerson } from "../../src/privacy/store.ts";
import { fulfill, refund } from "../support/after-sale.ts";
import { type Member, makeKey, makeMember, systemContext } from "../support/credentials.ts";
import { customerId, customerOf, orderFor, purchase } from "../support/customers.ts";
import { makeDiscount } from "../support/discounts.ts";
import {
  ADA,
  boughtAndSent,
  deleteMe,
  FIVE_MINUTES,
  forget,
  leftUnpaid,
  NAME,
  WHERE,
} from "../support/forgetting.ts";
import { call } from "../support/http.ts";
import { mailedToken, mailTo } from "../support/mailbox.ts";
import { arrive } from "../support/money-back.ts";
import {
  as,
  asAdmin,
  PASSWORD,
  type Person,
  registerPerson,
  theAdmin,
  verifyAs,
} from "../support/people.ts";
import { makeSku, reserveAs } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { tracesOf } from "../support/traces.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

/** What names somebody who is forgotten. */
const WORDS = [
  ADA,
  NAME,
  "Ada Lovelace",
  WHERE.line1,
  WHERE.city,
  "Rear Mews",
  "TRACK-771",
  "203.0.113.77",
];
const MINUTE_MS = 60_000;

/** Somebody of whom each table knows something. */
async function known() {
  const person = await registerPerson(ADA);
  await asAdmin("POST", "/api/v1/webhook-endpoints", {
    body: { url: "https://hooks.subscriber.test/", events: ["order.paid", "order.fulfilled"] },
  });
  const { code } = await makeDiscount();
  const asGuest = await boughtAndSent({ email: ADA, discountCode: code });
  await verifyAs(person, await mailedToken(ADA, "/verify-email"));
  await settle();
  const order = await boughtAndSent({ email: ADA }, person);
  const canceled = await orderFor({ email: ADA, shippingAddress: WHERE }, person);
  await as(person, "POST", `/api/v1/orders/${canceled.orderId}/cancel`, {
    body: { reason: `${NAME} thought better of it` },
    headers: { "CF-Connecting-IP": "203.0.113.77" },
  });
  await rows(
    "UPDATE orders SET attention_reason = 'dispute', attention_since = 1 WHERE id = ?",
    order.orderId,
  );
  await asAdmin("POST", `/api/v1/orders/${order.orderId}/attention/resolve`, {
    body: { note: `${NAME} is content` },
  });
  await as(person, "PATCH", "/api/v1/me", {
    body: { password: "another horse battery staple", currentPassword: PASSWORD },
    headers: { "CF-Connecting-IP": "203.0.113.77" },
  });
  await call("POST", "/api/v1/auth/login", {
    body: { email: ADA, password: "another horse battery staple" },
    headers: { "CF-Connecting-IP": "203.0.113.77", "User-Agent": "Ada Lovelace's browser" },
  });
  await settle();
  return { person, asGuest, order, canceled };
}

describe("Whoever is deleted", () => {
  it("is named nowhere any more, in no column of no table", async () => {
    const { person, order, canceled } = await known();
    const before = await tracesOf(WORDS);
    for (const at of [
      "users.email",
      "orders.email",
      "orders.shipping_address",
      "order_events.data",
      "webhook_events.payload",
      "refunds.reason",
      "fulfillments.tracking_number",
      "audit_log.data",
      "audit_log.address",
      "sessions.address",
      "sessions.user_agent",
      "customers.name",
      "discount_uses.email",
      "outgoing_events.payload",
    ])
      expect(before, at).toContain(at);
    const books =
      "SELECT id, number, subtotal, tax, total, captured, refunded, account_id FROM orders ORDER BY id";
    const kept = await rows(books);
    expect(
      (await deleteMe(person, { currentPassword: "another horse battery staple" })).status,
    ).toBe(204);
    // At once, but for what has no index by person.
    expect(await tracesOf(WORDS)).toEqual(["webhook_events.payload"]);
    await cron(FIVE_MINUTES);
    expect(await tracesOf(WORDS)).toEqual([]);
    expect(await rows(books)).toEqual(kept);
    const shown = (await asAdmin("GET", `/api/v1/orders/${order.orderId}`)).body.data;
    expect(shown).toMatchObject({ email: null, status: "paid", refunded: { amount: 300 } });
    expect(shown.shippingAddress).toEqual({
      ...{ name: "", line1: "", city: "", postalCode: "", region: "Berlin", country: "DE" },
    });
    for (const path of [
      "orders",
      `orders/${order.orderId}/events`,
      `orders/${canceled.orderId}/events`,
      "users",
      "audit-log",
      "customers",
      "webhook-events",
    ])
      expect((await asAdmin("GET", `/api/v1/${path}`)).status, path).toBe(200);
    const log = (await asAdmin("GET", "/api/v1/audit-log?pageSize=100")).body.data;
    expect(log).toContainEqual(
      expect.objectContaining({ action: "customer.deleted", actor: person.id, address: "" }),
    );
  });

  it("is found by nobody any more, among the orders neither, once the index has heard of it", async () => {
    await boughtAndSent({ email: ADA });
    const found = async (q: string) => {
      await settle();
      return (await asAdmin("GET", `/api/v1/orders?q=${encodeURIComponent(q)}`)).body.data.length;
    };
    const words = [ADA, NAME, "TRACK-771"];
    for (const word of words) expect([word, await found(word)]).toEqual([word, 1]);
    expect((await asAdmin("POST", `/api/v1/exports/orders?email=${ADA}`)).status).toBe(202);
    await settle();
    expect((await forget(ADA)).status).toBe(204);
    for (const word of words) expect([word, await found(word)]).toEqual([word, 0]);
    expect(await rows("SELECT filter FROM csv_jobs")).toEqual([{ filter: "{}" }]);
  });

  it("is signed out at once, has no way in, and may come back as somebody else", async () => {
    const person = await registerPerson(ADA);
    await verifyAs(person, await mailedToken(ADA, "/verify-email"));
    const { orderId } = await boughtAndSent({ email: ADA }, person);
    await call("POST", "/api/v1/auth/password/forgot", { body: { email: ADA } });
    const reset = await mailedToken(ADA, "/reset-password");
    expect((await deleteMe(person)).status).toBe(204);
    expect((await as(person, "GET", "/api/v1/me")).status).toBe(401);
    const { refreshToken } = person;
    expect((await call("POST", "/api/v1/auth/refresh", { body: { refreshToken } })).status).toBe(
      401,
    );
    const login = { email: ADA, password: PASSWORD };
    expect((await call("POST", "/api/v1/auth/login", { body: login })).status).toBe(401);
    const body = { token: reset, password: "a third horse battery staple" };
    expect((await call("POST", "/api/v1/auth/password/reset", { body })).status).toBe(422);
    const again = await registerPerson(ADA);
    expect(again.id).not.toBe(person.id);
    await verifyAs(again, await mailedToken(ADA, "/verify-email"));
    await settle();
    expect((await as(again, "GET", "/api/v1/orders")).body.data).toEqual([]);
    expect((await as(again, "GET", `/api/v1/orders/${orderId}`)).status).toBe(404);
    expect(await customerOf(ADA)).toMatchObject({ orders: 0, spent: [] });
    const users = (await asAdmin("GET", "/api/v1/users")).body.data;
    expect(users.map(({ id }: { id: string }) => id)).not.toContain(person.id);
    expect(
      (await asAdmin("PATCH", `/api/v1/users/${person.id}`, { body: { disabled: false } })).status,
    ).toBe(404);
  });

  it("has to say the password, where there is one", async () => {
    const person = await registerPerson(ADA);
    for (const body of [{}, { currentPassword: "wrong horse battery staple" }])
      expect((await deleteMe(person, body)).body.error.fields).toHaveProperty("currentPassword");
    expect((await as(person, "GET", "/api/v1/me")).status).toBe(200);
    expect((await deleteMe(await makeMember(), {})).status).toBe(204);
  });

  it("is a guest, too, whose later events name nobody", async () => {
    const order = await boughtAndSent({ email: ADA });
    expect((await forget(ADA)).status).toBe(204);
    await cron(FIVE_MINUTES);
    expect(await tracesOf(WORDS)).toEqual([]);
    await refund(order, { amount: { amount: 100, currency: "USD" } });
    await settle();
    await arrive();
    expect(await tracesOf(WORDS)).toEqual([]);
    expect((await asAdmin("GET", `/api/v1/orders/${order.orderId}`)).body.data).toMatchObject({
      ...{ email: null, refunded: { amount: 400 } },
    });
    const dead = await rows("SELECT topic FROM outbox WHERE status <> 'done'");
    expect(dead).toEqual([]);
    expect(await customerOf(ADA)).toBeUndefined();
    expect(await forget("somebody@example.com").catch(() => undefined)).toBeUndefined();
  });

  it("gets late money back, for goods that nobody knows where to send", async () => {
    const order = await orderFor({ email: ADA, shippingAddress: WHERE });
    await purchase({ email: ADA, shippingAddress: WHERE }).then((bought) => fulfill(bought));
    const session = await stripe.pay(order.paymentUrl);
    await leftUnpaid(order);
    expect(session).toBeDefined();
    expect((await forget(ADA)).status).toBe(204);
    await deliverAll();
    await settle();
    await arrive();
    await cron(FIVE_MINUTES);
    const shown = (await asAdmin("GET", `/api/v1/orders/${order.orderId}`)).body.data;
    expect(shown).toMatchObject({ status: "expired", paymentStatus: "refunded", email: null });
    expect(await tracesOf(WORDS)).toEqual([]);
  });
});

describe("Nobody is deleted", () => {
  const refused = async (email: string, because: string, orderId?: string) => {
    const answer = await forget(email);
    expect(answer.status, because).toBe(409);
    expect(answer.body.error).toMatchObject({
      code: "INVALID_TRANSITION",
      details: [{ because, orderId: orderId ?? null }],
    });
    expect(await rows("SELECT id FROM forgettings")).toEqual([]);
  };

  it("for whom something is under way", async () => {
    const waiting = await orderFor({ email: ADA });
    await refused(ADA, "payment", waiting.orderId).catch(async () => {
      // A guest who has paid for nothing yet is no customer.
      expect(await customerOf(ADA)).toBeUndefined();
    });
    await stripe.pay(waiting.paymentUrl);
    await deliverAll();
    await settle();
    await refused(ADA, "shipment", waiting.orderId);
    await fulfill(waiting);
    const second = await orderFor({ email: ADA });
    await refused(ADA, "payment", second.orderId);
    await asAdmin("POST", `/api/v1/orders/${second.orderId}/cancel`);
    await rows(
      "UPDATE orders SET attention_reason = 'restored', attention_since = 1 WHERE id = ?",
      waiting.orderId,
    );
    await refused(ADA, "attention", waiting.orderId);
    await rows("UPDATE orders SET attention_reason = NULL, attention_since = NULL");
    await rows(`INSERT INTO disputes (id, order_id, payment_id, status, reason, amount, currency, created_at, updated_at)
      SELECT 'dp_1', order_id, id, 'open', 'fraudulent', 1, 'USD', 1, 1 FROM payments WHERE status = 'succeeded'`);
    await refused(ADA, "dispute", waiting.orderId);
    await rows("UPDATE disputes SET status = 'won'");
    await refund(waiting, { amount: { amount: 100, currency: "USD" } });
    await rows("UPDATE refunds SET status = 'pending'").catch(() => undefined);
    await rows(
      "INSERT INTO refunds (id, order_id, payment_id, status, amount, currency, reason, source, actor, created_at, updated_at) SELECT 'ref_x', order_id, id, 'pending', 1, 'USD', 'x', 'provider', 'x', 1, 1 FROM payments WHERE status = 'succeeded'",
    );
    await refused(ADA, "refund", waiting.orderId);
    await rows("DELETE FROM refunds WHERE id = 'ref_x'");
    await settle();
    await arrive();
    expect((await forget(ADA)).status).toBe(204);
  });

  it("while they hold something", async () => {
    const person = await registerPerson(ADA);
    await reserveAs(person, [{ sku: await makeSku(5), quantity: 1 }]);
    const answer = await deleteMe(person);
    expect(answer.status).toBe(409);
    expect(answer.body.error.details).toEqual([
      { because: "hold", orderId: null, orderNumber: null },
    ]);
    await travel(20 * MINUTE_MS);
    await cron();
    const { accessToken } = (
      await call("POST", "/api/v1/auth/login", { body: { email: ADA, password: PASSWORD } })
    ).body.data;
    expect((await deleteMe({ accessToken })).status).toBe(204);
  });

  it("where that leaves the shop without an admin, nor by themselves without their password", async () => {
    const admin = await theAdmin();
    expect((await forget(admin.email)).body.error.code).toBe("BUSINESS_RULE_VIOLATION");
    const only = await deleteMe(admin, {});
    expect(only.status).toBe(422);
    expect(only.body.error.message).toBe("The shop would be left without an admin.");
    const other = await makeMember("admin");
    expect((await forget(admin.email)).body.error.message).toContain("DELETE /me");
    expect((await forget(other.email)).status).toBe(204);
  });

  it("by whoever may not", async () => {
    const { email } = await makeMember();
    const path = `/api/v1/customers/${await customerId(email)}`;
    const program = async (...scopes: Parameters<typeof makeKey>[0]) => ({
      accessToken: (await makeKey(scopes)).secret,
    });
    for (const who of [await makeMember("agent"), await program("orders:write", "identity:read")]) {
      expect((await as(who, "DELETE", path)).status).toBe(403);
      expect((await as(who, "GET", `${path}/export`)).status).toBe(403);
    }
    expect((await as(await program("identity:write"), "DELETE", path)).status).toBe(204);
    expect((await asAdmin("DELETE", path)).status).toBe(404);
  });
});

describe("Deleting somebody", () => {
  it("takes nothing from a guest whose address they have only said is theirs", async () => {
    const order = await boughtAndSent({ email: ADA });
    const stranger = await registerPerson(ADA);
    expect((await deleteMe(stranger)).status).toBe(204);
    const shown = (await asAdmin("GET", `/api/v1/orders/${order.orderId}`)).body.data;
    expect(shown).toMatchObject({ email: ADA, shippingAddress: WHERE });
    expect(await customerOf(ADA)).toMatchObject({ orders: 1, name: null, account: null });
  });

  it("leaves a colleague what the account has bought, under their own address", async () => {
    const person = await registerPerson(ADA);
    await verifyAs(person, await mailedToken(ADA, "/verify-email"));
    const colleague = await colleagueOf(person);
    const open = await purchase({ email: ADA, shippingAddress: WHERE }, person);
    expect((await deleteMe(person)).status).toBe(204);
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA, "Ada Lovelace"])).toEqual(["accounts.name"]);
    const seen = (await as(colleague, "GET", `/api/v1/orders/${open.orderId}`)).body.data;
    expect(seen).toMatchObject({ email: colleague.email, shippingAddress: WHERE });
    expect(await customerOf(colleague.email)).toMatchObject({ orders: 1 });
    await fulfill(open);
    await settle();
    const told = await mailTo(colleague.email);
    expect(told.some(({ subject }) => /on its way/i.test(subject))).toBe(true);
  });

  it("by whoever may not any more, or of somebody who has changed, is refused by the database", async () => {
    await boughtAndSent({ email: ADA });
    const ctx = systemContext();
    const [read] = await ctx.db.run(findPerson(await customerId(ADA)));
    if (read === undefined) throw new Error("Nobody has bought.");
    await registerPerson(ADA);
    const by = { id: "fgt_1", actor: "system", requestId: "req_test", now: Date.now() };
    const leaving = { ...byTheShop(read), ...by };
    await expect(ctx.db.run(beginForgetting(leaving))).rejects.toThrow("forgettings.customer_id");
    const [now] = await ctx.db.run(findPerson(await customerId(ADA)));
    if (now === undefined) throw new Error("Nobody has registered.");
    const may = stillHolds((await makeMember()).id, "identity:write");
    const begin = beginForgetting({ ...byTheShop(now), ...by }, may);
    await expect(ctx.db.run(begin)).rejects.toThrow("forgettings.customer_id");
  });

  it("lets nothing be bought with a sign-in that is not over everywhere yet", async () => {
    const person = await registerPerson(ADA);
    await rows("UPDATE users SET deleted_at = 5, email = id WHERE id = ?", person.id);
    const answer = await orderFor({ email: ADA }, person).catch((error: Error) => error.message);
    expect(answer).toContain("UNAUTHENTICATED");
    expect((await as(person, "PATCH", "/api/v1/me", { body: { name: "Ada" } })).status).toBe(404);
    expect(await tracesOf([ADA])).toEqual([]);
  });
});

async function colleagueOf({ accountId }: Person): Promise<Member> {
  const colleague = await makeMember("customer", accountId);
  await rows("UPDATE users SET created_at = created_at + 1 WHERE id = ?", colleague.id);
  return colleague;
}
