import { describe, expect, it } from "vitest";
import { fulfill, refund } from "../support/after-sale.ts";
import { makeMember } from "../support/credentials.ts";
import { customerId, orderFor, purchase } from "../support/customers.ts";
import { mailedToken } from "../support/mailbox.ts";
import { arrive } from "../support/money-back.ts";
import { as, asAdmin, registerPerson, verifyAs } from "../support/people.ts";
import { makeSku, reserveAs } from "../support/shop.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const ADA = "ada@example.com";
const mine = (person: { accessToken: string }, query = "") =>
  as(person, "GET", `/api/v1/me/export${query}`);

describe("What the shop knows of somebody", () => {
  it("is one document, a file, with all that is theirs and nothing that is secret or the shop's own", async () => {
    const person = await registerPerson(ADA);
    const order = await purchase({ email: ADA }, person);
    await fulfill(order, { carrier: "DHL", trackingNumber: "TRACK-1" });
    await refund(order, { amount: { amount: 300, currency: "USD" }, reason: "Bag was torn" });
    await settle();
    await arrive();
    await rows("UPDATE orders SET attention_reason = 'dispute', attention_since = 1");
    await asAdmin("POST", `/api/v1/orders/${order.orderId}/attention/resolve`, {
      body: { note: "A difficult customer" },
    });
    await reserveAs(person, [{ sku: await makeSku(5), quantity: 2 }]);
    const { status, headers, body, text } = await mine(person);
    expect(status).toBe(200);
    expect(headers.get("Content-Disposition")).toBe('attachment; filename="personal-data.json"');
    expect(headers.get("Cache-Control")).toBe("private, no-store");
    expect(body.meta).toEqual({ pageSize: 20, nextCursor: null });
    const { customer, user, sessions, holds, orders } = body.data;
    expect(customer).toMatchObject({ email: ADA, orders: 1 });
    expect(user).toMatchObject({ id: person.id, email: ADA });
    expect(sessions).toHaveLength(1);
    expect(holds).toMatchObject([{ status: "held", items: [{ quantity: 2 }] }]);
    const [{ order: bought, hold, history, mails, log }, ...others] = orders;
    expect(others).toEqual([]);
    expect(bought).toMatchObject({
      ...{ id: order.orderId, email: ADA, shippingAddress: { line1: "Quince Lane 17" } },
      ...{ payments: [{ status: "succeeded" }], refunds: [{ reason: "Bag was torn" }] },
      fulfillments: [{ trackingNumber: "TRACK-1" }],
    });
    expect(hold).toMatchObject({ status: "committed" });
    expect(history.map(({ type }: { type: string }) => type)).toContain("order.fulfilled");
    expect(history[0]).toMatchObject({ type: "order.created", by: "you" });
    expect(mails.map(({ topic }: { topic: string }) => topic).sort()).toEqual([
      ...["mail.receipt", "mail.refunded", "mail.shipped"],
    ]);
    expect(log).toContainEqual(
      expect.objectContaining({ action: "order.fulfilled", by: "shop", address: null }),
    );
    for (const secret of ["A difficult customer", "argon2", "hash", person.refreshToken, "rsv_"])
      expect(text, secret).not.toContain(secret);
    const path = `/api/v1/customers/${await customerId(ADA)}/export`;
    expect((await asAdmin("GET", path)).body).toEqual(body);
    expect((await asAdmin("GET", "/api/v1/customers/cus_no/export")).status).toBe(404);
  });

  it("is of a guest what they have bought, and of whoever only says that the address is theirs nothing of it", async () => {
    const guests = await purchase({ email: ADA });
    const asGuest = await asAdmin("GET", `/api/v1/customers/${await customerId(ADA)}/export`);
    expect(asGuest.body.data).toMatchObject({ user: null, sessions: [], apiKeys: [], holds: [] });
    const stranger = await registerPerson(ADA);
    expect((await mine(stranger)).body.data.orders).toEqual([]);
    const path = `/api/v1/customers/${await customerId(ADA)}/export`;
    const ids = async () =>
      (await asAdmin("GET", path)).body.data.orders.map(
        ({ order }: { order: { id: string } }) => order.id,
      );
    expect(await ids()).toEqual([guests.orderId]);
    expect((await asAdmin("GET", path)).body.data.user).toMatchObject({ id: stranger.id });
    await verifyAs(stranger, await mailedToken(ADA, "/verify-email"));
    await settle();
    expect((await mine(stranger)).body.data.orders).toHaveLength(1);
  });

  it("is of a colleague only what names them", async () => {
    const person = await registerPerson(ADA);
    const colleague = await makeMember("customer", person.accountId);
    await orderFor({ email: colleague.email }, colleague);
    const own = await orderFor({ email: ADA }, person);
    const { data } = (await mine(person)).body;
    expect(data.orders).toMatchObject([{ order: { id: own.orderId } }]);
    expect(JSON.stringify(data)).not.toContain(colleague.email);
  });

  it("comes page by page", async () => {
    const person = await registerPerson(ADA);
    for (let i = 0; i < 3; i += 1) await orderFor({ email: ADA }, person);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await mine(person, `?pageSize=2${after}`);
      expect(body.data.user).toMatchObject({ email: ADA });
      seen.push(...body.data.orders.map(({ order }: { order: { id: string } }) => order.id));
      cursor = body.meta.nextCursor;
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen).toHaveLength(3);
    expect((await mine(person, "?include=total")).status).toBe(422);
    expect((await mine(person, "?cursor=x")).status).toBe(422);
  });
});
