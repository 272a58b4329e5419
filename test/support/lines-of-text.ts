import { call } from "./http.ts";
import { asAdmin, PASSWORD } from "./people.ts";
import { saySettings, shopSettings } from "./settings.ts";
import { checkoutBody } from "./shop.ts";

type Send = (text: string) => Promise<{ readonly status: number; readonly body: unknown }>;

/** A new product with these fields. */
export const product = (fields: object, variant: object = {}) =>
  asAdmin("POST", "/api/v1/products", {
    body: {
      title: "Mug",
      slug: crypto.randomUUID(),
      variants: [
        {
          sku: crypto.randomUUID(),
          title: "One",
          price: { amount: 100, currency: "EUR" },
          ...variant,
        },
      ],
      ...fields,
    },
  });

const ADDRESS = {
  name: "Ada",
  line1: "1 Street",
  city: "Paris",
  postalCode: "75001",
  country: "FR",
};

/** Of things that are not there: what is wrong with the text is said before that. */
export const nowhere =
  (path: string, body: (text: string) => object): Send =>
  (text) =>
    asAdmin("POST", `/api/v1${path}`, {
      body: body(text),
      headers: { "Idempotency-Key": crypto.randomUUID() },
    });

/** A change of what there is not: what is sent is looked at first. */
const changed = (path: string, field: string) => (text: string) =>
  asAdmin("PATCH", `/api/v1${path}`, { body: { [field]: text } });
const address = (part: string): Send =>
  nowhere("/checkouts", (text) =>
    checkoutBody({ reservationId: "rsv_none", shippingAddress: { ...ADDRESS, [part]: text } }),
  );

const registration =
  (field: string): Send =>
  (text) =>
    call("POST", "/api/v1/auth/register", {
      body: {
        ...{ email: `${crypto.randomUUID()}@example.com`, password: PASSWORD, name: "Ada" },
        [field]: text,
      },
    });

/** The settings with this text in this place of the seller's, or at the top. */
const settings =
  (change: (text: string) => object): Send =>
  (text) =>
    saySettings(change(text));
const seller = (field: string): Send =>
  settings((text) => ({ seller: { ...shopSettings().seller, [field]: text } }));

/** Every line of text that the API takes, by its place in the OpenAPI document, and how it is sent. */
export const TAKEN: Readonly<Record<string, Send>> = {
  "POST /auth/register name": registration("name"),
  "POST /auth/register accountName": registration("accountName"),
  "PATCH /me name": (name) => asAdmin("PATCH", "/api/v1/me", { body: { name } }),
  "POST /api-keys name": nowhere("/api-keys", (name) => ({ name, scopes: ["orders:read"] })),
  "POST /products title": (title) => product({ title }),
  "POST /products variants[0].title": (title) => product({}, { title }),
  "PATCH /products/{id} title": changed("/products/prod_none", "title"),
  "POST /products/{id}/variants title": nowhere("/products/prod_none/variants", (title) => ({
    ...{ sku: "NEW", title, price: { amount: 100, currency: "EUR" } },
  })),
  "PATCH /variants/{id} title": changed("/variants/var_none", "title"),
  "PATCH /images/{id} alt": changed("/images/img_none", "alt"),
  "PUT /settings/shop name": settings((name) => ({ name })),
  "PUT /settings/shop tagline": settings((tagline) => ({ tagline })),
  "PUT /settings/shop seller.name": seller("name"),
  "PUT /settings/shop seller.address[0]": settings((line) => ({
    seller: { ...shopSettings().seller, address: [line] },
  })),
  "PUT /settings/shop seller.taxNumber": seller("taxNumber"),
  "PUT /settings/shop seller.registrationNumber": seller("registrationNumber"),
  "PUT /settings/shop seller.phone": seller("phone"),
  "POST /inventory/{sku}/movements reason": nowhere("/inventory/NONE/movements", (reason) => ({
    ...{ kind: "receive", quantity: 1, reason },
  })),
  "POST /checkouts shippingAddress.name": address("name"),
  "POST /checkouts shippingAddress.line1": address("line1"),
  "POST /checkouts shippingAddress.line2": address("line2"),
  "POST /checkouts shippingAddress.city": address("city"),
  "POST /checkouts shippingAddress.region": address("region"),
  "POST /checkouts shippingAddress.postalCode": address("postalCode"),
  "POST /orders/{id}/cancel reason": nowhere("/orders/none/cancel", (reason) => ({ reason })),
  "POST /orders/{id}/refunds reason": nowhere("/orders/none/refunds", (reason) => ({ reason })),
  "POST /fulfillments orders[0].carrier": nowhere("/fulfillments", (carrier) => ({
    orders: [{ id: "ord_none", carrier }],
  })),
  "POST /fulfillments orders[0].trackingNumber": nowhere("/fulfillments", (trackingNumber) => ({
    orders: [{ id: "ord_none", trackingNumber }],
  })),
  "POST /orders/{id}/fulfillments carrier": nowhere("/orders/none/fulfillments", (carrier) => ({
    carrier,
  })),
  "POST /orders/{id}/fulfillments trackingNumber": nowhere(
    "/orders/none/fulfillments",
    (trackingNumber) => ({ trackingNumber }),
  ),
};
