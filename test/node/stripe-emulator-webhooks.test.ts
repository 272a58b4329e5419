import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  oneExpired,
  openShop,
  paidSession,
  pendingOf,
  sessionParams,
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
