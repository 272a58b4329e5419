import { describe, expect, it } from "vitest";
import {
  nowSeconds,
  oneExpired,
  openShop,
  paidSession,
  pendingOf,
  typesOf,
} from "./stripe-emulator-support.ts";

describe("without an endpoint, deliveries", () => {
  it("wait until they are taken, in order, as many as asked for", async () => {
    const shop = await openShop();
    await paidSession(shop);
    expect(await pendingOf(shop)).toHaveLength(4);
    const [first] = await shop.take(1);
    expect(first).toMatchObject({
      type: "payment_intent.created",
      eventId: expect.stringMatching(/^evt_/),
      headers: { "Content-Type": "application/json; charset=utf-8" },
    });
    expect(await shop.take()).toHaveLength(3);
    expect(await shop.take()).toEqual([]);
  });

  it("come doubled, reversed or not at all, as told", async () => {
    const shop = await openShop();
    await paidSession(shop);
    await shop.control("/webhooks/behaviour", { duplicate: 1, reorder: true, drop: 1 });
    expect(typesOf(await shop.take())).toEqual([
      "payment_intent.succeeded",
      "payment_intent.succeeded",
      "charge.succeeded",
      "charge.succeeded",
      "payment_intent.created",
      "payment_intent.created",
    ]);
    const lost = await shop.stripe.events.list({ delivery_success: false });
    expect(typesOf(lost.data)).toEqual(["checkout.session.completed"]);
    await shop.control("/webhooks/behaviour", { drop: true });
    await oneExpired(shop);
    expect(await shop.take()).toEqual([]);
  });

  it("are lost in an outage, after which they come again and nothing is missing in the list", async () => {
    const shop = await openShop();
    const began = nowSeconds();
    await shop.control("/webhooks/behaviour", { drop: true });
    await oneExpired(shop);
    await shop.control("/webhooks/behaviour", {});
    const { payment } = await paidSession(shop);
    const delivered = typesOf(await shop.events());
    expect(delivered).not.toContain("checkout.session.expired");
    expect(delivered).toContain("checkout.session.completed");
    await shop.control("/webhooks/behaviour", { drop: true });
    await shop.stripe.refunds.create({ payment_intent: payment });
    expect(await shop.take()).toEqual([]);
    const listed = await shop.stripe.events
      .list({
        created: { gte: began, lte: nowSeconds() },
        types: ["checkout.session.expired", "refund.created"],
        limit: 1,
      })
      .autoPagingToArray({ limit: 10 });
    expect(typesOf(listed)).toEqual(["refund.created", "checkout.session.expired"]);
  });

  it("come late on the emulator's clock, signed when they are taken", async () => {
    const shop = await openShop();
    const now = Date.now();
    await shop.control("/clock", { now });
    await shop.control("/webhooks/behaviour", { delayMs: 86_400_000 });
    await oneExpired(shop);
    expect(await shop.take()).toEqual([]);
    await shop.control("/clock", { now: now + 86_400_000 });
    const [late] = await shop.take();
    const signed = Math.floor((now + 86_400_000) / 1000);
    expect(late?.headers["Stripe-Signature"]).toMatch(new RegExp(`^t=${signed},v1=[0-9a-f]{64}$`));
  });

  it("can be repeated with the same event", async () => {
    const shop = await openShop();
    await oneExpired(shop);
    const [first] = await shop.take();
    await shop.control(`/events/${first?.eventId}/resend`, {});
    const [again] = await shop.take();
    expect(again?.body).toBe(first?.body);
  });
});

describe("the list of events", () => {
  it("is newest first, and filtered by type, group of types and time", async () => {
    const shop = await openShop();
    const now = nowSeconds();
    await shop.control("/clock", { now: now * 1000 });
    await paidSession(shop);
    await shop.control("/clock", { now: (now + 60) * 1000 });
    await oneExpired(shop);
    const all = await shop.stripe.events.list({ limit: 100 });
    expect(typesOf(all.data)).toEqual([
      "checkout.session.expired",
      "checkout.session.completed",
      "payment_intent.succeeded",
      "charge.succeeded",
      "payment_intent.created",
    ]);
    const types = async (params: Parameters<typeof shop.stripe.events.list>[0]) =>
      typesOf((await shop.stripe.events.list(params)).data);
    expect(await types({ type: "charge.succeeded" })).toEqual(["charge.succeeded"]);
    expect(await types({ type: "checkout.session.*" })).toHaveLength(2);
    expect(await types({ types: ["charge.succeeded", "checkout.session.expired"] })).toHaveLength(
      2,
    );
    expect(await types({ created: { gt: now } })).toEqual(["checkout.session.expired"]);
    expect(await types({ created: { lte: now } })).toHaveLength(4);
    expect(await types({ created: now + 60 })).toHaveLength(1);
    const cursor = all.data[2]?.id ?? "";
    expect(await types({ starting_after: cursor, limit: 1 })).toEqual(["charge.succeeded"]);
    expect(await types({ ending_before: cursor, limit: 1 })).toEqual([
      "checkout.session.completed",
    ]);
  });

  it("forgets events after thirty days", async () => {
    const shop = await openShop();
    await oneExpired(shop);
    await shop.control("/clock", { now: Date.now() + 31 * 86_400_000 });
    expect((await shop.stripe.events.list()).data).toEqual([]);
  });

  it("keeps each object as it was at that moment", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    await shop.stripe.refunds.create({ payment_intent: payment });
    const { data } = await shop.stripe.events.list({ type: "charge.succeeded" });
    expect(data[0]?.data.object).toMatchObject({ amount_refunded: 0 });
  });
});
