import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { servicesOf } from "../../src/services.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
import type { Answer } from "../support/http.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { checkoutBody, level, makeSku } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const TURNSTILE = {
  secretKey: "turnstile-secret",
  siteKey: "0x4AAAAAAA-site",
  apiUrl: "http://turnstile.test",
};

async function control<T>(path: string, body: object = {}): Promise<T> {
  const answer = await fetch(`http://turnstile.test/_emulator${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as T;
}

/** What the widget gives to a person. */
const newToken = async () => (await control<{ token: string }>("/tokens")).token;

const shop = (turnstile: typeof TURNSTILE | null = TURNSTILE) =>
  shopOver(env.DB, {
    config: { ...servicesOf(env).config, turnstile: turnstile ?? undefined },
  });
type Shop = ReturnType<typeof shop>;

async function hold(at: Shop, more: object, headers: Record<string, string> = {}) {
  const body = { items: [{ sku: await sku(), quantity: 1 }], ...more };
  return at.call("POST", "/api/v1/reservations", { headers, body });
}

async function buy(at: Shop, more: object, key: string = crypto.randomUUID()) {
  const body = checkoutBody({ items: [{ sku: await sku(), quantity: 1 }], ...more });
  return at.call("POST", "/api/v1/checkouts", { headers: { "Idempotency-Key": key }, body });
}

async function formOf(fields: Record<string, string>) {
  const variant = await sku();
  const path = `/products/product-${variant.toLowerCase()}`;
  return [path, { variant, quantity: "1", ...fields }] as const;
}

let made: string | undefined;

async function sku(): Promise<string> {
  made ??= await makeSku(9);
  return made;
}

beforeEach(async () => {
  made = undefined;
  await control("/behaviour");
  await control("/clock", { now: Date.now() });
});

const expectToken = ({ status, body }: Answer) =>
  expect([status, body.error?.code, Object.keys(body.error?.fields ?? {})]).toEqual([
    422,
    "VALIDATION_FAILED",
    ["turnstileToken"],
  ]);
const holds = () => rows("SELECT id FROM reservations");

describe("Where the shop has no Turnstile", () => {
  it("nobody is asked, and a token says nothing", async () => {
    const at = shop(null);
    expect((await hold(at, {})).status).toBe(201);
    expect((await hold(at, { turnstileToken: "whatever" })).status).toBe(201);
    const page = await at.call("GET", `/products/product-${(await sku()).toLowerCase()}`);
    expect(page.text).not.toContain("turnstile");
    expect(page.headers.get("Content-Security-Policy")).not.toContain("challenges.cloudflare.com");
  });
});

describe("Where the shop has Turnstile, a program that is no person holds nothing", () => {
  it.each([
    ["without a token", undefined],
    ["with one of its own making", "0.made-up"],
  ])("%s, by whatever route", async (_, turnstileToken) => {
    const at = shop();
    expectToken(await hold(at, { turnstileToken }));
    expectToken(await buy(at, { turnstileToken }));
    const fields: Record<string, string> =
      turnstileToken === undefined ? {} : { "cf-turnstile-response": turnstileToken };
    const page = await sendWrongForm(...(await formOf(fields)), { ask: at.call });
    expect(page.text).toContain("Please do the check below once more");
    expect(await holds()).toEqual([]);
  });

  it("with a token that somebody has used, or that is older than five minutes", async () => {
    const at = shop();
    const token = await newToken();
    expect((await hold(at, { turnstileToken: token })).status).toBe(201);
    expectToken(await hold(at, { turnstileToken: token }));
    expectToken(await buy(at, { turnstileToken: token }));
    const old = await newToken();
    await control("/clock", { now: Date.now() + 5 * MINUTE_MS + 1 });
    expectToken(await hold(at, { turnstileToken: old }));
    expect(await holds()).toHaveLength(1);
  });

  it("with one token from two addresses under one key, but the first answer to the same request", async () => {
    const at = shop();
    const turnstileToken = await newToken();
    const from = (address: string) => ({ "CF-Connecting-IP": address, "Idempotency-Key": "key" });
    const first = await hold(at, { turnstileToken }, from("192.0.2.1"));
    expect(first.status).toBe(201);
    const other = { items: [{ sku: await sku(), quantity: 2 }], turnstileToken };
    expectToken(await hold(at, other, from("192.0.2.2")));
    expect((await hold(at, { turnstileToken }, from("192.0.2.2"))).text).toBe(first.text);
    expect(await holds()).toHaveLength(1);
  });
});

describe("Where the shop has Turnstile, a person", () => {
  it("holds what they want, by each route, a token each", async () => {
    const at = shop();
    expect((await hold(at, { turnstileToken: await newToken() })).status).toBe(201);
    expect((await buy(at, { turnstileToken: await newToken() })).status).toBe(201);
    const form = await formOf({ "cf-turnstile-response": await newToken() });
    const sent = await sendForm(...form, {}, at.call);
    expect(sent.headers.get("Location")).toMatch(/^\/reservations\//);
    expect(await level(await sku())).toMatchObject({ reserved: 3 });
  });

  it("needs none for the checkout of what they hold", async () => {
    const at = shop();
    const { body } = await hold(at, { turnstileToken: await newToken() });
    const input = checkoutBody({ reservationId: body.data.id });
    const headers = { "Idempotency-Key": "key" };
    expect((await at.call("POST", "/api/v1/checkouts", { headers, body: input })).status).toBe(201);
  });

  it("needs one for what their hold does not have yet, and none for more, less or nothing of what it has", async () => {
    const at = shop();
    const [cheap, drop] = [await sku(), await makeSku(9)];
    const { id } = (await hold(at, { turnstileToken: await newToken() })).body.data;
    const change = (wanted: Record<string, number>, turnstileToken?: string) =>
      at.call("PATCH", `/api/v1/reservations/${id}`, {
        body: {
          items: Object.entries(wanted).map(([of, quantity]) => ({ sku: of, quantity })),
          turnstileToken,
        },
      });
    expect((await change({ [cheap]: 3 })).status).toBe(200);
    expectToken(await change({ [drop]: 1 }));
    expectToken(await change({ [cheap]: 1, [drop]: 1 }, "0.made-up"));
    expect(await level(drop)).toMatchObject({ reserved: 0 });
    const token = await newToken();
    expect((await change({ [cheap]: 1, [drop]: 1 }, token)).status).toBe(200);
    // The retry, whose token is used by then.
    expect((await change({ [cheap]: 1, [drop]: 1 }, token)).status).toBe(200);
    expect((await change({ [drop]: 2 })).status).toBe(200);
    expectToken(await change({ [drop]: 2, [cheap]: 1 }, token));
    expect(await level(drop)).toMatchObject({ reserved: 2 });
  });

  it("gets the first answer for a retry, however old the token is by then", async () => {
    const at = shop();
    const turnstileToken = await newToken();
    const key = { "Idempotency-Key": "key" };
    const first = await hold(at, { turnstileToken }, key);
    const bought = await buy(at, { turnstileToken: await newToken() }, "buy");
    expect(bought.status).toBe(201);
    expect((await hold(at, { turnstileToken }, key)).text).toBe(first.text);
    await control("/clock", { now: Date.now() + 10 * MINUTE_MS });
    expect((await hold(at, { turnstileToken }, key)).text).toBe(first.text);
    expect(await holds()).toHaveLength(2);
  });

  it("gets the first answer for a retry with a fresh token", async () => {
    const at = shop();
    const key = { "Idempotency-Key": "key" };
    const first = await hold(at, { turnstileToken: await newToken() }, key);
    const bought = await buy(at, { turnstileToken: await newToken() }, "buy");
    expect([first.status, bought.status]).toEqual([201, 201]);
    const again = await hold(at, { turnstileToken: await newToken() }, key);
    expect([again.text, again.headers.get("Idempotency-Replayed")]).toEqual([first.text, "true"]);
    expect((await buy(at, { turnstileToken: await newToken() }, "buy")).text).toBe(bought.text);
    expect(await holds()).toHaveLength(2);
  });

  it("has the widget in the form, from the one origin that the page's policy lets in", async () => {
    const page = await shop().call("GET", `/products/product-${(await sku()).toLowerCase()}`);
    expect(page.text).toContain('data-sitekey="0x4AAAAAAA-site"');
    expect(page.text).toContain('src="https://challenges.cloudflare.com/turnstile/v0/api.js"');
    const policy = page.headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("script-src 'self' https://challenges.cloudflare.com;");
    expect(policy).toContain("frame-src https://challenges.cloudflare.com;");
    const api = await shop().call("GET", "/api/v1/products");
    expect(api.headers.get("Content-Security-Policy")).not.toContain("cloudflare");
  });
});

describe("While nobody can say who is a person", () => {
  it.each([
    ["siteverify fails", TURNSTILE, 500],
    ["siteverify says what nobody understands", TURNSTILE, 200],
    ["nobody is there", { ...TURNSTILE, apiUrl: "http://nobody.test" }, undefined],
    ["the shop's own secret is wrong", { ...TURNSTILE, secretKey: "wrong" }, undefined],
  ])("because %s, nothing is held, and the same request may come again", async (_, at, status) => {
    const turnstileToken = await newToken();
    const key = { "Idempotency-Key": "key" };
    await control("/behaviour", { status });
    const answers: Answer[] = [];
    const { text } = await logOf(async () => {
      answers.push(await hold(shop(at), { turnstileToken }, key));
      answers.push(await buy(shop(at), { turnstileToken }, "buy"));
    });
    for (const { status: answered, headers, body } of answers) {
      expect([answered, body.error.code]).toEqual([503, "UNAVAILABLE"]);
      expect(headers.get("Retry-After")).toBe("5");
    }
    expect(text).not.toContain(turnstileToken);
    expect(text).not.toContain(TURNSTILE.secretKey);
    expect(await holds()).toEqual([]);
    await control("/behaviour");
    expect((await hold(shop(), { turnstileToken }, key)).status).toBe(201);
    await travel(1);
  });
});

describe("While nobody can say who is a person, what was done before is answered again", () => {
  it.each([
    ["siteverify fails", TURNSTILE, 500],
    ["nobody is there", { ...TURNSTILE, apiUrl: "http://nobody.test" }, undefined],
  ])("because %s", async (_, at, status) => {
    const turnstileToken = await newToken();
    const key = { "Idempotency-Key": "key" };
    const form = await formOf({ "cf-turnstile-response": await newToken(), key: "form-key" });
    const held = await hold(shop(), { turnstileToken }, key);
    const bought = await buy(shop(), { turnstileToken: await newToken() }, "buy");
    const sent = await sendForm(...form, {}, shop().call);
    await control("/behaviour", { status });
    const answers = [
      await hold(shop(at), { turnstileToken }, key),
      await buy(shop(at), { turnstileToken }, "buy"),
    ];
    expect(answers.map(({ text }) => text)).toEqual([held.text, bought.text]);
    expect(answers.map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual([
      "true",
      "true",
    ]);
    const again = await sendForm(...form, {}, shop(at).call);
    expect(again.headers.get("Location")).toBe(sent.headers.get("Location"));
    expect(again.headers.get("Location")).toMatch(/^\/reservations\//);
    expect(await holds()).toHaveLength(3);
  });
});

describe("Turnstile's variables", () => {
  const read = (vars: object) => parseConfig({ ...env, ...vars }).turnstile;

  it("are good together, and off without", () => {
    expect(read({})).toBeUndefined();
    expect(read({ TURNSTILE_SECRET_KEY: "", TURNSTILE_SITE_KEY: "" })).toBeUndefined();
    const both = { TURNSTILE_SECRET_KEY: "s", TURNSTILE_SITE_KEY: "k" };
    expect(read(both)).toEqual({ secretKey: "s", siteKey: "k", apiUrl: undefined });
    for (const one of [{ TURNSTILE_SECRET_KEY: "s" }, { TURNSTILE_SITE_KEY: "k" }])
      expect(() => read(one)).toThrow("TURNSTILE_");
  });
});
