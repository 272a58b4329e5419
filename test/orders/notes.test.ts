import { describe, expect, it } from "vitest";
import { sell } from "../support/after-sale.ts";
import { type Answer, call } from "../support/http.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { checkOutAs, mails, makeSku, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { makeEndpoint, received, settleDeliveries } from "../support/subscribers.ts";
import { rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const SECRET = "Sounds like the one who never pays";
const ONE = [{ amount: 2500, quantity: 1 }];

const note = (orderId: string, body: unknown, key?: string): Promise<Answer> =>
  asAdmin("POST", `/api/v1/orders/${orderId}/notes`, {
    body: { body },
    headers: key === undefined ? {} : { "Idempotency-Key": key },
  });
const events = (orderId: string) =>
  asAdmin("GET", `/api/v1/orders/${orderId}/events?include=total`);

describe("A note of staff", () => {
  it("is an entry of the order's history, with who wrote it, and in the audit log", async () => {
    const { orderId } = await sell(ONE);
    const agent = await personWithRole("agent");
    const path = `/api/v1/orders/${orderId}/notes`;
    const made = await as(agent, "POST", path, { body: { body: ` ${SECRET}\nTwice. ` } });
    expect(made.status).toBe(201);
    expect(made.headers.get("Location")).toBe(`/api/v1/orders/${orderId}/events`);
    const data = { note: `${SECRET}\nTwice.` };
    expect(made.body.data).toMatchObject({ type: "note.added", data, actor: agent.id });
    const { body } = await events(orderId);
    expect(body.data.at(-1)).toEqual(made.body.data);
    expect(body.meta.total).toBe(body.data.length);
    const [line] = await rows<{ actor: string; data: string }>(
      "SELECT actor, data FROM audit_log WHERE action = 'order.note_added' AND target = ?",
      orderId,
    );
    expect([line?.actor, JSON.parse(line?.data ?? "")]).toEqual([agent.id, data]);
  });

  it("is seen by no customer: not in the history, its number of entries, the order, its page, a mail or an event", async () => {
    const endpoint = await makeEndpoint();
    const customer = await personWithRole("customer");
    const items = [{ sku: await makeSku(5), quantity: 1 }];
    const { orderId, orderToken, paymentUrl } = (await checkOutAs(customer, { items })).body.data;
    const path = `/api/v1/orders/${orderId}`;
    const before = await as(customer, "GET", path);
    const told = await as(customer, "GET", `${path}/events?include=total`);
    await travel(1000);
    await note(orderId, SECRET);
    const after = await as(customer, "GET", path);
    expect([after.text, after.headers.get("ETag")]).toEqual([
      before.text,
      before.headers.get("ETag"),
    ]);
    expect((await as(customer, "GET", `${path}/events?include=total`)).text).toBe(told.text);
    await stripe.pay(paymentUrl);
    await deliverAll();
    await settle();
    await note(orderId, SECRET);
    await asAdmin("POST", `${path}/fulfillments`, { body: {} });
    await settleDeliveries();
    const seen = [
      await as(customer, "GET", `${path}/events?include=total`),
      await as(customer, "GET", path),
      await as(customer, "GET", "/api/v1/orders"),
      await call("GET", `/orders/${orderId}?token=${orderToken ?? ""}`),
    ].map(({ text }) => text);
    const sent = (await received(endpoint)).map(({ body }) => body);
    expect(sent.length).toBeGreaterThan(1);
    const written = (await mails()).map(({ html, text }) => html + text);
    expect(written.length).toBeGreaterThan(1);
    for (const text of [...seen, ...sent, ...written]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain("note.added");
    }
    const [history] = seen;
    const { data, meta } = JSON.parse(history ?? "");
    expect(meta.total).toBe(data.length);
    const all = await events(orderId);
    expect(
      all.body.data.filter(({ type }: { type: string }) => type === "note.added"),
    ).toHaveLength(2);
  });

  it("is shown to a guest with the order's token as little, page by page", async () => {
    const at = await toPaymentPage();
    for (let i = 0; i < 3; i += 1) await note(at.orderId, `${SECRET} ${i}`);
    const { body } = await call("GET", `/api/v1/orders/${at.orderId}/events?pageSize=1`, {
      headers: { "X-Order-Token": at.orderToken },
    });
    expect([body.data.length, body.meta.nextCursor]).toEqual([1, null]);
    expect(body.data[0].type).toBe("order.created");
  });

  it("is not on the order's page", async () => {
    const at = await sell(ONE);
    await note(at.orderId, SECRET);
    const page = await call("GET", `/orders/${at.orderId}?token=${at.orderToken}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain(SECRET);
  });

  it("is for an order in any state, beside whatever else happens to it", async () => {
    const at = await toPaymentPage();
    const notes = await Promise.all([1, 2, 3].map((i) => note(at.orderId, `Note ${i}`)));
    expect(notes.map(({ status }) => status)).toEqual([201, 201, 201]);
    await stripe.pay(at.paymentUrl);
    await deliverAll();
    await settle();
    const { body } = await events(at.orderId);
    expect(body.data).toHaveLength(5);
    expect((await note("ord_none", "x")).status).toBe(404);
  });

  it("is written once under a key", async () => {
    const { orderId } = await toPaymentPage();
    const first = await note(orderId, SECRET, "k");
    const again = await note(orderId, SECRET, "k");
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await note(orderId, "Other", "k")).status).toBe(422);
    expect((await events(orderId)).body.data).toHaveLength(2);
  });

  it("says something, and has an end", async () => {
    const { orderId } = await toPaymentPage();
    for (const wrong of ["", " \n", "\u200b", "x".repeat(5001), 7, undefined])
      expect([wrong, (await note(orderId, wrong)).status]).toEqual([wrong, 422]);
    expect((await note(orderId, "x".repeat(5000))).status).toBe(201);
  });

  it("is neither written nor read by a customer or a program without the scope", async () => {
    const customer = await personWithRole("customer");
    const { orderId } = await toPaymentPage();
    const path = `/api/v1/orders/${orderId}/notes`;
    const body = { body: "x" };
    expect((await as(customer, "POST", path, { body: body })).status).toBe(403);
    expect((await call("POST", path, { body })).status).toBe(401);
  });
});
