import { describe, expect, it } from "vitest";
import { expectError } from "../support/expect-error.ts";
import { BROKEN, bindingsOf, from, limitedShop, newAddress, repeat } from "../support/limits.ts";
import { asAdmin, theAdmin } from "../support/people.ts";
import { checkoutBody, makeSku } from "../support/shop.ts";
import { travel, useWorld } from "../support/world.ts";

useWorld();

const LIST = "/api/v1/products";

/** To the start of a minute, so that what is left of it is known. */
async function toFullMinute(): Promise<void> {
  await travel(60_000 - (Date.now() % 60_000));
}

describe("A limited route", () => {
  it("says what the limit is, and what is left of it", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    await toFullMinute();
    const first = await shop.call("GET", LIST, { headers });
    expect(first.headers.get("RateLimit-Policy")).toBe('"default";q=100;w=60');
    expect(first.headers.get("RateLimit")).toBe('"default";r=99;t=60');
    await travel(26_500);
    const second = await shop.call("GET", LIST, { headers });
    expect(second.headers.get("RateLimit")).toBe('"default";r=98;t=34');
    expect(second.headers.has("Retry-After")).toBe(false);
  });

  it("answers the 101st call of a minute with 429, in the words of the contract", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    await toFullMinute();
    await travel(26_000);
    const call = () => shop.call("GET", LIST, { headers });
    expect(await repeat(100, call)).toEqual({ 200: 100 });
    const refused = await call();
    expectError(refused, 429, {
      code: "RATE_LIMITED",
      message: "Too many requests. Please wait 34 seconds.",
    });
    expect(refused.headers.get("Retry-After")).toBe("34");
    expect(refused.headers.get("RateLimit")).toBe('"default";r=0;t=34');
    expect(refused.headers.get("Cache-Control")).toBe("private, no-store");
    await travel(34_000);
    expect((await call()).status).toBe(200);
  });

  it("asks no database for whoever is known to have reached it", async () => {
    const shop = limitedShop();
    const headers = { ...from(newAddress()), "Cache-Control": "no-cache" };
    await toFullMinute();
    const call = () => shop.call("GET", LIST, { headers });
    await repeat(100, call);
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Server-Timing")).toContain('desc="0"');
  });

  it("says it whatever else it answers", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    const { headers: first } = await shop.call("GET", LIST, { headers });
    const cases: [number, string, string, Record<string, string>][] = [
      [304, "GET", LIST, { "If-None-Match": first.get("ETag") ?? "" }],
      [401, "GET", LIST, { Authorization: "Bearer nonsense" }],
      [401, "GET", "/api/v1/orders", {}],
      [404, "GET", "/api/v1/nothing", {}],
      [405, "PUT", LIST, {}],
      [422, "GET", `${LIST}?a=b`, {}],
      [200, "GET", "/", {}],
      [404, "GET", "/nothing", {}],
    ];
    for (const [index, [status, method, path, more]] of cases.entries()) {
      const answer = await shop.call(method, path, { headers: { ...headers, ...more } });
      expect([path, answer.status]).toEqual([path, status]);
      const left = `"default";r=${98 - index};t=`;
      expect([path, answer.headers.get("RateLimit")]).toEqual([
        path,
        expect.stringContaining(left),
      ]);
    }
  });

  it("shows people a page", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    await repeat(100, () => shop.call("GET", "/docs", { headers }));
    const refused = await shop.call("GET", "/docs", { headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Content-Type")).toBe("text/html; charset=UTF-8");
    expect(refused.headers.get("Retry-After")).toMatch(/^\d+$/);
    expect(refused.text).toContain("A little slower, please");
  });
});

describe("Reservations", () => {
  it("are thirty a minute, and count as calls too", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    const body = { items: [{ sku: await makeSku(100), quantity: 1 }] };
    const reserve = (path = "/api/v1/reservations") => shop.call("POST", path, { body, headers });
    await toFullMinute();
    const first = await reserve();
    expect(first.headers.get("RateLimit-Policy")).toBe(
      '"default";q=100;w=60, "reservations";q=30;w=60',
    );
    expect(first.headers.get("RateLimit")).toBe('"default";r=99;t=60, "reservations";r=29;t=60');
    expect(await repeat(29, () => reserve())).toEqual({ 201: 29 });
    expect((await reserve()).status).toBe(429);
    expect((await shop.call("GET", LIST, { headers })).status).toBe(200);
  });

  it("cannot be made past the limit by another spelling of the address, or from the pages", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    const body = { items: [{ sku: await makeSku(100), quantity: 1 }] };
    await repeat(30, () => shop.call("POST", "/api/v1/reservations", { body, headers }));
    for (const path of ["/api/v1/%72eservations", "/api/v1/reservations?x=1", "/products/any"]) {
      const { status } = await shop.call("POST", path, { body, headers });
      expect([path, status]).toEqual([path, 429]);
    }
  });
});

describe("A checkout of items", () => {
  it("counts the hold that it makes, so that it is no second way to thirty more", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    const items = [{ sku: await makeSku(100), quantity: 1 }];
    await repeat(30, () => shop.call("POST", "/api/v1/reservations", { body: { items }, headers }));
    const refused = await shop.call("POST", "/api/v1/checkouts", {
      body: checkoutBody({ items }),
      headers: { ...headers, "Idempotency-Key": "key" },
    });
    expect(refused.status).toBe(429);
  });
});

describe("Callers", () => {
  it("are told apart by who they are, not by where they are", async () => {
    const shop = limitedShop();
    const address = newAddress();
    const Authorization = `Bearer ${(await theAdmin()).accessToken}`;
    const made = await asAdmin("POST", "/api/v1/api-keys", {
      body: { name: "Stock", scopes: ["inventory:read"] },
    });
    const key = `Bearer ${made.body.data.secret ?? made.body.data.key}`;
    const asGuest = () => shop.call("GET", LIST, { headers: from(address) });
    const asUser = (where = address) =>
      shop.call("GET", LIST, { headers: from(where, { Authorization }) });
    expect(await repeat(101, asGuest)).toEqual({ 200: 100, 429: 1 });
    expect(await repeat(60, () => asUser())).toEqual({ 200: 60 });
    expect(await repeat(41, () => asUser(newAddress()))).toEqual({ 200: 40, 429: 1 });
    const { status } = await shop.call("GET", LIST, {
      headers: from(address, { Authorization: key }),
    });
    expect(status).toBe(200);
  });

  it("are not believed where they say they are", async () => {
    const shop = limitedShop();
    const address = newAddress();
    const statuses = await repeat(101, (i) =>
      shop.call("GET", LIST, {
        headers: from(address, {
          "X-Forwarded-For": `198.51.100.${i}`,
          "X-Real-IP": `198.51.100.${i}`,
          "True-Client-IP": `198.51.100.${i}`,
          Forwarded: `for=198.51.100.${i}`,
        }),
      }),
    );
    expect(statuses).toEqual({ 200: 100, 429: 1 });
  });

  it("are one for all addresses of a household's IPv6 network", async () => {
    const shop = limitedShop();
    const call = (network: number, host: number) =>
      shop.call("GET", LIST, { headers: from(`2001:db8:99:${network}::${host.toString(16)}`) });
    expect(await repeat(101, (i) => call(1, i))).toEqual({ 200: 100, 429: 1 });
    expect((await call(2, 1)).status).toBe(200);
  });

  it("are counted by their address when their token is not good", async () => {
    const shop = limitedShop();
    const headers = from(newAddress(), { Authorization: "Bearer eyJ.nonsense.x" });
    const statuses = await repeat(101, () => shop.call("GET", LIST, { headers }));
    expect(statuses).toEqual({ 401: 100, 429: 1 });
  });
});

describe("When nothing can be asked", () => {
  it("the shop still sells, and this isolate still counts", async () => {
    const shop = limitedShop({ bindings: BROKEN });
    const headers = from(newAddress());
    const statuses = await repeat(101, () => shop.call("GET", LIST, { headers }));
    expect(statuses).toEqual({ 200: 100, 429: 1 });
  });

  it("nobody signs in, registers or sends mail", async () => {
    const shop = limitedShop({ bindings: BROKEN });
    const headers = from(newAddress());
    const email = "ada@example.com";
    const password = "correct horse battery staple";
    for (const [path, body] of [
      ["/auth/login", { email, password }],
      ["/auth/register", { email, password, name: "Ada" }],
      ["/auth/password/forgot", { email }],
      ["/auth/password/reset", { token: "etk_1.x", password }],
    ] as const) {
      const answer = await shop.call("POST", `/api/v1${path}`, { body, headers });
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 503, "UNAVAILABLE"]);
      expect(answer.headers.get("Retry-After")).toBe("5");
    }
  });

  it("a refusal of the binding is a refusal", async () => {
    const shop = limitedShop({ bindings: bindingsOf(3) });
    const headers = from(newAddress());
    const statuses = await repeat(5, () => shop.call("GET", LIST, { headers }));
    expect(statuses).toEqual({ 200: 3, 429: 2 });
  });
});
