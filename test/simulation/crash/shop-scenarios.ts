import { pictureForm } from "../../support/picture-form.ts";
import { expectCount, request, type Scenario } from "./scenario.ts";
import type { CrashShop, Ordered, Sent } from "./shop.ts";

const KEY = { "Idempotency-Key": "one" };

const post = (path: string, body?: unknown): Sent => ({
  method: "POST",
  path: `/api/v1${path}`,
  headers: KEY,
  ...(body === undefined ? {} : { body }),
});

async function levelIs(shop: CrashShop, sku: string, onHand: number): Promise<string[]> {
  const [level] = await shop.world.rows<{ on_hand: number; reserved: number }>(
    "SELECT on_hand, reserved FROM stock_levels WHERE sku = ?",
    sku,
  );
  if (level?.on_hand === onHand && level.reserved === 0) return [];
  return [`${sku}: on hand ${level?.on_hand} instead of ${onHand}, reserved ${level?.reserved}`];
}

async function orderIs(
  shop: CrashShop,
  { orderId }: Pick<Ordered, "orderId">,
  expected: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const [row] = await shop.world.rows("SELECT * FROM orders WHERE id = ?", orderId);
  return Object.entries(expected).flatMap(([field, value]) =>
    row?.[field] === value ? [] : [`${orderId}: ${field} is ${row?.[field]}, not ${value}`],
  );
}

const SECOND = { sku: "SECOND", title: "Two", price: { amount: 100, currency: "USD" } };

/** A product of one variant. */
async function productOf(shop: CrashShop) {
  const variants = [{ ...SECOND, sku: "FIRST" }];
  const made = shop.asOperator({
    ...{ method: "POST", path: "/api/v1/products", body: { title: "New", variants } },
  });
  return (await shop.ok(made)).body.data as { id: string; variants: { id: string }[] };
}

async function pictureOf(shop: CrashShop): Promise<string> {
  const { id } = await productOf(shop);
  const path = `/api/v1/products/${id}/images`;
  return (await shop.ok(shop.asOperator({ method: "POST", path, body: pictureForm() }))).body.data
    .id;
}

/** So many pictures, each with its bytes; and of all bytes the database knows. */
async function expectPictures(shop: CrashShop, count: number): Promise<string[]> {
  const { world } = shop;
  const used = await world.rows<{ key: string }>("SELECT key FROM product_images");
  const known = new Set(
    (await world.rows<{ key: string }>("SELECT key FROM image_objects")).map(({ key }) => key),
  );
  return [
    ...(await expectCount(shop, count, "FROM product_images")),
    ...used.filter(({ key }) => !world.images.has(key)).map(({ key }) => `${key} has no bytes`),
    ...[...world.images.keys()].filter((key) => !known.has(key)).map((key) => `${key} is lost`),
  ];
}

const CATALOG_AND_STOCK: readonly Scenario[] = [
  {
    name: "a product is made",
    route: "POST /products",
    stage: async (shop) => {
      const price = { amount: 100, currency: "USD" };
      const variants = [{ sku: "NEW", title: "One", price, initialStock: 3 }];
      const sent = shop.asOperator(post("/products", { title: "New", variants }));
      return request(shop, sent, () => levelIs(shop, "NEW", 3));
    },
  },
  {
    name: "a product is changed",
    route: "PATCH /products/{id}",
    stage: async (shop) => {
      const { id } = await productOf(shop);
      const sent = { method: "PATCH", path: `/api/v1/products/${id}`, body: { title: "Renamed" } };
      return request(shop, shop.asOperator(sent), () =>
        expectCount(shop, 1, "FROM products WHERE title = 'Renamed'"),
      );
    },
  },
  {
    name: "a product is archived",
    route: "DELETE /products/{id}",
    stage: async (shop) => {
      const { id } = await productOf(shop);
      const sent = { method: "DELETE", path: `/api/v1/products/${id}` };
      return request(shop, shop.asOperator(sent), () =>
        expectCount(shop, 1, "FROM products WHERE status = 'archived'"),
      );
    },
  },
  {
    name: "a variant is added",
    route: "POST /products/{id}/variants",
    stage: async (shop) => {
      const { id } = await productOf(shop);
      const variant = { ...SECOND, initialStock: 3 };
      const sent = shop.asOperator(post(`/products/${id}/variants`, variant));
      return request(shop, sent, () => levelIs(shop, "SECOND", 3));
    },
  },
  {
    name: "a variant is changed",
    route: "PATCH /variants/{id}",
    stage: async (shop) => {
      const { variants } = await productOf(shop);
      const path = `/api/v1/variants/${variants[0]?.id}`;
      const sent = { method: "PATCH", path, body: { title: "Renamed", maxPerOrder: 3 } };
      return request(shop, shop.asOperator(sent), () =>
        expectCount(shop, 1, "FROM variants WHERE title = 'Renamed' AND max_per_order = 3"),
      );
    },
  },
  {
    name: "a variant is archived",
    route: "DELETE /variants/{id}",
    stage: async (shop) => {
      const { id, variants } = await productOf(shop);
      await shop.ok(shop.asOperator(post(`/products/${id}/variants`, SECOND)));
      const sent = { method: "DELETE", path: `/api/v1/variants/${variants[0]?.id}` };
      return request(shop, shop.asOperator(sent), () =>
        expectCount(shop, 1, "FROM variants WHERE archived_at IS NOT NULL"),
      );
    },
  },
  {
    name: "a picture is added",
    route: "POST /products/{id}/images",
    stage: async (shop) => {
      const { id } = await productOf(shop);
      const sent = shop.asOperator(post(`/products/${id}/images`, pictureForm()));
      return request(shop, sent, () => expectPictures(shop, 1));
    },
  },
  {
    name: "a picture is changed",
    route: "PATCH /images/{id}",
    stage: async (shop) => {
      const path = `/api/v1/images/${await pictureOf(shop)}`;
      const sent = { method: "PATCH", path, body: { alt: "Renamed", position: 0 } };
      return request(shop, shop.asOperator(sent), () =>
        expectCount(shop, 1, "FROM product_images WHERE alt = 'Renamed'"),
      );
    },
  },
  {
    name: "a picture is deleted",
    route: "DELETE /images/{id}",
    stage: async (shop) => {
      const sent = { method: "DELETE", path: `/api/v1/images/${await pictureOf(shop)}` };
      return request(shop, shop.asOperator(sent), () => expectPictures(shop, 0));
    },
  },
  {
    name: "stock is received",
    route: "POST /inventory/{sku}/movements",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const body = { kind: "receive", quantity: 2, reason: "Delivery" };
      const sent = shop.asOperator(post(`/inventory/${sku}/movements`, body));
      return request(shop, sent, () => levelIs(shop, sku, 5));
    },
  },
  {
    name: "a threshold is changed",
    route: "PATCH /inventory/{sku}",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const path = `/api/v1/inventory/${sku}`;
      const sent = shop.asOperator({ method: "PATCH", path, body: { lowStockThreshold: 2 } });
      return request(shop, sent, async () => [
        ...(await levelIs(shop, sku, 3)),
        ...(await expectCount(shop, 1, "FROM stock_levels WHERE low_stock_threshold = 2")),
        ...(await expectCount(shop, 1, "FROM variants WHERE availability = 'in_stock'")),
      ]);
    },
  },
  {
    name: "stock is reserved",
    route: "POST /reservations",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      return request(shop, post("/reservations", { items: [{ sku, quantity: 2 }] }), async () => [
        ...(await levelIs(shop, sku, 3)),
        ...(await expectCount(shop, 1, "FROM reservations WHERE status = 'expired'")),
      ]);
    },
  },
  {
    name: "the shop says what it is",
    route: "PUT /settings/shop",
    stage: async (shop) => {
      const body = {
        ...{ name: "Moon Pottery", tagline: null, seller: null, receipt: { footer: null } },
        operatorMails: { paidOrders: true, lowStock: true, attention: true },
      };
      const sent = shop.asOperator({ method: "PUT", path: "/api/v1/settings/shop", body });
      return request(shop, sent, () =>
        expectCount(shop, 1, "FROM shop_settings WHERE settings ->> '$.name' = 'Moon Pottery'"),
      );
    },
  },
  {
    name: "a hold is made one of other items",
    route: "PATCH /reservations/{id}",
    stage: async (shop) => {
      const [one, two] = [await shop.sku(6), await shop.sku(3)];
      const path = `/api/v1/reservations/${await shop.hold(one)}`;
      const items = [
        { sku: one, quantity: 2 },
        { sku: two, quantity: 1 },
      ];
      return request(shop, { method: "PATCH", path, body: { items } }, async ({ status }) => [
        ...(status === 200 ? [] : [`${path} was answered ${status}`]),
        ...(await levelIs(shop, one, 6)),
        ...(await levelIs(shop, two, 3)),
        ...(await expectCount(shop, 2, "FROM reservation_lines")),
        ...(await expectCount(
          shop,
          1,
          "FROM stock_movements WHERE sku = ? AND kind = 'reserve'",
          two,
        )),
      ]);
    },
  },
  {
    name: "a hold is given back",
    route: "DELETE /reservations/{id}",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const sent = { method: "DELETE", path: `/api/v1/reservations/${await shop.hold(sku)}` };
      return request(shop, sent, () => levelIs(shop, sku, 3));
    },
  },
  {
    name: "a hold is given back at the checkout",
    route: "DELETE /reservations/{id}",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const reservationId = await shop.hold(sku);
      const { body } = await shop.ok(shop.checkout({ reservationId }, "first"));
      const headers = { "X-Order-Token": body.data.orderToken };
      const sent = { method: "DELETE", path: `/api/v1/reservations/${reservationId}`, headers };
      return request(shop, sent, () => levelIs(shop, sku, 3));
    },
  },
];

const CHECKOUT: readonly Scenario[] = [
  {
    name: "items are checked out, and paid",
    route: "POST /checkouts",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const sent = shop.checkout({ items: [{ sku, quantity: 2 }] }, "one");
      const staged = request(shop, sent, async () => [
        ...(await expectCount(shop, 1, "FROM orders WHERE status = 'paid'")),
        ...(await levelIs(shop, sku, 1)),
      ]);
      return {
        ...staged,
        retry: async () => {
          const problems = (await staged.retry?.()) ?? [];
          const { body } = await shop.insist(sent);
          await shop.pay(/cs_\w+/.exec(body.data.paymentUrl)?.[0] ?? "");
          return problems;
        },
      };
    },
  },
  {
    name: "a hold is checked out with a discount code, and abandoned",
    route: "POST /checkouts",
    stage: async (shop) => {
      const discount = { code: "ONCE", kind: "percentage", percentOff: 10, maxUses: 1 };
      await shop.ok(shop.asOperator(post("/discounts", discount)));
      const sku = await shop.sku(3);
      const reservationId = await shop.hold(sku);
      const sent = shop.checkout({ reservationId, discountCode: "ONCE" }, "two");
      return request(shop, sent, async () => [
        ...(await expectCount(shop, 1, "FROM orders WHERE status = 'expired'")),
        ...(await expectCount(shop, 1, "FROM discounts WHERE uses = 0")),
        ...(await levelIs(shop, sku, 3)),
      ]);
    },
  },
  {
    name: "a hold is checked out with a code that leaves too little, and then without it",
    route: "POST /checkouts",
    stage: async (shop) => {
      const discount = { code: "HALF", kind: "percentage", percentOff: 50 };
      await shop.ok(shop.asOperator(post("/discounts", discount)));
      const sku = await shop.sku(3, 60);
      const reservationId = await shop.hold(sku);
      const sent = shop.checkout({ reservationId, discountCode: "HALF" }, "half");
      const staged = request(shop, sent, async () => [
        ...(await expectCount(shop, 1, "FROM orders WHERE status = 'canceled' AND discount = 30")),
        ...(await expectCount(shop, 1, "FROM orders WHERE status = 'expired' AND discount = 0")),
        ...(await expectCount(shop, 1, "FROM discounts WHERE uses = 0")),
        ...(await levelIs(shop, sku, 3)),
      ]);
      return {
        ...staged,
        retry: async () => {
          const problems = (await staged.retry?.()) ?? [];
          await shop.insist(shop.checkout({ reservationId }, "whole"));
          return problems;
        },
      };
    },
  },
];

const ORDERS: readonly Scenario[] = [
  {
    name: "a customer cancels before paying",
    route: "POST /orders/{id}/cancel",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      const headers = { ...KEY, "X-Order-Token": ordered.orderToken };
      const sent = { ...post(`/orders/${ordered.orderId}/cancel`, {}), headers };
      return request(shop, sent, async () => [
        ...(await orderIs(shop, ordered, { status: "canceled", captured: 0 })),
        ...(await levelIs(shop, ordered.sku, 5)),
      ]);
    },
  },
  {
    name: "staff cancels a paid order",
    route: "POST /orders/{id}/cancel",
    stage: async (shop) => {
      const paid = await shop.paid();
      const sent = shop.asOperator(post(`/orders/${paid.orderId}/cancel`, {}));
      return request(shop, sent, async () => [
        ...(await orderIs(shop, paid, { status: "canceled", payment_status: "refunded" })),
        ...(await levelIs(shop, paid.sku, 5)),
      ]);
    },
  },
  {
    name: "a refund by item brings a unit back",
    route: "POST /orders/{id}/refunds",
    stage: async (shop) => {
      const paid = await shop.paid();
      const body = {
        items: [{ sku: paid.sku, quantity: 1, restock: "cancel" }],
        reason: "Too big",
      };
      const sent = shop.asOperator(post(`/orders/${paid.orderId}/refunds`, body));
      return request(shop, sent, async () => [
        ...(await orderIs(shop, paid, { payment_status: "partially_refunded", refunded: 2500 })),
        ...(await levelIs(shop, paid.sku, 4)),
      ]);
    },
  },
  {
    name: "an order is sent",
    route: "POST /orders/{id}/fulfillments",
    stage: async (shop) => {
      const paid = await shop.paid();
      const body = { carrier: "DHL", trackingNumber: "JD1" };
      const sent = shop.asOperator(post(`/orders/${paid.orderId}/fulfillments`, body));
      return request(shop, sent, async () => [
        ...(await orderIs(shop, paid, { fulfillment_status: "fulfilled" })),
        ...(await expectCount(shop, 1, "FROM fulfillments")),
      ]);
    },
  },
  {
    name: "a receipt is sent again",
    route: "POST /orders/{id}/receipt",
    stage: async (shop) => {
      const paid = await shop.paid();
      const sent = shop.asOperator(post(`/orders/${paid.orderId}/receipt`));
      return request(shop, sent, async () => [
        ...(await expectCount(shop, 1, "FROM order_events WHERE type = 'receipt.requested'")),
        ...(await expectCount(
          shop,
          1,
          "FROM outbox WHERE topic = 'mail.receipt' AND dedupe_key GLOB 'receipt:*:*' AND status = 'done'",
        )),
      ]);
    },
  },
  {
    name: "many orders are sent at once, one of which cannot be",
    route: "POST /fulfillments",
    stage: async (shop) => {
      const [one, other, waiting] = [await shop.paid(), await shop.paid(), await shop.ordered()];
      // One of two units: a line that was done twice would send both.
      const partly = { items: [{ sku: one.sku, quantity: 1 }], trackingNumber: "JD1" };
      const orders = [
        { id: one.orderId, ...partly },
        { id: waiting.orderId },
        { id: other.orderId, carrier: "DHL" },
      ];
      return request(shop, shop.asOperator(post("/fulfillments", { orders })), async () => [
        ...(await orderIs(shop, one, { fulfillment_status: "partially_fulfilled" })),
        ...(await orderIs(shop, other, { fulfillment_status: "fulfilled" })),
        ...(await expectCount(shop, 2, "FROM fulfillments")),
        ...(await expectCount(shop, 2, "FROM audit_log WHERE action = 'order.fulfilled'")),
      ]);
    },
  },
  {
    name: "staff note something of an order",
    route: "POST /orders/{id}/notes",
    stage: async (shop) => {
      const { orderId } = await shop.paid();
      const sent = shop.asOperator(post(`/orders/${orderId}/notes`, { body: "Called them" }));
      return request(shop, sent, () =>
        expectCount(shop, 1, "FROM order_events WHERE type = 'note.added'"),
      );
    },
  },
  {
    name: "a person settles what an order called them for",
    route: "POST /orders/{id}/attention/resolve",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.world.rows(
        "UPDATE orders SET attention_reason = 'refund_failed', attention_since = 1 WHERE id = ?",
        paid.orderId,
      );
      const body = { note: "Paid back by bank transfer" };
      const sent = shop.asOperator(post(`/orders/${paid.orderId}/attention/resolve`, body));
      return request(shop, sent, async () => [
        ...(await orderIs(shop, paid, { attention_reason: null })),
        ...(await expectCount(shop, 1, "FROM order_events WHERE type = 'attention.resolved'")),
      ]);
    },
  },
];

const OPERATIONS: readonly Scenario[] = [
  {
    name: "a discount is made",
    route: "POST /discounts",
    stage: async (shop) => {
      const body = { code: "TEN", kind: "percentage", percentOff: 10 };
      return request(shop, shop.asOperator(post("/discounts", body)), () =>
        expectCount(shop, 1, "FROM discounts WHERE code = 'TEN'"),
      );
    },
  },
  {
    name: "a discount is changed",
    route: "PATCH /discounts/{id}",
    stage: async (shop) => {
      const discount = { code: "TEN", kind: "percentage", percentOff: 10 };
      const { body } = await shop.ok(shop.asOperator(post("/discounts", discount)));
      const path = `/api/v1/discounts/${body.data.id}`;
      const sent = shop.asOperator({ method: "PATCH", path, body: { active: false } });
      return request(shop, sent, () => expectCount(shop, 1, "FROM discounts WHERE active = 0"));
    },
  },
  {
    name: "an event is replayed",
    route: "POST /webhook-events/{id}/replay",
    stage: async (shop) => {
      const paid = await shop.paid();
      const [event] = await shop.world.rows<{ id: string }>(
        "SELECT id FROM webhook_events WHERE type = 'checkout.session.completed'",
      );
      const sent = shop.asOperator(post(`/webhook-events/${event?.id}/replay`));
      return request(shop, sent, () => orderIs(shop, paid, { status: "paid", captured: 5000 }));
    },
  },
  {
    name: "a dead letter is replayed",
    route: "POST /dead-letters/{id}/replay",
    stage: async (shop) => {
      await shop.paid();
      const [row] = await shop.world.rows<{ id: string }>(
        "UPDATE outbox SET status = 'dead', wake_at = NULL, done_at = NULL WHERE topic = 'mail.receipt' RETURNING id",
      );
      return request(shop, shop.asOperator(post(`/dead-letters/${row?.id}/replay`)), () =>
        expectCount(shop, 1, "FROM outbox WHERE topic = 'mail.receipt' AND status = 'done'"),
      );
    },
  },
];

/** Every mutating route of the shop. */
export const SHOP_SCENARIOS = [...CATALOG_AND_STOCK, ...CHECKOUT, ...ORDERS, ...OPERATIONS];
