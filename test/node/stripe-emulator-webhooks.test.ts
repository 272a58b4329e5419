import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  nowSeconds,
  openShop,
  paidSession,
  type Shop,
  sessionParams,
  typesOf,
  WEBHOOK_SECRET,
} from "./stripe-emulator-support.ts";

const LONG = { timeout: 60_000 };

interface Received {
  body: string;
  headers: NodeJS.Dict<string | string[]>;
}

/** A webhook endpoint that answers with the given statuses, then with 200. */
async function endpoint(...statuses: number[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/webhooks/stripe`, received, statuses };
}

function typesReceived(received: Received[]): string[] {
  return received.map(({ body }) => JSON.parse(body).type);
}

async function pendingOf(shop: Shop) {
  type Pending = { deliveries: { type: string; attempt: number }[] };
  return (await shop.control<Pending>("/webhooks/pending")).deliveries;
}

async function oneExpired(shop: Shop): Promise<void> {
  const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
  await shop.stripe.checkout.sessions.expire(id);
}

describe("a webhook endpoint", () => {
  it("receives raw JSON that the SDK accepts as signed, and that anything else breaks", async () => {
    const { url, received } = await endpoint();
    const shop = await openShop({ webhookUrl: url });
    await paidSession(shop);
    await vi.waitFor(() => expect(received).toHaveLength(4), LONG);
    const [{ body, headers } = { body: "", headers: {} }] = received;
    expect(headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    });
    const signature = String(headers["stripe-signature"]);
    const event = shop.stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET);
    expect(event).toMatchObject({
      object: "event",
      api_version: shop.stripe.getApiField("version"),
    });
    const compact = JSON.stringify(JSON.parse(body));
    expect(() => shop.stripe.webhooks.constructEvent(compact, signature, WEBHOOK_SECRET)).toThrow();
    expect(() => shop.stripe.webhooks.constructEvent(body, signature, "whsec_wrong")).toThrow();
    await vi.waitFor(async () => {
      expect(await shop.stripe.events.retrieve(event.id)).toMatchObject({ pending_webhooks: 0 });
    }, LONG);
  });

  it("hears of an event again after it has failed", async () => {
    const { url, received, statuses } = await endpoint(...Array<number>(100).fill(500));
    const shop = await openShop({ webhookUrl: url });
    await oneExpired(shop);
    await vi.waitFor(() => expect(received).not.toEqual([]), LONG);
    const undelivered = await shop.stripe.events.list({ delivery_success: false });
    expect(undelivered.data).toHaveLength(1);
    const failed = received.length;
    statuses.length = 0;
    await vi.waitFor(() => expect(received).toHaveLength(failed + 1), LONG);
    expect(received[1]?.body).toBe(received[0]?.body);
    await vi.waitFor(async () => {
      const delivered = await shop.stripe.events.list({ delivery_success: true });
      expect(delivered.data).toHaveLength(1);
    }, LONG);
    expect(received).toHaveLength(failed + 1);
  });

  it("that is away hears of the event when it is back, even after a restart", async () => {
    const { url, received } = await endpoint();
    const folder = mkdtempSync(join(tmpdir(), "stripe-emulator-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const stateFile = join(folder, "stripe.json");
    const shop = await openShop({ webhookUrl: "http://127.0.0.1:9/nobody", stateFile });
    await oneExpired(shop);
    await vi.waitFor(async () => {
      const deliveries = await pendingOf(shop);
      expect(deliveries).toMatchObject([{ type: "checkout.session.expired" }]);
      expect(deliveries[0]?.attempt).toBeGreaterThan(0);
    }, LONG);
    await shop.stop();
    await openShop({ webhookUrl: url, stateFile });
    await vi.waitFor(
      () => expect(typesReceived(received)).toEqual(["checkout.session.expired"]),
      LONG,
    );
  });

  it("can be sent duplicates, late ones, none, and old ones again", async () => {
    const { url, received } = await endpoint();
    const shop = await openShop({ webhookUrl: url });
    await shop.control("/webhooks/behaviour", { duplicate: 2 });
    await oneExpired(shop);
    await vi.waitFor(() => expect(received).toHaveLength(3), LONG);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    await shop.control("/webhooks/behaviour", { drop: 1 });
    await oneExpired(shop);
    await vi.waitFor(async () => expect(await pendingOf(shop)).toEqual([]), LONG);
    expect(received).toHaveLength(3);
    await shop.control("/webhooks/behaviour", { delayMs: 300 });
    const started = Date.now();
    await oneExpired(shop);
    await vi.waitFor(() => expect(received).toHaveLength(4), LONG);
    expect(Date.now() - started).toBeGreaterThanOrEqual(295);
    const [first] = (await shop.stripe.events.list({ limit: 100 })).data.slice(-1);
    await shop.control("/webhooks/behaviour", {});
    await shop.control(`/events/${first?.id}/resend`, {});
    await vi.waitFor(() => expect(received).toHaveLength(5), LONG);
    expect(received[4]?.body).toContain(first?.id);
  });

  it("hears of sessions that end while nobody asks", async () => {
    const { url, received } = await endpoint();
    let now = Date.now();
    const shop = await openShop({ webhookUrl: url, now: () => now });
    await shop.stripe.checkout.sessions.create(
      sessionParams({ expires_at: Math.floor(now / 1000) + 1800 }),
    );
    now += 1_801_000;
    await vi.waitFor(
      () => expect(typesReceived(received)).toEqual(["checkout.session.expired"]),
      LONG,
    );
  });
});

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
