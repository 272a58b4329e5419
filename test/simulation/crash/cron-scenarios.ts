import { expectCount, expectOrder, type Scenario, type Staged } from "./scenario.ts";
import type { CrashShop } from "./shop.ts";

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const EVERY_MINUTE = "* * * * *";

const cron = (shop: CrashShop, expression: string, expect: () => Promise<string[]>): Staged => ({
  attempt: () => shop.world.cron(expression),
  expect,
});

/** What left the database is in the bucket. */
async function everySentArchived({ world }: CrashShop): Promise<string[]> {
  const lines = await Promise.all([...world.bucket.values()].map(linesOf));
  const there = new Set(lines.flat().map(({ id }) => id));
  const events = await world.rows<{ id: string }>("SELECT id FROM webhook_events");
  return events.flatMap(({ id }) => (there.has(id) ? [] : [`${id} is not in the bucket`]));
}

async function linesOf(packed: ArrayBuffer): Promise<{ id: string }[]> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string });
}

/** A guest who has bought, and was sent it, and is forgotten. */
async function forgottenGuest(shop: CrashShop): Promise<void> {
  const bought = await shop.paid();
  const path = `/api/v1/orders/${bought.orderId}/fulfillments`;
  const headers = { "Idempotency-Key": "sent" };
  await shop.ok(shop.asOperator({ method: "POST", path, headers, body: {} }));
  await shop.work();
  const [row] = await shop.world.rows<{ id: string }>("SELECT id FROM customers WHERE orders = 1");
  const gone = shop.asOperator({ method: "DELETE", path: `/api/v1/customers/${row?.id}` });
  await shop.ok(gone);
}

/** Every cron task. */
export const CRON_SCENARIOS: readonly Scenario[] = [
  {
    name: "the sweep ends holds that nobody took to the checkout",
    stage: async (shop) => {
      await shop.hold(await shop.sku(3));
      shop.world.now += QUARTER_MS;
      return cron(shop, EVERY_MINUTE, () =>
        expectCount(shop, 1, "FROM reservations WHERE status = 'expired'"),
      );
    },
  },
  {
    name: "the walk finds what providers have sent of somebody who was forgotten",
    stage: async (shop) => {
      await forgottenGuest(shop);
      return {
        ...cron(shop, "*/5 * * * *", async () => [
          ...(await expectCount(shop, 0, "FROM forgettings WHERE done_at IS NULL")),
          ...(await expectCount(
            shop,
            0,
            "FROM webhook_events WHERE payload LIKE '%@example.com%'",
          )),
        ]),
        retry: async () => {
          await shop.world.cron("*/5 * * * *");
          return [];
        },
      };
    },
  },
  {
    name: "the sweep ends a checkout that nobody paid",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      shop.world.now += QUARTER_MS;
      return cron(shop, EVERY_MINUTE, () => expectOrder(shop, ordered, "status = 'expired'"));
    },
  },
  {
    name: "the sweep finds a payment of the last second",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      await shop.pay(ordered.session);
      await shop.world.internet.takeEvents(); // lost
      shop.world.now += QUARTER_MS;
      return cron(shop, EVERY_MINUTE, () => expectOrder(shop, ordered, "status = 'paid'"));
    },
  },
  {
    name: "the sweep wakes events and promises that the queue has lost",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      await shop.pay(ordered.session);
      for (const { body } of await shop.world.internet.takeEvents()) {
        await shop.ok(await shop.webhook(body));
      }
      shop.world.queue.messages = [];
      shop.world.now += 2 * MINUTE_MS;
      return cron(shop, EVERY_MINUTE, () => expectOrder(shop, ordered, "status = 'paid'"));
    },
  },
  {
    name: "reconciliation finds what webhooks did not bring",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.atStripe(`/payments/${paid.intent}/refund`, { amount: 1000 });
      await shop.world.internet.takeEvents(); // lost
      shop.world.now += QUARTER_MS;
      return cron(shop, "*/5 * * * *", () => expectOrder(shop, paid, "refunded = 1000"));
    },
  },
  {
    name: "reconciliation revives an event that died while Stripe was away",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.atStripe(`/payments/${paid.intent}/refund`, { amount: 1000 });
      await shop.deliverWebhooks();
      await shop.world.rows(
        "UPDATE webhook_events SET status = 'dead', lacks = 'stripe', wake_at = NULL WHERE type = 'charge.refunded'",
      );
      return cron(shop, "*/5 * * * *", () =>
        expectCount(shop, 0, "FROM webhook_events WHERE status = 'dead'"),
      );
    },
  },
  {
    name: "the books are compared with the provider's",
    stage: async (shop) => {
      await shop.world.cron("7 * * * *");
      await shop.paid();
      shop.world.now += 2 * 24 * 60 * MINUTE_MS;
      await shop.world.cron(EVERY_MINUTE);
      return {
        attempt: () => shop.world.cron("7 * * * *"),
        retry: async () => {
          for (let hour = 1; hour <= 3; hour += 1) await shop.world.cron("7 * * * *");
          return [];
        },
        expect: () => expectCount(shop, 1, "FROM payments WHERE controlled_at IS NOT NULL"),
      };
    },
  },
  {
    name: "keys are purged and signing keys rotated",
    stage: async (shop) => {
      await shop.ordered();
      shop.world.now += 32 * 24 * 60 * MINUTE_MS;
      await shop.world.cron(EVERY_MINUTE);
      return cron(shop, "*/5 * * * *", () =>
        expectCount(
          shop,
          0,
          "FROM idempotency_keys WHERE expires_at <= ?",
          shop.world.now - 10 * 60 * MINUTE_MS,
        ),
      );
    },
  },
  {
    name: "what is over is purged, and what was sent is archived",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.hold(await shop.sku(3));
      await shop.ordered();
      shop.world.now += QUARTER_MS;
      await shop.world.cron(EVERY_MINUTE);
      await shop.settle();
      await shop.world.cron("7 * * * *");
      await shop.settle();
      shop.world.now += 95 * DAY_MS;
      return cron(shop, "*/5 * * * *", async () => [
        ...(await expectCount(shop, 1, "FROM orders")),
        ...(await expectOrder(shop, paid, "status = 'paid'")),
        ...(await expectCount(shop, 1, "FROM reservations")),
        ...(await expectCount(shop, 0, "FROM stock_movements WHERE kind = 'release'")),
        ...(await expectCount(shop, 0, "FROM webhook_events WHERE payload <> ''")),
        ...(await everySentArchived(shop)),
      ]);
    },
  },
  {
    name: "pictures that nobody has used for long are taken away",
    stage: async (shop) => {
      const { world } = shop;
      for (const key of ["old.png", "other.png"]) {
        world.images.set(key, new Uint8Array([1]));
        await world.rows(
          "INSERT INTO image_objects (key, width, height, bytes, touched_at) VALUES (?, 1, 1, 1, ?)",
          ...[key, world.now],
        );
      }
      world.now += 31 * DAY_MS;
      return {
        attempt: () => world.cron("*/5 * * * *"),
        retry: async () => {
          world.now += 2 * 60 * MINUTE_MS; // a run that died is known to be dead
          await world.cron("*/5 * * * *");
          return [];
        },
        expect: async () => [
          ...(await expectCount(shop, 0, "FROM image_objects")),
          ...[...world.images.keys()].map((key) => `${key} is still there`),
        ],
      };
    },
  },
  {
    name: "the audit finds a breach and tells the operators",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      await shop.world.rows("UPDATE stock_levels SET on_hand = 4 WHERE sku = ?", sku);
      return {
        attempt: () => shop.world.cron("7 * * * *"),
        retry: async () => {
          for (let hour = 1; hour <= 3; hour += 1) await shop.world.cron("7 * * * *");
          await shop.world.rows("UPDATE stock_levels SET on_hand = 3 WHERE sku = ?", sku);
          return [];
        },
        expect: () =>
          expectCount(
            shop,
            1,
            "FROM outbox WHERE dedupe_key LIKE 'invariants:%' AND status = 'done'",
          ),
      };
    },
  },
];
