import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { seal, unseal } from "../../src/platform/token-secrets.ts";
import { servicesOf } from "../../src/services.ts";
import { makeMember, makeSession } from "../support/credentials.ts";
import { cookiesAfter, sendForm, sendWrongForm } from "../support/forms.ts";
import { call } from "../support/http.ts";
import { mailedToken } from "../support/mailbox.ts";
import { PASSWORD, registerPerson } from "../support/people.ts";
import { makeSku, reserve } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const COOKIE_BYTES = 4096;
const SECRET = "correct horse, not theirs";

interface Wrong {
  readonly path: string;
  readonly fields: Record<string, string>;
  /** The page that it is sent back to. */
  readonly page: string;
  readonly says: string;
  /** What was typed, and stands in the form again. */
  readonly keeps?: string;
  readonly headers?: Record<string, string>;
}

async function signedIn(): Promise<{ Cookie: string }> {
  const { refreshToken } = await makeSession((await makeMember()).id, "browser");
  return { Cookie: `__Host-session=${refreshToken}` };
}

async function checkoutForm(fields: Record<string, string> = {}): Promise<Wrong> {
  const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
  const page = `/reservations/${body.data.id}`;
  return {
    ...{ path: `${page}/checkout`, page, says: "5 things are missing or wrong." },
    fields: { email: "ada@", name: "Ada Lovelace", ...fields },
    keeps: "ada@",
  };
}

async function productForm(): Promise<Wrong> {
  const sku = await makeSku(2);
  const page = `/products/product-${sku.toLowerCase()}`;
  const fields = { variant: sku, quantity: "3", key: "form-key-1" };
  return { path: page, page, fields, says: "Only 2 are left", keeps: "3" };
}

async function resetForm(password: string): Promise<Wrong> {
  const { email } = await registerPerson();
  await call("POST", "/api/v1/auth/password/forgot", { body: { email } });
  const token = await mailedToken(email, "/reset-password");
  const page = `/reset-password?${new URLSearchParams({ token })}`;
  return { path: "/reset-password", page, fields: { token, password }, says: "Please check" };
}

const FORMS: Readonly<Record<string, () => Promise<Wrong>>> = {
  "of the checkout": checkoutForm,
  "that reserves": productForm,
  "of the sign-in": async () => ({
    ...{ path: "/sign-in", page: "/sign-in?next=%2F%3Fq%3Dwool", keeps: "ada@example.com" },
    fields: { email: "ada@example.com", password: SECRET, next: "/?q=wool" },
    says: "The email address or the password is wrong.",
  }),
  "of the registration": async () => ({
    ...{ path: "/register", page: "/register", keeps: "Ada" },
    fields: { name: "Ada", email: "ada@", password: SECRET },
    says: "One thing is missing or wrong.",
  }),
  "of a taken address": async () => ({
    ...{ path: "/register", page: "/register", keeps: "Ada" },
    fields: { name: "Ada", email: (await registerPerson()).email, password: SECRET },
    says: "has an account already",
  }),
  "of a forgotten password": async () => ({
    ...{ path: "/forgot-password", page: "/forgot-password", keeps: "ada@" },
    fields: { email: "ada@" },
    says: "One thing is missing or wrong.",
  }),
  "of a new password": () => resetForm("short"),
  "of a link that is spent": async () => ({
    ...{ path: "/reset-password", page: "/reset-password?token=etk_x.y" },
    fields: { token: "etk_x.y", password: SECRET },
    says: "This link does not work",
  }),
  "of a link that is none": async () => ({
    ...{ path: "/verify-email", page: "/verify-email?token=etk_x.y", headers: await signedIn() },
    fields: { token: "etk_x.y" },
    says: "This link does not work",
  }),
  "of a name": async () => ({
    ...{ path: "/account/name", page: "/account", headers: await signedIn() },
    fields: { name: "" },
    says: "Enter your name.",
  }),
  "of a changed password": async () => ({
    ...{ path: "/account/password", page: "/account", headers: await signedIn() },
    fields: { currentPassword: SECRET, password: `${SECRET} 2` },
    says: "This is not the password that you have now.",
  }),
};

describe("A form that cannot be followed", () => {
  it.each(Object.keys(FORMS))(
    "is answered with the way back to its page, which says it once and has what was typed: %s",
    async (name) => {
      const form = await FORMS[name]?.();
      if (form === undefined) throw new Error(name);
      const { path, fields, page, says, keeps, headers = {} } = form;
      const sent = await sendForm(path, fields, headers);
      expect([sent.status, sent.headers.get("Location")]).toEqual([303, page]);
      const cookie = cookiesAfter(sent, headers["Cookie"]);
      const shown = await call("GET", page, { headers: { Cookie: cookie } });
      expect([shown.status, shown.text]).toEqual([200, expect.stringContaining(says)]);
      if (keeps !== undefined) expect(shown.text).toContain(`value="${keeps}"`);
      expect(shown.text).not.toContain(SECRET);
      expect(shown.headers.get("Cache-Control")).toBe("private, no-store");
      const again = await call("GET", page, { headers: { Cookie: cookiesAfter(shown, cookie) } });
      expect(again.text).not.toContain(says);
    },
  );

  it("keeps no password and no key of what was sent, also not sealed, and little of what is long", async () => {
    const { config } = servicesOf(env);
    const long = { name: "ö".repeat(5000), city: "x".repeat(100_000), [SECRET]: SECRET };
    const form = await checkoutForm({ ...long, password: SECRET, key: SECRET, email: "ada@" });
    const sent = await sendForm(form.path, form.fields);
    const cookie = sent.headers.getSetCookie().find((one) => one.startsWith("__Host-sent-back="));
    expect(cookie?.length).toBeLessThan(COOKIE_BYTES);
    expect(cookie).toMatch(/; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const value = decodeURIComponent(/=([^;]+)/.exec(cookie ?? "")?.[1] ?? "");
    const kept = (await unseal(config, value)) ?? "";
    expect(kept).toContain("ada@");
    for (const one of [SECRET, "password", "key", "öö", "xxxxx"]) expect(kept).not.toContain(one);
    expect(kept).not.toContain("Ada Lovelace");
  });

  it("of full fields fits into what a browser keeps of a cookie", async () => {
    const full = Object.fromEntries(
      ["name", "line1", "line2", "postalCode", "city", "region"].map((name) => [
        name,
        "漢".repeat({ postalCode: 20, city: 100, region: 100 }[name] ?? 200),
      ]),
    );
    const form = await checkoutForm(full);
    const sent = await sendForm(form.path, form.fields);
    for (const cookie of sent.headers.getSetCookie())
      expect(cookie.length).toBeLessThan(COOKIE_BYTES);
    const shown = await sendWrongForm(form.path, form.fields);
    expect(shown.text).toContain('value="ada@"');
  });
});

describe("What was typed into a form that was sent back", () => {
  const read = (page: string, cookie: string) =>
    call("GET", page, { headers: { Cookie: cookie } }).then(({ text }) => text);

  it("is shown for a minute", async () => {
    const form = await checkoutForm();
    const cookie = cookiesAfter(await sendForm(form.path, form.fields));
    await travel(MINUTE_MS - 1);
    expect(await read(form.page, cookie)).toContain(form.says);
    await travel(1);
    expect(await read(form.page, cookie)).not.toContain(form.says);
  });

  it("is shown on its own page only, where it waits until that is opened", async () => {
    const [form, other] = [await checkoutForm(), await checkoutForm()];
    const sent = await sendForm(form.path, form.fields);
    const cookie = cookiesAfter(sent);
    for (const page of [other.page, "/register", "/sign-in"]) {
      const elsewhere = await call("GET", page, { headers: { Cookie: cookie } });
      expect(elsewhere.text).not.toContain("ada@");
      expect(elsewhere.headers.getSetCookie().join()).not.toContain("sent-back");
    }
    expect(await read(form.page, cookie)).toContain(form.says);
  });

  it("is not shown to whoever signs in at the same browser after it", async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    const form = { name: "\u202eOne" };
    const sent = await sendForm("/account/name", form, one);
    const [kept] = sent.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    expect(await read("/account", `${other.Cookie}; ${kept}`)).not.toContain("Please check");
    expect(await read("/account", `${one.Cookie}; ${kept}`)).toContain("Please check");
  });

  it("is nothing where the shop has not sealed it, or it is of another shape", async () => {
    const { config } = servicesOf(env);
    const form = await checkoutForm();
    const until = Date.now() + MINUTE_MS;
    const said = { fields: [], errors: {}, failure: "Send your money elsewhere." };
    const written = { page: form.page, address: form.path, userId: null, until, ...said };
    const unsealed = encodeURIComponent(JSON.stringify({ ...written, code: "CONFLICT" }));
    const sealed = [await seal(config, "{}"), await seal(config, "nothing"), "a.b", "%00", "."];
    for (const value of [...sealed, unsealed, "x".repeat(5000)]) {
      const headers = { Cookie: `__Host-sent-back=${value}` };
      const { status, text } = await call("GET", form.page, { headers });
      expect([value.slice(0, 20), status, text.includes("Please check")]).toEqual([
        value.slice(0, 20),
        200,
        false,
      ]);
    }
  });

  it("says nothing of fields once the hold is ordered from another tab", async () => {
    const form = await checkoutForm();
    const cookie = cookiesAfter(await sendForm(form.path, form.fields));
    const address = { line1: "1 Way", city: "York", postalCode: "YO1", country: "GB" };
    const headers = { Cookie: cookie };
    await sendForm(form.path, { ...form.fields, email: "ada@example.com", ...address }, headers);
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "pending_payment" }]);
    const text = await read(form.page, cookie);
    expect(text).toContain("One step left: your payment");
    expect(text).not.toContain(form.says);
  });
});

it("A sign-in form of a stale page says what was wrong also to who is signed in by now", async () => {
  const headers = await signedIn();
  const fields = { email: "ada@example.com", password: PASSWORD };
  const shown = await sendWrongForm("/sign-in", fields, { headers });
  expect(shown.text).toContain("The email address or the password is wrong.");
});
