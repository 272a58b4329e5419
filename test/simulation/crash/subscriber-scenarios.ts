import { expectCount, request, type Scenario } from "./scenario.ts";
import type { CrashShop, Sent } from "./shop.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KEY = { "Idempotency-Key": "one" };
const URL_OF = "https://all.subscriber.test/";

const send = (method: string, path: string, body?: unknown): Sent => ({
  method,
  path: `/api/v1/webhook-${path}`,
  headers: method === "POST" ? KEY : {},
  ...(body === undefined ? {} : { body }),
});

/** A test event whose delivery was taken; answers its id. */
async function delivered(shop: CrashShop): Promise<string> {
  const id = await shop.subscribe();
  const headers = { "Idempotency-Key": "test" };
  const sent = shop.asOperator({ ...send("POST", `endpoints/${id}/test`), headers });
  const { data } = (await shop.ok(sent)).body;
  await shop.settle();
  return data.id;
}

const ROUTES: readonly Scenario[] = [
  {
    name: "an endpoint is made",
    route: "POST /webhook-endpoints",
    stage: async (shop) => {
      const body = { url: URL_OF, events: ["order.paid"] };
      return request(shop, shop.asOperator(send("POST", "endpoints", body)), async () => [
        ...(await expectCount(shop, 1, "FROM webhook_endpoints")),
        ...(await expectCount(shop, 1, "FROM webhook_secrets")),
      ]);
    },
  },
  {
    name: "an endpoint is changed",
    route: "PATCH /webhook-endpoints/{id}",
    stage: async (shop) => {
      const path = `endpoints/${await shop.subscribe()}`;
      const sent = shop.asOperator(send("PATCH", path, { events: ["order.paid"] }));
      return request(shop, sent, () =>
        expectCount(shop, 1, `FROM webhook_endpoints WHERE events = '["order.paid"]'`),
      );
    },
  },
  {
    name: "an endpoint is removed",
    route: "DELETE /webhook-endpoints/{id}",
    stage: async (shop) => {
      const path = `endpoints/${await shop.subscribe()}`;
      return request(shop, shop.asOperator(send("DELETE", path)), async () => [
        ...(await expectCount(shop, 0, "FROM webhook_endpoints")),
        ...(await expectCount(shop, 0, "FROM webhook_secrets")),
      ]);
    },
  },
  {
    name: "the secret of an endpoint is rotated",
    route: "POST /webhook-endpoints/{id}/rotate-secret",
    stage: async (shop) => {
      const path = `endpoints/${await shop.subscribe()}/rotate-secret`;
      return request(shop, shop.asOperator(send("POST", path)), () =>
        expectCount(shop, 2, "FROM webhook_secrets"),
      );
    },
  },
  {
    name: "an endpoint is tested",
    route: "POST /webhook-endpoints/{id}/test",
    stage: async (shop) => {
      const path = `endpoints/${await shop.subscribe()}/test`;
      return request(shop, shop.asOperator(send("POST", path)), () =>
        expectCount(shop, 1, "FROM webhook_deliveries WHERE status = 'delivered'"),
      );
    },
  },
  {
    name: "an event is sent again",
    route: "POST /webhook-deliveries/{id}/redeliver",
    stage: async (shop) => {
      const path = `deliveries/${await delivered(shop)}/redeliver`;
      return request(shop, shop.asOperator(send("POST", path)), () =>
        expectCount(shop, 1, "FROM webhook_deliveries WHERE attempts > 1"),
      );
    },
  },
];

const WORK: readonly Scenario[] = [
  {
    name: "a subscriber is told of a payment, a parcel and a refund",
    stage: async (shop) => {
      await shop.subscribe();
      const paid = await shop.paid(3, 7);
      const at = `/api/v1/orders/${paid.orderId}`;
      for (const [path, body] of [
        ["fulfillments", { items: [{ sku: paid.sku, quantity: 1 }] }],
        ["refunds", { amount: { amount: 100, currency: "USD" } }],
      ] as const) {
        const sent = { method: "POST", path: `${at}/${path}`, headers: KEY, body };
        await shop.ok(shop.asOperator({ ...sent, headers: { "Idempotency-Key": path } }));
      }
      return {
        attempt: () => shop.work().then(() => undefined),
        expect: () => expectCount(shop, 4, "FROM webhook_deliveries WHERE status = 'delivered'"),
      };
    },
  },
  {
    name: "the sweep brings deliveries that the queue has lost",
    stage: async (shop) => {
      await shop.subscribe();
      await shop.hold(await shop.sku(7), 2);
      shop.world.queue.messages = [];
      shop.world.now += MINUTE_MS;
      return {
        attempt: async () => {
          await shop.world.cron("* * * * *");
          await shop.work();
        },
        expect: () => expectCount(shop, 1, "FROM outgoing_events WHERE type = 'inventory.low'"),
      };
    },
  },
  {
    name: "an endpoint that is dead is paused, and the operators are told",
    stage: async (shop) => {
      await shop.subscribe();
      const since = shop.world.now - 3 * DAY_MS;
      await shop.world.rows(
        "UPDATE webhook_endpoints SET failing_since = ?, failed_at = ?",
        ...[since, shop.world.now],
      );
      return {
        attempt: () => shop.world.cron("*/5 * * * *"),
        expect: async () => [
          ...(await expectCount(shop, 1, "FROM webhook_endpoints WHERE status = 'paused'")),
          ...(await expectCount(
            shop,
            1,
            "FROM outbox WHERE dedupe_key LIKE 'endpoint_paused:%' AND status = 'done'",
          )),
        ],
      };
    },
  },
];

/** What is told to subscribers. */
export const SUBSCRIBER_SCENARIOS = [...ROUTES, ...WORK];
