import { type Schema, validate } from "@cfworker/json-schema";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ACCESS, type RouteName } from "../../src/platform/access.ts";
import { type OpenApi, type Operation, openApi, referencesOf } from "../support/contract.ts";
import { makeMember } from "../support/credentials.ts";
import { fromSchema } from "../support/from-schema.ts";
import { type Answer, call } from "../support/http.ts";
import { as, asAdmin, PASSWORD, registerPerson } from "../support/people.ts";
import { REQUESTS } from "../support/requests.ts";
import { roundsOf } from "../support/sample.ts";
import { shopSettings } from "../support/settings.ts";
import { makeSku } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const RUNS_PER_ROUTE = roundsOf(12, 60);

/** What no document can say of a value: how it stands to other fields, to what the shop has, and to what people guess. */
const NOT_OF_ITS_SHAPE = [
  /^Is there twice\.$/,
  /^Is in the list already\.$/,
  /^All variants of a product have one currency\.$/,
  /^Must be after startsAt\.$/,
  /^Must be in the future\.$/,
  /^Must be (at most|a multiple of) \d+ in [A-Z]{3}\.$/,
  /^Is not for sale\.$/,
  /^Must be later than (opensAt|from)\.$/,
  /^Must not be after to\.$/,
  /^Must be at most \d+ days before to, by (day|week|month)\.$/,
  /^The order was paid in [A-Z]{3}\.$/,
  /^Is too easy to guess/,
  /^Is not your current password\.$/,
  /^This link has been used or is too old/,
  /^Is not in this order\.$/,
  /^Has a product that is not there\.$/,
  /^Must be in [A-Z]{3}, as what is taken off\.$/,
  /^More would (be sent|be refunded|come back) than was (bought|sold)\.$/,
];

let document: OpenApi;
beforeAll(async () => {
  document = await openApi();
});

const ROUTES = Object.keys(ACCESS)
  .filter((name): name is RouteName => name in REQUESTS)
  .filter((name) => !/ \/(health|webhooks|\.well-known)/.test(name));

function operationOf(name: RouteName): Operation {
  const [method = "", path = ""] = name.split(" ");
  const found = document.paths[`/api/v1${path}`]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`${name} is not documented`);
  return found;
}

/** What the document lets a client send to a route, besides its path. */
function requestsOf(operation: Operation) {
  const among = (place: "query" | "header") => {
    // A cursor is the shop's own word, an order's token too.
    const known = ["cursor", "x-order-token"];
    const found = (operation.parameters ?? []).filter(
      (one) => one.in === place && !known.includes(one.name),
    );
    return fc.record(
      Object.fromEntries(found.map(({ name, schema }) => [name, fromSchema(document, schema)])),
      { requiredKeys: found.filter(({ required }) => required).map(({ name }) => name) },
    );
  };
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const bodies = schema === undefined ? fc.constant(undefined) : fromSchema(document, schema);
  return fc.record({ query: among("query"), headers: among("header"), body: bodies });
}

function isOfItsShape({ body }: Answer): boolean {
  const { code, fields = {} } = body.error;
  if (code !== "VALIDATION_FAILED") return code === "MALFORMED_JSON";
  const sentences: string[] = Object.values(fields);
  return !sentences.every((sentence) => NOT_OF_ITS_SHAPE.some((known) => known.test(sentence)));
}

const texts = (values: object) =>
  Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]);

describe("What the document allows", () => {
  for (const name of ROUTES) {
    it(`is never refused for its shape: ${name}`, async () => {
      const owner = await makeMember("admin");
      const { path: asked } = await REQUESTS[name](owner);
      const [path] = asked.split("?");
      const [method = ""] = name.split(" ");
      await fc.assert(
        fc.asyncProperty(requestsOf(operationOf(name)), async ({ query, headers, body }) => {
          const search = new URLSearchParams(texts(query));
          const answer = await call(method, `${path}?${search}`, {
            headers: {
              Authorization: `Bearer ${owner.accessToken}`,
              ...Object.fromEntries(texts(headers)),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          });
          expect(answer.status, answer.text).toBeLessThan(500);
          if (answer.status >= 400) expect(isOfItsShape(answer), answer.text).toBe(false);
        }),
        { numRuns: RUNS_PER_ROUTE, endOnFailure: true }, // each step to a smaller one would be another request
      );
    });
  }
});

/** Whether the document allows this body. */
function allows(name: RouteName, body: unknown): boolean {
  const schema = operationOf(name).requestBody?.content["application/json"]?.schema;
  if (schema === undefined) throw new Error(`${name} takes no body`);
  return validate(body, schema, "2020-12", referencesOf(document, schema)).valid;
}

function parameterOf(name: RouteName, wanted: string): Schema {
  const found = operationOf(name).parameters?.find((one) => one.name === wanted);
  if (found === undefined) throw new Error(`${name} has no ${wanted}`);
  return found.schema;
}

describe("What the code refuses, the document refuses too", () => {
  const checkout = {
    items: [{ sku: "A", quantity: 1 }],
    successUrl: "https://a.test/x",
    cancelUrl: "https://a.test",
  };
  const address = { name: "A", line1: "1", city: "C", postalCode: "1", country: "DE" };
  const percent = { code: "X", kind: "percentage", percentOff: 10 };
  const ten = { amount: 10, currency: "EUR" };
  const product = (price: object, more: object = {}) => ({
    title: "T",
    variants: [{ sku: "A", title: "One", price }],
    ...more,
  });
  const register = { email: "ada@example.com", password: PASSWORD, name: "Ada" };
  const wrong: [RouteName, unknown][] = [
    ["POST /checkouts", { ...checkout, reservationId: "rsv_1" }],
    ["POST /checkouts", { successUrl: checkout.successUrl, cancelUrl: checkout.cancelUrl }],
    ["POST /checkouts", { ...checkout, successUrl: "https://ada:secret@a.test/x" }],
    ["POST /checkouts", { ...checkout, successUrl: "https://ada@a.test/x" }],
    ["POST /checkouts", { ...checkout, cancelUrl: "https://a.test\\@evil.test" }],
    ["POST /checkouts", { ...checkout, cancelUrl: "https://a.te\nst" }],
    ["POST /checkouts", { ...checkout, cancelUrl: "javascript:alert(1)" }],
    ["POST /checkouts", { ...checkout, email: "ada@localhost" }],
    ["POST /products", product({ amount: 100, currency: "eur" })],
    ["POST /products", product({ amount: 100, currency: "XXX" })],
    ["POST /products", product(ten, { description: "\u0007" })],
    ["POST /products", product(ten, { description: "\ud800" })],
    ["POST /products", product(ten, { description: "a\u202eb" })],
    ["POST /products", product(ten, { title: "One\nTwo" })],
    ["POST /products", product(ten, { title: "\u200b" })],
    ["POST /products", product(ten, { title: "\u0301" })],
    ["POST /auth/register", { ...register, name: " \ud800" }],
    ["POST /auth/register", { ...register, name: "Ada\u2028Lovelace" }],
    ["POST /auth/register", { ...register, accountName: "Ada\u{1fffe}" }],
    ["POST /checkouts", { ...checkout, shippingAddress: { ...address, country: "UK" } }],
    ["POST /checkouts", { ...checkout, shippingAddress: { ...address, country: "de" } }],
    ["POST /checkouts", { ...checkout, shippingAddress: { ...address, line2: "\u2800" } }],
    ["PUT /settings/shop", shopSettings({ name: "" })],
    ["PUT /settings/shop", { ...shopSettings(), tagline: undefined }],
    ["PUT /settings/shop", { ...shopSettings(), accent: "#fff" }],
    ["PUT /settings/shop", shopSettings({ receipt: { footer: "\u200b" } })],
    ["PUT /settings/shop", { ...shopSettings(), seller: { name: "Moon Pottery" } }],
    ["PATCH /reservations/{id}", { items: [] }],
    ["POST /orders/{id}/attention/resolve", { note: " \n" }],
    ["POST /orders/{id}/attention/resolve", { note: "\u200b" }],
    ["POST /orders/{id}/notes", { body: " \n" }],
    ["POST /fulfillments", { orders: [] }],
    ["POST /fulfillments", { orders: [{ id: "ord_1", carrier: "\u200b" }] }],
    ["POST /orders/{id}/refunds", { amount: { amount: 0, currency: "EUR" } }],
    ["POST /discounts", { ...percent, percentOff: undefined }],
    ["POST /discounts", { ...percent, percentOff: null }],
    ["POST /discounts", { ...percent, amountOff: ten }],
    ["POST /discounts", { code: "X", kind: "fixed" }],
    ["POST /discounts", { code: "X", kind: "fixed", amountOff: ten, percentOff: 10 }],
    ["POST /discounts", { ...percent, startsAt: "2026-01-01T00:00:00+02:00" }],
    ["POST /inventory/{sku}/movements", { kind: "adjust", quantity: 0, reason: "x" }],
    ["POST /inventory/{sku}/movements", { kind: "receive", quantity: -1, reason: "x" }],
    ["POST /inventory/{sku}/movements", { kind: "damage", quantity: 0, reason: "x" }],
    ["POST /auth/register", { ...register, password: "zebra-klavi" }],
    ["POST /auth/register", { ...register, password: "quizblorkafemy-73".repeat(8) }],
    ["PATCH /me", { password: PASSWORD }],
  ];
  for (const [name, body] of wrong) {
    it(`${name} ${JSON.stringify(body).slice(0, 150)}`, async () => {
      const { path } = await REQUESTS[name](await makeMember("admin"));
      const [method = ""] = name.split(" ");
      const headers = { "Idempotency-Key": crypto.randomUUID() };
      const answer = await asAdmin(method, path, { body: JSON.stringify(body), headers });
      expect([answer.status, answer.body.error?.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(allows(name, JSON.parse(JSON.stringify(body)))).toBe(false);
    });
  }

  const right: [RouteName, object][] = [
    ["POST /discounts", percent],
    ["POST /discounts", { code: "Y", kind: "fixed", amountOff: ten }],
    ["POST /inventory/{sku}/movements", { kind: "adjust", quantity: -1, reason: "x" }],
    ["POST /inventory/{sku}/movements", { kind: "receive", quantity: 1, reason: "x" }],
  ];
  for (const [name, body] of right) {
    it(`and takes what the code takes: ${name} ${JSON.stringify(body)}`, async () => {
      const { path } = await REQUESTS[name](await makeMember("admin"));
      const headers = { "Idempotency-Key": crypto.randomUUID() };
      expect((await asAdmin("POST", path, { body, headers })).status).toBe(201);
      expect(allows(name, body)).toBe(true);
    });
  }

  it("a page's size that is not written as a whole number", async () => {
    const sizes = ["0x10", " 5", "5 ", "+5", "05", "5.0", "1e1", "", "0", "101", "-1", "٥", "NaN"];
    for (const list of ["/products", "/orders", "/audit-log", "/discounts"])
      for (const size of sizes) {
        const path = `/api/v1${list}?pageSize=${encodeURIComponent(size)}`;
        const answer = await asAdmin("GET", path);
        expect([path, answer.status]).toEqual([path, 422]);
        expect(answer.body.error.fields).toEqual({
          pageSize: "Must be a whole number from 1 to 100.",
        });
      }
    for (const size of ["1", "20", "99", "100"])
      expect((await asAdmin("GET", `/api/v1/orders?pageSize=${size}`)).body.meta.pageSize).toBe(
        Number(size),
      );
  });

  it("an empty cursor, and keys that are not of visible ASCII", async () => {
    expect((await call("GET", "/api/v1/products?cursor=")).status).toBe(422);
    expect(validate("", parameterOf("GET /products", "cursor")).valid).toBe(false);
    const key = parameterOf("POST /reservations", "idempotency-key");
    const body = { items: [{ sku: await makeSku(5), quantity: 1 }] };
    for (const one of ["a\tb", "é", '""', "", "x".repeat(256), "\x7f"]) {
      const answer = await call("POST", "/api/v1/reservations", {
        headers: { "Idempotency-Key": one },
        body,
      });
      expect([one, answer.status, validate(one, key).valid]).toEqual([one, 422, false]);
    }
  });
});

describe("One's own address as password", () => {
  const own = { password: "Must not be your email address." };
  const EMAIL = "ada.lovelace.1815@example.com";

  it("is refused at registration, however it is written", async () => {
    for (const password of [
      EMAIL,
      EMAIL.toUpperCase(),
      "ada.lovelace.1815",
      "!!Ada.Lovelace",
      "ada.lovelaceada.lovelace",
    ]) {
      const body = { email: ` ${EMAIL}`, password, name: "Ada" };
      const answer = await call("POST", "/api/v1/auth/register", { body });
      expect([password, answer.status, answer.body.error.fields]).toEqual([password, 422, own]);
    }
    const body = { email: EMAIL, password: "lovelace analytical engine", name: "Ada" };
    expect((await call("POST", "/api/v1/auth/register", { body })).status).toBe(201);
  });

  it("is refused where it is changed", async () => {
    const person = await registerPerson();
    const body = { password: person.email, currentPassword: PASSWORD };
    const answer = await as(person, "PATCH", "/api/v1/me", { body });
    expect([answer.status, answer.body.error.fields]).toEqual([422, own]);
  });
});
