import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund, sell } from "../support/after-sale.ts";
import { addVariant, newProduct, newWord } from "../support/catalog.ts";
import { documentedRoutes } from "../support/contract.ts";
import { newLine, ordersExported, send } from "../support/csv.ts";
import { makeDiscount } from "../support/discounts.ts";
import { type Answer, call } from "../support/http.ts";
import { IDENTITY_VISITS } from "../support/identity-visits.ts";
import { deadPromise, storedEvent } from "../support/inbox.ts";
import { asAdmin } from "../support/people.ts";
import { addPicture } from "../support/pictures.ts";
import { saySettings } from "../support/settings.ts";
import { checkOut, makeSku, reserve, toPaymentPage } from "../support/shop.ts";
import { deliver, stripe } from "../support/stripe.ts";
import { storedDelivery } from "../support/subscribers.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

/** Sequential round trips to the database, as `Server-Timing` counts them. */
function tripsOf({ headers }: Answer): number {
  return Number(/^db;dur=[\d.]+;desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1]);
}

type Visit = () => Promise<Answer>;

const endpointPath = async () => `/api/v1/webhook-endpoints/${(await storedDelivery()).endpointId}`;
const TITLE = { title: "Renamed" };
const idOfProduct = async () => (await newProduct({})).body.data.id as string;

const ONE = [{ amount: 100, quantity: 1 }];

/** Each route with what it may cost and a successful visit. */
const BUDGETS: Readonly<Record<string, readonly [budget: number, visit: Visit]>> = {
  ...IDENTITY_VISITS,
  "GET /health": [0, () => call("GET", "/health")],
  // One to each database, side by side.
  "GET /health/ready": [2, () => call("GET", "/health/ready")],
  "POST /api/v1/exports/products": [1, () => asAdmin("POST", "/api/v1/exports/products")],
  "POST /api/v1/exports/stock": [1, () => asAdmin("POST", "/api/v1/exports/stock")],
  "POST /api/v1/exports/orders": [1, () => asAdmin("POST", "/api/v1/exports/orders")],
  "POST /api/v1/imports/products": [1, () => send("products", newLine("TRIP-1"))],
  "POST /api/v1/imports/stock": [1, () => send("stock", "sku,onHand\nTRIP-1,5\n")],
  "GET /api/v1/jobs/{id}": [
    1,
    async () => asAdmin("GET", `/api/v1/jobs/${(await ordersExported()).id}`),
  ],
  "GET /api/v1/jobs/{id}/file": [
    1,
    async () => asAdmin("GET", `/api/v1/jobs/${(await ordersExported()).id}/file`),
  ],
  "GET /api/v1/reports/sales": [1, () => asAdmin("GET", "/api/v1/reports/sales?interval=month")],
  "GET /api/v1/reports/products": [1, () => asAdmin("GET", "/api/v1/reports/products?sort=units")],
  "GET /api/v1/reports/stock": [1, () => asAdmin("GET", "/api/v1/reports/stock")],
  "GET /api/v1/admin/invariants": [1, () => asAdmin("GET", "/api/v1/admin/invariants")],
  "GET /api/v1/webhook-events": [
    1,
    () => asAdmin("GET", "/api/v1/webhook-events?status=dead&include=total"),
  ],
  "GET /api/v1/webhook-events/{id}": [
    1,
    async () => asAdmin("GET", `/api/v1/webhook-events/${await storedEvent()}`),
  ],
  "POST /api/v1/webhook-events/{id}/replay": [
    1,
    async () => asAdmin("POST", `/api/v1/webhook-events/${await storedEvent()}/replay`),
  ],
  "GET /api/v1/dead-letters": [1, () => asAdmin("GET", "/api/v1/dead-letters?include=total")],
  "POST /api/v1/dead-letters/{id}/replay": [
    1,
    async () => asAdmin("POST", `/api/v1/dead-letters/${await deadPromise()}/replay`),
  ],
  "POST /api/v1/webhook-endpoints": [
    1,
    () => {
      const body = { url: "https://hooks.subscriber.test/", events: ["order.paid"] };
      return asAdmin("POST", "/api/v1/webhook-endpoints", { body });
    },
  ],
  "GET /api/v1/webhook-endpoints": [
    1,
    () => asAdmin("GET", "/api/v1/webhook-endpoints?include=total"),
  ],
  "GET /api/v1/webhook-endpoints/{id}": [1, async () => asAdmin("GET", await endpointPath())],
  "PATCH /api/v1/webhook-endpoints/{id}": [
    1,
    async () => asAdmin("PATCH", await endpointPath(), { body: { status: "paused" } }),
  ],
  "DELETE /api/v1/webhook-endpoints/{id}": [1, async () => asAdmin("DELETE", await endpointPath())],
  "POST /api/v1/webhook-endpoints/{id}/rotate-secret": [
    1,
    async () => asAdmin("POST", `${await endpointPath()}/rotate-secret`),
  ],
  "POST /api/v1/webhook-endpoints/{id}/test": [
    1,
    async () => asAdmin("POST", `${await endpointPath()}/test`),
  ],
  "GET /api/v1/webhook-endpoints/{id}/deliveries": [
    1,
    async () => asAdmin("GET", `${await endpointPath()}/deliveries?include=total`),
  ],
  "POST /api/v1/webhook-deliveries/{id}/redeliver": [
    1,
    async () => {
      const { deliveryId } = await storedDelivery();
      return asAdmin("POST", `/api/v1/webhook-deliveries/${deliveryId}/redeliver`);
    },
  ],
  "GET /api/v1/products": [1, () => call("GET", "/api/v1/products?include=total")],
  "GET /api/v1/products/{idOrSlug}": [
    1,
    async () => call("GET", `/api/v1/products/${(await newProduct({})).body.data.slug}`),
  ],
  "POST /api/v1/products": [1, () => newProduct({})],
  "PATCH /api/v1/products/{id}": [
    1,
    async () => asAdmin("PATCH", `/api/v1/products/${await idOfProduct()}`, { body: TITLE }),
  ],
  "DELETE /api/v1/products/{id}": [
    1,
    async () => asAdmin("DELETE", `/api/v1/products/${await idOfProduct()}`),
  ],
  "POST /api/v1/products/{id}/variants": [1, async () => addVariant(await idOfProduct())],
  "PATCH /api/v1/variants/{id}": [
    1,
    async () => {
      const { body } = await addVariant(await idOfProduct());
      return asAdmin("PATCH", `/api/v1/variants/${body.data.id}`, { body: TITLE });
    },
  ],
  "DELETE /api/v1/variants/{id}": [
    1,
    async () => {
      const { body } = await addVariant(await idOfProduct());
      return asAdmin("DELETE", `/api/v1/variants/${body.data.id}`);
    },
  ],
  // Which bytes are meant is on disk before they are in the bucket.
  "POST /api/v1/products/{id}/images": [2, async () => addPicture(await idOfProduct())],
  "PATCH /api/v1/images/{id}": [
    1,
    async () => {
      const { body } = await addPicture(await idOfProduct());
      return asAdmin("PATCH", `/api/v1/images/${body.data.id}`, { body: { alt: "Renamed" } });
    },
  ],
  "DELETE /api/v1/images/{id}": [
    1,
    async () => {
      const { body } = await addPicture(await idOfProduct());
      return asAdmin("DELETE", `/api/v1/images/${body.data.id}`);
    },
  ],
  "GET /api/v1/images/{key}": [
    0,
    async () => {
      const { body } = await addPicture(await idOfProduct());
      return call("GET", new URL(body.data.url).pathname);
    },
  ],
  "GET /api/v1/inventory": [1, () => asAdmin("GET", "/api/v1/inventory?include=total")],
  "GET /api/v1/inventory/{sku}": [
    1,
    async () => asAdmin("GET", `/api/v1/inventory/${await makeSku(5)}`),
  ],
  "PATCH /api/v1/inventory/{sku}": [
    1,
    async () => {
      const body = { lowStockThreshold: 3 };
      return asAdmin("PATCH", `/api/v1/inventory/${await makeSku(5)}`, { body });
    },
  ],
  "GET /api/v1/inventory/{sku}/movements": [
    1,
    async () => asAdmin("GET", `/api/v1/inventory/${await makeSku(5)}/movements?include=total`),
  ],
  "POST /api/v1/inventory/{sku}/movements": [
    1,
    async () => {
      const body = { kind: "receive", quantity: 1, reason: "Delivery" };
      return asAdmin("POST", `/api/v1/inventory/${await makeSku(5)}/movements`, { body });
    },
  ],
  "POST /api/v1/reservations": [1, async () => reserve([{ sku: await makeSku(5), quantity: 1 }])],
  "GET /api/v1/reservations": [1, () => asAdmin("GET", "/api/v1/reservations?include=total")],
  "GET /api/v1/reservations/{id}": [
    1,
    async () => {
      const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
      return call("GET", `/api/v1/reservations/${body.data.id}`);
    },
  ],
  "DELETE /api/v1/reservations/{id}": [
    1,
    async () => {
      const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
      return call("DELETE", `/api/v1/reservations/${body.data.id}`);
    },
  ],
  "POST /api/v1/checkouts": [
    2,
    async () => {
      const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
      return checkOut({ reservationId: body.data.id });
    },
  ],
  "POST /api/v1/discounts": [
    1,
    () =>
      asAdmin("POST", "/api/v1/discounts", {
        body: { code: newWord(), kind: "percentage", percentOff: 10 },
      }),
  ],
  "GET /api/v1/discounts": [1, () => asAdmin("GET", "/api/v1/discounts?include=total")],
  "GET /api/v1/discounts/{id}": [
    1,
    async () => asAdmin("GET", `/api/v1/discounts/${(await makeDiscount()).id}`),
  ],
  "PATCH /api/v1/discounts/{id}": [
    1,
    async () =>
      asAdmin("PATCH", `/api/v1/discounts/${(await makeDiscount()).id}`, {
        body: { maxUses: 5 },
      }),
  ],
  "GET /api/v1/settings/shop": [1, () => asAdmin("GET", "/api/v1/settings/shop")],
  "PUT /api/v1/settings/shop": [1, () => saySettings()],
  "PATCH /api/v1/reservations/{id}": [
    1,
    async () => {
      const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
      const items = [{ sku: await makeSku(5), quantity: 2 }];
      return call("PATCH", `/api/v1/reservations/${body.data.id}`, { body: { items } });
    },
  ],
  "POST /api/v1/orders/{id}/receipt": [
    2,
    async () => asAdmin("POST", `/api/v1/orders/${(await sell(ONE)).orderId}/receipt`),
  ],
  "GET /api/v1/orders": [1, () => asAdmin("GET", "/api/v1/orders?include=total")],
  "GET /api/v1/orders/{id}": [
    1,
    async () => {
      const { orderId, orderToken } = await toPaymentPage();
      return call("GET", `/api/v1/orders/${orderId}`, { headers: { "X-Order-Token": orderToken } });
    },
  ],
  "GET /api/v1/orders/{id}/events": [
    1,
    async () => {
      const { orderId } = await toPaymentPage();
      return asAdmin("GET", `/api/v1/orders/${orderId}/events?include=total`);
    },
  ],
  // One of them says that it is to end, before Stripe is asked to close its page.
  "POST /api/v1/orders/{id}/cancel": [3, async () => cancel(await toPaymentPage())],
  "POST /api/v1/orders/{id}/attention/resolve": [
    2,
    async () => {
      const { orderId } = await toPaymentPage();
      await rows(
        "UPDATE orders SET attention_reason = 'dispute', attention_since = 1 WHERE id = ?",
        orderId,
      );
      const body = { note: "Settled" };
      return asAdmin("POST", `/api/v1/orders/${orderId}/attention/resolve`, { body });
    },
  ],
  // The key and all orders, a batch a line, and the answer.
  "POST /api/v1/fulfillments": [
    4,
    async () => {
      const [one, other] = [await sell(ONE), await sell(ONE)];
      const orders = [{ id: one.orderId }, { id: other.orderId }];
      return asAdmin("POST", "/api/v1/fulfillments", { body: { orders } });
    },
  ],
  "POST /api/v1/orders/{id}/notes": [
    2,
    async () => {
      const { orderId } = await toPaymentPage();
      return asAdmin("POST", `/api/v1/orders/${orderId}/notes`, { body: { body: "Called" } });
    },
  ],
  "POST /api/v1/orders/{id}/refunds": [2, async () => refund(await sell(ONE))],
  "POST /api/v1/orders/{id}/fulfillments": [2, async () => fulfill(await sell(ONE))],
  "POST /webhooks/stripe": [
    1,
    async () => {
      const { paymentUrl } = await toPaymentPage();
      await stripe.pay(paymentUrl);
      const answers = await Promise.all((await stripe.take()).map(deliver));
      const [first] = answers;
      if (first === undefined) throw new Error("Stripe sent nothing.");
      return first;
    },
  ],
};

describe("Round trips to the database", () => {
  it("have a budget for every route of the document", async () => {
    expect(Object.keys(BUDGETS).sort()).toEqual((await documentedRoutes()).sort());
  });

  for (const [route, [budget, visit]] of Object.entries(BUDGETS)) {
    it(`of ${route} are ${budget}`, async () => {
      await asAdmin("GET", "/api/v1/me"); // the first caller reads keys and ended sessions for all that follow
      const answer = await visit();
      expect(answer.status).toBeLessThan(300);
      expect(tripsOf(answer)).toBe(budget);
    });
  }

  it("of a keyed write are 1, of its replay 2", async () => {
    const options = {
      headers: { "Idempotency-Key": "k" },
      body: { items: [{ sku: await makeSku(5), quantity: 1 }] },
    };
    expect(tripsOf(await call("POST", "/api/v1/reservations", options))).toBe(1);
    expect(tripsOf(await call("POST", "/api/v1/reservations", options))).toBe(2);
  });

  it("of a checkout of items without a hold are 2", async () => {
    expect(tripsOf(await checkOut({ items: [{ sku: await makeSku(5), quantity: 1 }] }))).toBe(2);
  });

  it("of a checkout with a discount code are 2, and of one that is no good 2", async () => {
    const { code } = await makeDiscount({ maxUses: 1 });
    const items = [{ sku: await makeSku(5), quantity: 1 }];
    expect(tripsOf(await checkOut({ items, discountCode: code }))).toBe(2);
    expect(tripsOf(await checkOut({ items, discountCode: code }))).toBe(2);
  });

  it("of a search are one to each database in any order, and only one where nothing is found", async () => {
    const { body } = await newProduct({});
    await settle();
    const found = `/api/v1/products?include=total&q=${body.data.title}`;
    for (const sort of ["newest", "price"])
      expect(tripsOf(await call("GET", `${found}&sort=${sort}`))).toBe(2);
    expect(tripsOf(await call("GET", "/api/v1/products?q=nothing"))).toBe(1);
    expect(tripsOf(await call("GET", "/api/v1/products?q=!!!"))).toBe(0);
  });

  it("of a search for orders are one to each database, counted and with filters too", async () => {
    const { orderId } = await sell(ONE);
    const [{ number } = { number: 0 }] = await rows<{ number: number }>(
      "SELECT number FROM orders WHERE id = ?",
      orderId,
    );
    for (const query of ["q=ada", "q=ada&include=total&status=paid", `q=${number}&include=total`])
      expect(tripsOf(await asAdmin("GET", `/api/v1/orders?${query}`))).toBe(2);
    expect(tripsOf(await asAdmin("GET", "/api/v1/orders?q=nothing"))).toBe(1);
    expect(tripsOf(await asAdmin("GET", "/api/v1/orders?q=!!!"))).toBe(0);
    expect(tripsOf(await asAdmin("GET", "/api/v1/orders?sku=A&status=paid&include=total"))).toBe(1);
  });

  it("of a search for customers are one to each database, and of the list without words one", async () => {
    await sell(ONE);
    await settle();
    for (const query of ["q=ada", "q=ada&include=total"])
      expect(tripsOf(await asAdmin("GET", `/api/v1/customers?${query}`))).toBe(2);
    expect(tripsOf(await asAdmin("GET", "/api/v1/customers?q=nothing&include=total"))).toBe(1);
    expect(tripsOf(await asAdmin("GET", "/api/v1/customers?q=!!!"))).toBe(0);
    expect(tripsOf(await asAdmin("GET", "/api/v1/customers?q="))).toBe(1);
  });

  it("of a refusal for want of stock are 2 the first time, and 0 while it is remembered", async () => {
    const sku = await makeSku(0);
    expect(tripsOf(await reserve([{ sku, quantity: 1 }]))).toBe(2);
    expect(tripsOf(await reserve([{ sku, quantity: 1 }]))).toBe(0);
  });

  it("are none for what is wrong before the database is needed", async () => {
    const answers = [
      await call("GET", "/api/v1/nothing"),
      await call("GET", "/api/v1/inventory"),
      await call("GET", "/api/v1/products?cursor=x"),
      await call("GET", "/api/v1/orders/ord_x", { headers: { "X-Order-Token": "ot_x" } }),
      await call("POST", "/api/v1/reservations", { body: {} }),
      await call("POST", "/api/v1/checkouts", { body: {} }),
      await call("POST", "/webhooks/stripe", { body: "{}" }),
    ];
    expect(answers.map(tripsOf)).toEqual(answers.map(() => 0));
  });

  it("do not grow with what is asked for", async () => {
    const variants = Array.from({ length: 100 }, () => ({
      sku: newWord(),
      title: "One",
      price: { amount: 100, currency: "EUR" },
      initialStock: 9,
    }));
    await asAdmin("GET", "/api/v1/me");
    expect(tripsOf(await newProduct({ variants }))).toBe(1);
    const items = variants.slice(0, 50).map(({ sku }) => ({ sku, quantity: 1 }));
    expect(tripsOf(await reserve(items))).toBe(1);
    expect(tripsOf(await call("GET", "/api/v1/products?pageSize=100"))).toBe(1);
  });
});
