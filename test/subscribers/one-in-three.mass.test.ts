import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { Received } from "../../emulators/subscriber/emulator.ts";
import { nextBatch } from "../support/queue.ts";
import { roundsOf } from "../support/sample.ts";
import { mails, makeSku, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import {
  behave,
  type Endpoint,
  type EventBody,
  makeEndpoint,
  received,
  verified,
} from "../support/subscribers.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const EVENTS = roundsOf(60, 10_000);
const TIMEOUT_MS = 1_200_000;

/** So many events of one SKU, as its stock would make them. */
async function happen(sku: string, count: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?)
      INSERT INTO outgoing_events (id, type, subject, sequence, created_at)
      SELECT 'evt_' || printf('%08d', value), 'inventory.low', ?, value, ? FROM n`,
  )
    .bind(count, sku, Date.now())
    .run();
}

async function count(sql: string, ...params: unknown[]): Promise<number> {
  const [row] = await rows<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, ...params);
  return row?.n ?? 0;
}

const waiting = ({ id }: Endpoint) =>
  count("webhook_deliveries WHERE endpoint_id = ? AND status <> 'delivered'", id);

/** As somebody verifies it at the moment of its coming. */
function verifiedThen(one: Received, secret: string): EventBody {
  const now = Date.now();
  vi.setSystemTime(Number(one.headers["webhook-timestamp"]) * 1000);
  try {
    return verified(one, secret);
  } finally {
    vi.setSystemTime(now);
  }
}

/** Whether the queue has nothing more to bring now. */
async function isQuiet(): Promise<boolean> {
  const before = await count("delivery_attempts");
  await nextBatch(300);
  return (await count("delivery_attempts")) === before;
}

it(
  "Ten thousand deliveries to an endpoint that fails one time in three: each event arrives, none is signed wrong, nothing else waits",
  async () => {
    const failing = await makeEndpoint(["inventory.low"]);
    const other = await makeEndpoint(["order.paid"]);
    await behave(failing, { every: 3, status: 500 });
    await happen(await makeSku(9), EVENTS);
    await cron();

    // In the midst of it, somebody buys: receipt and event are out while others still wait.
    const sold = await toPaymentPage();
    await stripe.pay(sold.paymentUrl);
    await deliverAll();
    const told = () =>
      count("webhook_deliveries WHERE endpoint_id = ? AND status = 'delivered'", other.id);
    while ((await told()) === 0) await nextBatch(1000);
    expect(await waiting(failing)).toBeGreaterThan(0);
    expect((await received(other)).map(({ status }) => status)).toEqual([200]);
    const receipts = async () => (await mails()).filter(({ text }) => text.includes(sold.orderId));
    while ((await receipts()).length === 0) await nextBatch(1000);
    expect(await waiting(failing)).toBeGreaterThan(0);

    while ((await waiting(failing)) > 0) {
      await cron();
      if (await isQuiet()) await travel(5 * MINUTE_MS);
    }
    const all = await received(failing);
    const taken = all.filter(({ status }) => status === 200);
    const ids = new Set(taken.map((one) => verifiedThen(one, failing.secret).id));
    expect(ids.size).toBe(EVENTS);
    for (const { headers, body } of all) expect(headers["webhook-id"]).toBe(JSON.parse(body).id);
    expect(all.length - taken.length).toBe(Math.floor(all.length / 3));
  },
  TIMEOUT_MS,
);
