import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { discount, makeDiscount } from "../support/discounts.ts";
import { call } from "../support/http.ts";
import { asAdmin, PASSWORD } from "../support/people.ts";
import { checkOut, makeSku, reserve } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const ADDRESS = "ada@example.com";
/** The same address as a person may type or paste it. */
const ADDRESSES = [
  "ada@example.com",
  " Ada@Example.com ",
  "ADA@EXAMPLE.COM\u200b",
  "\u00a0ada@example.com\ufeff",
  "ada\u200b@example\u00ad.com",
  "\tada@example.com\n",
];
const CODE = "WELCOME10";
const CODES = ["welcome10", " Welcome10 ", "\u200bWELCOME10", "WELCOME10\u00a0", "WEL\u200bCOME10"];

/** Sends a form as a browser without script does. */
async function submit(path: string, fields: Record<string, string>): Promise<Response> {
  return exports.default.fetch(`https://shop.test${path}`, {
    method: "POST",
    redirect: "manual",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: "https://shop.test",
      "Sec-Fetch-Site": "same-origin",
    },
    body: new URLSearchParams(fields).toString(),
  });
}

const FORM = {
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  postalCode: "SW1Y 4JH",
  city: "London",
  country: "GB",
};

async function items() {
  return [{ sku: await makeSku(50), quantity: 1 }];
}

describe("An e-mail address is the same however it was typed or pasted", () => {
  it("at registration and sign-in, in the API and on pages", async () => {
    const body = { email: ADDRESSES[3], password: PASSWORD, name: "Ada" };
    const made = await call("POST", "/api/v1/auth/register", { body });
    expect([made.status, made.body.data.user.email]).toEqual([201, ADDRESS]);
    for (const email of ADDRESSES) {
      const again = await call("POST", "/api/v1/auth/register", { body: { ...body, email } });
      expect([email, again.status, again.body.error.code]).toEqual([email, 409, "EMAIL_TAKEN"]);
      const page = await submit("/register", { email, password: PASSWORD, name: "Ada" });
      expect([email, page.status, page.headers.get("Location")]).toEqual([email, 303, "/register"]);
      const login = await call("POST", "/api/v1/auth/login", {
        body: { email, password: PASSWORD },
      });
      expect([email, login.status]).toEqual([email, 200]);
      const signIn = await submit("/sign-in", { email, password: PASSWORD });
      expect([email, signIn.headers.get("Location")]).toEqual([email, "/account"]);
      const forgot = await call("POST", "/api/v1/auth/password/forgot", { body: { email } });
      expect([email, forgot.status]).toEqual([email, 202]);
    }
    expect(await rows("SELECT email FROM users WHERE email LIKE '%ada%'")).toEqual([
      { email: ADDRESS },
    ]);
  });

  it("at the checkout, in the API and on the page", async () => {
    for (const email of ADDRESSES) {
      expect((await checkOut({ items: await items(), email })).status).toBe(201);
      const { body } = await reserve(await items());
      const page = await submit(`/reservations/${body.data.id}/checkout`, { ...FORM, email });
      expect([email, page.headers.get("Location")]).toEqual([
        email,
        expect.stringContaining("cs_"),
      ]);
    }
    expect(await rows("SELECT DISTINCT email FROM orders")).toEqual([{ email: ADDRESS }]);
  });

  it("where orders are looked for", async () => {
    await checkOut({ items: await items(), email: ADDRESS });
    for (const email of ADDRESSES) {
      const path = `/api/v1/orders?email=${encodeURIComponent(email)}`;
      expect([email, (await asAdmin("GET", path)).body.data.length]).toEqual([email, 1]);
    }
    expect((await asAdmin("GET", "/api/v1/orders?email=someone@example.com")).body.data).toEqual(
      [],
    );
  });

  it("for a code that each customer may use once", async () => {
    await makeDiscount({ code: CODE, maxUsesPerCustomer: 1 });
    const [first, ...others] = ADDRESSES;
    const use = async (email: string | undefined) =>
      checkOut({ items: await items(), email, discountCode: CODE });
    expect((await use(first)).status).toBe(201);
    for (const email of others) expect([email, (await use(email)).status]).toEqual([email, 422]);
  });

  it("and is refused when it is none", async () => {
    for (const email of [
      "",
      " ",
      "\u200b",
      "ada",
      "ada@",
      "ada @example.com",
      "ada@exa\nmple.com",
    ]) {
      const body = { email, password: PASSWORD, name: "Ada" };
      const answer = await call("POST", "/api/v1/auth/register", { body });
      expect([email, answer.status, Object.keys(answer.body.error.fields)]).toEqual([
        email,
        422,
        ["email"],
      ]);
    }
  });
});

describe("A discount code is the same however it was typed or pasted", () => {
  it("when it is made, looked for and used, in the API and on the page", async () => {
    const made = await makeDiscount({ code: "\u200bWelcome10 " });
    expect(made.code).toBe(CODE);
    for (const code of CODES) {
      const ten = { code, kind: "percentage", percentOff: 10 };
      const again = await asAdmin("POST", "/api/v1/discounts", { body: ten });
      expect([code, again.status]).toEqual([code, 409]);
      const list = await asAdmin("GET", `/api/v1/discounts?code=${encodeURIComponent(code)}`);
      expect([code, list.body.data.length]).toEqual([code, 1]);
      const used = await checkOut({ items: await items(), discountCode: code });
      expect([code, used.status]).toEqual([code, 201]);
      const { body } = await reserve(await items());
      const fields = { ...FORM, email: ADDRESS, discountCode: code };
      const page = await submit(`/reservations/${body.data.id}/checkout`, fields);
      expect([code, page.headers.get("Location")]).toEqual([code, expect.stringContaining("cs_")]);
    }
    expect((await discount(made)).uses).toBe(2 * CODES.length);
  });

  it("and a field of the form in which nothing can be seen has none in it", async () => {
    const { body } = await reserve(await items());
    const fields = { ...FORM, email: ADDRESS, discountCode: "\u200b \u2060" };
    const sent = await submit(`/reservations/${body.data.id}/checkout`, fields);
    expect(sent.headers.get("Location")).toContain("cs_");
    expect(await rows("SELECT discount_code FROM orders")).toEqual([{ discount_code: null }]);
  });
});
