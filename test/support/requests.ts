import type { RouteName } from "../../src/platform/access.ts";
import { newProduct } from "./catalog.ts";
import { type Member, makeKey, makeMember, makeSession } from "./credentials.ts";
import { newLine, ordersExported } from "./csv.ts";
import { customerId } from "./customers.ts";
import { makeDiscount } from "./discounts.ts";
import type { Call } from "./http.ts";
import { deadPromise, storedEvent } from "./inbox.ts";
import { asAdmin } from "./people.ts";
import { pictureForm } from "./picture-form.ts";
import { addPicture } from "./pictures.ts";
import { shopSettings } from "./settings.ts";
import { checkOutAs, makeSku, reserveAs } from "./shop.ts";
import { deliverAll, stripe } from "./stripe.ts";
import { removeOldEndpoints, storedDelivery } from "./subscribers.ts";
import { rows, settle } from "./world.ts";

/**
 * Who may see a thing that exists: `holder` only its account, `staff` these and the shop's own, `shop` the same where a
 * guest may ask too, `self` its one user, `admin` the shop's admins and programs that may make such a thing.
 */
export type Sight = "holder" | "staff" | "shop" | "self" | "admin";

export interface RouteRequest extends Call {
  readonly path: string;
  /** What a caller gets whom the table and the thing itself let in. */
  readonly good: number;
  readonly sight?: Sight;
  /** Nothing for programs, whatever their scopes. */
  readonly forUsers?: boolean;
  /** More than a program may ask for that has the route's own scope and no other. */
  readonly beyondScope?: boolean;
}

let count = 0;

const unique = (prefix: string) => {
  count += 1;
  return `${prefix}-${Date.now().toString(36)}-${count}`;
};
const get = (path: string, sight?: Sight): RouteRequest => ({
  path,
  good: 200,
  ...(sight === undefined ? {} : { sight }),
});
const api = (path: string, good: number, body?: object): RouteRequest => ({
  path: `/api/v1${path}`,
  good,
  ...(body === undefined ? {} : { body }),
});

/** A file as the body. */
const csv = (path: string, body: string): RouteRequest => ({
  ...{ path: `/api/v1${path}`, good: 202, body, headers: { "Content-Type": "text/csv" } },
});

/** What is not done without a key. */
const withKey = (request: RouteRequest): RouteRequest => ({
  ...request,
  headers: { "Idempotency-Key": crypto.randomUUID() },
});

async function orderOf(owner: Member): Promise<string> {
  const items = [{ sku: await makeSku(5), quantity: 1 }];
  return (await checkOutAs(owner, { items })).body.data.orderId;
}

async function paidOrderOf(owner: Member): Promise<string> {
  const items = [{ sku: await makeSku(5), quantity: 1 }];
  const { orderId, paymentUrl } = (await checkOutAs(owner, { items })).body.data;
  await stripe.pay(paymentUrl);
  await deliverAll();
  await settle();
  return orderId;
}

async function holdOf(owner: Member): Promise<string> {
  const { body } = await reserveAs(owner, [{ sku: await makeSku(5), quantity: 1 }]);
  return body.data.id;
}

const madePicture = async () => (await addPicture((await madeProduct()).id)).body.data;
const madeProduct = async () => (await newProduct({})).body.data;

/**
 * One good request for every route; where it is about a thing, one that exists and is `owner`'s. Asked again, a `POST`
 * with a body is another request than before.
 */
export const REQUESTS: Readonly<Record<RouteName, (owner: Member) => Promise<RouteRequest>>> = {
  "GET /health": async () => get("/health"),
  "GET /health/ready": async () => get("/health/ready"),
  "GET /.well-known/jwks.json": async () => get("/.well-known/jwks.json"),
  "POST /webhooks/stripe": async () => ({ path: "/webhooks/stripe", good: 400, body: {} }),

  "POST /auth/register": async () =>
    api("/auth/register", 201, {
      email: `${unique("new")}@example.com`,
      password: "correct horse battery staple",
      name: "New",
    }),
  "POST /auth/login": async () =>
    // That nobody has this password is the one 401 which every caller gets.
    api("/auth/login", 401, { email: `${unique("nobody")}@example.com`, password: "wrong horse" }),
  "POST /auth/refresh": async (owner) =>
    api("/auth/refresh", 200, { refreshToken: (await makeSession(owner.id)).refreshToken }),
  "POST /auth/logout": async (owner) =>
    api("/auth/logout", 204, { refreshToken: (await makeSession(owner.id)).refreshToken }),
  "GET /auth/sessions": async () => get("/api/v1/auth/sessions"),
  "DELETE /auth/sessions/{id}": async (owner) => ({
    ...api(`/auth/sessions/${(await makeSession(owner.id)).id}`, 204),
    sight: "self",
  }),
  "POST /auth/password/forgot": async () =>
    api("/auth/password/forgot", 202, { email: (await makeMember()).email }),
  "POST /auth/password/reset": async () =>
    api("/auth/password/reset", 422, {
      token: unique("etk_1.x"),
      password: "correct horse battery",
    }),
  "POST /auth/email/verify": async () =>
    api("/auth/email/verify", 422, { token: unique("etk_1.x") }),
  "POST /auth/email/resend": async () => api("/auth/email/resend", 202),
  "GET /me": async () => get("/api/v1/me"),
  "PATCH /me": async () => api("/me", 200, { name: "Renamed" }),
  "DELETE /me": async () => api("/me", 204, {}),
  "GET /me/export": async () => get("/api/v1/me/export"),
  "GET /users": async () => get("/api/v1/users"),
  "PATCH /users/{id}": async () =>
    api(`/users/${(await makeMember()).id}`, 200, { disabled: true }),
  "POST /api-keys": async () =>
    api("/api-keys", 201, { name: unique("New"), scopes: ["identity:write"] }),
  "GET /api-keys": async () => get("/api/v1/api-keys"),
  "PATCH /api-keys/{id}": async () => ({
    ...api(`/api-keys/${(await makeKey(["identity:write"])).id}`, 200, { keep: true }),
    forUsers: true,
  }),
  "DELETE /api-keys/{id}": async () => api(`/api-keys/${(await makeKey(["orders:read"])).id}`, 204),
  "GET /audit-log": async () => get("/api/v1/audit-log"),

  "GET /customers": async () => get("/api/v1/customers"),
  "GET /customers/{id}": async (owner) => get(`/api/v1/customers/${await customerId(owner.email)}`),
  "GET /customers/{id}/export": async (owner) =>
    get(`/api/v1/customers/${await customerId(owner.email)}/export`),
  "DELETE /customers/{id}": async () =>
    api(`/customers/${await customerId((await makeMember()).email)}`, 204),

  "GET /admin/invariants": async () => get("/api/v1/admin/invariants"),
  "GET /reports/sales": async () => get("/api/v1/reports/sales"),
  "GET /reports/products": async () => get("/api/v1/reports/products"),
  "GET /reports/stock": async () => get("/api/v1/reports/stock"),
  "GET /webhook-events": async () => get("/api/v1/webhook-events"),
  "GET /webhook-events/{id}": async () => get(`/api/v1/webhook-events/${await storedEvent()}`),
  "POST /webhook-events/{id}/replay": async () =>
    api(`/webhook-events/${await storedEvent()}/replay`, 202),
  "GET /dead-letters": async () => get("/api/v1/dead-letters"),
  "POST /dead-letters/{id}/replay": async () =>
    api(`/dead-letters/${await deadPromise()}/replay`, 202),

  "POST /webhook-endpoints": async () => {
    await removeOldEndpoints();
    const url = `https://${unique("hooks")}.subscriber.test/events`;
    return {
      ...api("/webhook-endpoints", 201, { url, events: ["inventory.low"] }),
      beyondScope: true,
    };
  },
  "GET /webhook-endpoints": async () => get("/api/v1/webhook-endpoints"),
  "GET /webhook-endpoints/{id}": async () =>
    get(`/api/v1/webhook-endpoints/${(await storedDelivery()).endpointId}`),
  "PATCH /webhook-endpoints/{id}": async () =>
    api(`/webhook-endpoints/${(await storedDelivery()).endpointId}`, 200, { status: "paused" }),
  "DELETE /webhook-endpoints/{id}": async () =>
    api(`/webhook-endpoints/${(await storedDelivery()).endpointId}`, 204),
  "POST /webhook-endpoints/{id}/rotate-secret": async () => ({
    ...api(`/webhook-endpoints/${(await storedDelivery()).endpointId}/rotate-secret`, 200),
    beyondScope: true,
  }),
  "POST /webhook-endpoints/{id}/test": async () =>
    api(`/webhook-endpoints/${(await storedDelivery()).endpointId}/test`, 202),
  "GET /webhook-endpoints/{id}/deliveries": async () =>
    get(`/api/v1/webhook-endpoints/${(await storedDelivery()).endpointId}/deliveries`),
  "POST /webhook-deliveries/{id}/redeliver": async () =>
    api(`/webhook-deliveries/${(await storedDelivery()).deliveryId}/redeliver`, 202),

  "GET /products": async () => get("/api/v1/products"),
  "GET /products/{idOrSlug}": async () => {
    const sku = await makeSku(1);
    return get(`/api/v1/products/product-${sku.toLowerCase()}`);
  },
  "POST /products": async () =>
    api("/products", 201, {
      title: unique("Product"),
      variants: [{ sku: unique("NEW"), title: "One", price: { amount: 1, currency: "USD" } }],
    }),

  "PATCH /products/{id}": async () =>
    api(`/products/${(await madeProduct()).id}`, 200, { title: unique("Renamed") }),
  "DELETE /products/{id}": async () => api(`/products/${(await madeProduct()).id}`, 204),
  "POST /products/{id}/variants": async () =>
    api(`/products/${(await madeProduct()).id}/variants`, 201, {
      ...{ sku: unique("NEW"), title: "Another", price: { amount: 1, currency: "EUR" } },
    }),
  "PATCH /variants/{id}": async () =>
    api(`/variants/${(await madeProduct()).variants[0].id}`, 200, { title: unique("Renamed") }),
  "DELETE /variants/{id}": async () => {
    const { id, variants } = await madeProduct();
    const body = { sku: unique("NEW"), title: "Two", price: { amount: 1, currency: "EUR" } };
    await asAdmin("POST", `/api/v1/products/${id}/variants`, { body });
    return api(`/variants/${variants[0].id}`, 204);
  },

  "POST /products/{id}/images": async () => ({
    ...api(`/products/${(await madeProduct()).id}/images`, 201),
    body: pictureForm(),
  }),
  "PATCH /images/{id}": async () =>
    api(`/images/${(await madePicture()).id}`, 200, { alt: unique("Renamed") }),
  "DELETE /images/{id}": async () => api(`/images/${(await madePicture()).id}`, 204),
  "GET /images/{key}": async () => get(new URL((await madePicture()).url).pathname),

  "GET /settings/shop": async () => get("/api/v1/settings/shop"),
  "PUT /settings/shop": async () => api("/settings/shop", 200, shopSettings()),

  "POST /exports/products": async () => api(`/exports/products?q=${unique("words")}`, 202),
  "POST /exports/stock": async () => api("/exports/stock", 202),
  "POST /exports/orders": async () => api(`/exports/orders?email=${unique("a")}@b.test`, 202),
  "POST /imports/products": async () => csv("/imports/products", newLine(unique("CSV"))),
  "POST /imports/stock": async () => csv("/imports/stock", `sku,onHand\n${await makeSku(1)},7\n`),
  "GET /jobs/{id}": async () => get(`/api/v1/jobs/${(await ordersExported()).id}`, "admin"),
  "GET /jobs/{id}/file": async () =>
    get(`/api/v1/jobs/${(await ordersExported()).id}/file`, "admin"),
  "GET /inventory": async () => get("/api/v1/inventory"),
  "GET /inventory/{sku}": async () => get(`/api/v1/inventory/${await makeSku(1)}`),
  "PATCH /inventory/{sku}": async () =>
    api(`/inventory/${await makeSku(1)}`, 200, { lowStockThreshold: 3 }),
  "GET /inventory/{sku}/movements": async () =>
    get(`/api/v1/inventory/${await makeSku(1)}/movements`),
  "POST /inventory/{sku}/movements": async () =>
    withKey(
      api(`/inventory/${await makeSku(1)}/movements`, 201, {
        kind: "receive",
        quantity: 1,
        reason: "Delivery",
      }),
    ),
  "POST /reservations": async () =>
    api("/reservations", 201, { items: [{ sku: await makeSku(5), quantity: 1 }] }),
  "GET /reservations": async () => get("/api/v1/reservations"),
  "GET /reservations/{id}": async (owner) =>
    get(`/api/v1/reservations/${await holdOf(owner)}`, "shop"),
  "PATCH /reservations/{id}": async (owner) => ({
    ...api(`/reservations/${await holdOf(owner)}`, 200, {
      items: [{ sku: await makeSku(5), quantity: 1 }],
    }),
    sight: "holder",
  }),
  "DELETE /reservations/{id}": async (owner) => ({
    ...api(`/reservations/${await holdOf(owner)}`, 204),
    sight: "shop",
  }),

  "POST /checkouts": async () =>
    withKey(
      api("/checkouts", 201, {
        items: [{ sku: await makeSku(5), quantity: 1 }],
        successUrl: "https://storefront.test/thanks",
        cancelUrl: "https://storefront.test/cart",
      }),
    ),
  "GET /orders": async () => get("/api/v1/orders"),
  "POST /discounts": async () =>
    api("/discounts", 201, { code: unique("CODE"), kind: "percentage", percentOff: 10 }),
  "GET /discounts": async () => get("/api/v1/discounts"),
  "GET /discounts/{id}": async () => get(`/api/v1/discounts/${(await makeDiscount()).id}`),
  "PATCH /discounts/{id}": async () =>
    api(`/discounts/${(await makeDiscount()).id}`, 200, { active: false }),
  "GET /orders/{id}": async (owner) => get(`/api/v1/orders/${await orderOf(owner)}`, "staff"),
  "GET /orders/{id}/events": async (owner) =>
    get(`/api/v1/orders/${await orderOf(owner)}/events`, "staff"),
  "POST /orders/{id}/cancel": async (owner) => ({
    ...api(`/orders/${await orderOf(owner)}/cancel`, 200, {}),
    sight: "staff",
  }),
  "POST /orders/{id}/refunds": async (owner) =>
    withKey(
      api(`/orders/${await paidOrderOf(owner)}/refunds`, 201, {
        amount: { amount: 100, currency: "USD" },
      }),
    ),
  "POST /orders/{id}/fulfillments": async (owner) =>
    withKey(api(`/orders/${await paidOrderOf(owner)}/fulfillments`, 201, {})),
  "POST /orders/{id}/receipt": async (owner) =>
    api(`/orders/${await paidOrderOf(owner)}/receipt`, 202),
  "POST /fulfillments": async (owner) =>
    withKey(api("/fulfillments", 200, { orders: [{ id: await paidOrderOf(owner) }] })),
  "POST /orders/{id}/notes": async (owner) =>
    api(`/orders/${await orderOf(owner)}/notes`, 201, { body: unique("note") }),
  "POST /orders/{id}/attention/resolve": async (owner) => {
    const orderId = await orderOf(owner);
    await rows(
      "UPDATE orders SET attention_reason = 'dispute', attention_since = 1 WHERE id = ?",
      orderId,
    );
    return api(`/orders/${orderId}/attention/resolve`, 200, { note: unique("settled") });
  },
};
