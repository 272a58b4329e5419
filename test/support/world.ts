import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { checkInvariants } from "../../src/audit/index.ts";
import { EndedSessions } from "../../src/identity/index.ts";
import worker from "../../src/index.ts";
import { Database } from "../../src/platform/db.ts";
import { servicesOf } from "../../src/services.ts";
import { DEFAULT_SETTINGS } from "../../src/settings/settings.ts";
import { emptyShop } from "./empty-shop.ts";
import { limiterWith } from "./limits.ts";
import { momentOf } from "./moment.ts";
import { forgetPeople } from "./people.ts";
import { idleQueue, nextBatch } from "./queue.ts";
import { startInternet, stripe } from "./stripe.ts";

/** The real binding counts real minutes, and each has many tests in it. */
const UNLIMITED = { scale: servicesOf(env).config.rateLimit.scale };
const SETTLE_MS = 45_000;
/** For what the queue has no part in. */
const POLL_MS = 30;

/** For each test of a file: an empty shop and fresh third parties before, and every invariant after. */
export function useWorld(): void {
  beforeEach(async ({ task }) => {
    vi.useFakeTimers({ toFake: ["Date"], now: momentOf(task.fullTestName) });
    const services = servicesOf(env);
    const endedSessions = new EndedSessions(); // of a clock that has moved since
    const cache = await caches.open(crypto.randomUUID()); // of a data center without a past
    Object.assign(services, { cache, endedSessions, limiter: limiterWith(UNLIMITED) });
    services.memory?.clear();
    services.soldOut.clear();
    services.keys.forget();
    services.apiKeys.clear();
    forgetPeople();
    await idleQueue();
    await Promise.all([emptyShop().then(hearOfTroubleAlone), startInternet(Date.now())]);
  });
  afterEach(async () => {
    try {
      await settle();
      await expectInvariants();
    } finally {
      vi.useRealTimers();
    }
  });
}

const TROUBLE_ALONE = {
  ...DEFAULT_SETTINGS,
  operatorMails: { paidOrders: false, lowStock: false, attention: true },
};

/** Among what the operators are told, most tests look for what calls them, and at what else was mailed. */
async function hearOfTroubleAlone(): Promise<void> {
  await env.DB.prepare(
    "INSERT INTO shop_settings (id, version, settings, updated_at) VALUES (1, 1, ?, 1)",
  )
    .bind(JSON.stringify(TROUBLE_ALONE))
    .run();
}

/** A shop in which nobody has said anything, as it is when it is new: its operators hear of everything. */
export async function hearOfEverything(): Promise<void> {
  await rows("DELETE FROM shop_settings");
}

/** Moves the shop's clock and Stripe's. */
export async function travel(ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await stripe.control("/clock", { now: Date.now() });
}

/** Fires a cron expression, as Cloudflare would. */
export async function cron(expression = "* * * * *"): Promise<void> {
  const execution = createExecutionContext();
  const event = createScheduledController({ cron: expression, scheduledTime: new Date() });
  await worker.scheduled(event, env, execution);
  await waitOnExecutionContext(execution);
}

/** Waits until the real queue has given every stored event and promise its effect, and has tried every delivery that it knows of, or has failed at it. */
export async function settle(): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  await wakeTriggered();
  for (;;) {
    const row = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM webhook_events WHERE status = 'received')
        + (SELECT count(*) FROM outbox WHERE status = 'pending' AND attempts = 0)
        + (SELECT count(*) FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id
          WHERE d.status = 'pending' AND d.tries = 0 AND d.wake_at > ?1 AND w.status = 'active' AND coalesce(w.quiet_until, 0) <= ?1) AS open`,
    )
      .bind(Date.now())
      .first<{ open: number }>();
    if (row?.open === 0) return;
    if (performance.now() > until)
      throw new Error(`${row?.open} events or promises that nothing works on`);
    await nextBatch(POLL_MS);
  }
}

/** Of what a trigger has promised no isolate knows: it waits for the sweep, which takes its row as this does. */
async function wakeTriggered(): Promise<void> {
  const { results } = await env.DB.prepare(
    "SELECT id FROM outbox WHERE topic = 'mail.low_stock' AND status = 'pending' AND attempts = 0",
  ).all<{ id: string }>();
  for (const { id } of results) await env.JOBS.send({ type: "outbox", id, requestId: "req_sweep" });
}

async function expectInvariants(): Promise<void> {
  const invariants = await checkInvariants(new Database(env.DB), {
    now: Date.now(),
    underWayMs: 0,
  });
  const broken = invariants.filter(({ holds }) => !holds);
  expect(broken).toEqual([]);
}

/** What is written by hand, no isolate hears of: it is as if two seconds had passed. */
export async function rows<T = Record<string, unknown>>(
  sql: string,
  ...params: unknown[]
): Promise<T[]> {
  servicesOf(env).memory?.clear();
  const found = await env.DB.prepare(sql)
    .bind(...params)
    .all<T>();
  return found.results;
}
