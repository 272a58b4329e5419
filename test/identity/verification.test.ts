import { describe, expect, it } from "vitest";
import { makeKey, makeSession } from "../support/credentials.ts";
import { customerOf, findCustomers } from "../support/customers.ts";
import { expectError } from "../support/expect-error.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
import { type Answer, call } from "../support/http.ts";
import { mailedToken, mailTo } from "../support/mailbox.ts";
import { as, PASSWORD, type Person, registerPerson, verifyAs } from "../support/people.ts";
import { checkOut, makeSku } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const VICTIM = "victim@example.com";
const SCAM = "Call +1 900 555 0100: your card was charged twice";
const NEW_PASSWORD = "purple lamp under seven seas";
const FOREIGN = {
  code: "FORBIDDEN",
  message:
    "This link is for another user. Sign in as the one who registered the address, then open it again.",
} as const;

const isVerified = async ({ email }: Pick<Person, "email">) =>
  (
    await rows<{ at: number | null }>(
      "SELECT email_verified_at AS at FROM users WHERE email = ?",
      email,
    )
  )[0]?.at !== null;
const ordersOf = async (who: Pick<Person, "accessToken">) =>
  (await as(who, "GET", "/api/v1/orders")).body.data.map(({ id }: { id: string }) => id);

async function paidByGuest(email: string): Promise<string> {
  const items = [{ sku: await makeSku(5), quantity: 1 }];
  const { orderId, paymentUrl } = (await checkOut({ items, email })).body.data;
  await stripe.pay(paymentUrl);
  await deliverAll();
  await settle();
  return orderId;
}

/** Somebody registers another's address, under a name that is a message to them. */
async function impostor(): Promise<Person> {
  const answer = await call("POST", "/api/v1/auth/register", {
    body: { email: VICTIM, password: PASSWORD, name: SCAM, accountName: SCAM },
  });
  const { user, ...tokens } = answer.body.data;
  return { id: user.id, accountId: user.account.id, email: VICTIM, ...tokens };
}

async function takeOver(): Promise<Answer> {
  await call("POST", "/api/v1/auth/password/forgot", { body: { email: VICTIM } });
  const token = await mailedToken(VICTIM, "/reset-password");
  const body = { token, password: NEW_PASSWORD };
  const reset = await call("POST", "/api/v1/auth/password/reset", { body });
  await settle();
  return reset;
}

const signIn = (email: string, password: string, userAgent = "Firefox") =>
  call("POST", "/api/v1/auth/login", {
    body: { email, password },
    headers: { "User-Agent": userAgent },
  });

const SAME_SITE = {
  "Content-Type": "application/x-www-form-urlencoded",
  "Sec-Fetch-Site": "same-origin",
};

async function browserOf(person: Person): Promise<{ Cookie: string }> {
  const session = await makeSession(person.id, "browser");
  return { Cookie: `__Host-session=${session.refreshToken}` };
}

/** The page's form, from a browser where this user is signed in, or nobody is. */
async function confirmOnPage(token: string, person?: Person): Promise<Answer> {
  const headers = person === undefined ? {} : await browserOf(person);
  return sendForm("/verify-email", { token }, headers);
}

describe("An address that a stranger has registered", () => {
  it("is not verified by whoever reads its mail and is not signed in as the stranger: nothing of theirs goes to the stranger", async () => {
    const orderId = await paidByGuest(VICTIM);
    const stranger = await impostor();
    const token = await mailedToken(VICTIM, "/verify-email");
    const victim = await registerPerson("other-address@example.com");

    expect((await call("POST", "/api/v1/auth/email/verify", { body: { token } })).status).toBe(401);
    expectError(await verifyAs(victim, token), 403, FOREIGN);
    const key = { accessToken: (await makeKey(["identity:write"])).secret };
    expect((await verifyAs(key, token)).status).toBe(403);
    const onPage = await confirmOnPage(token);
    expect([onPage.status, onPage.headers.get("Location")]).toEqual([
      303,
      `/sign-in?${new URLSearchParams({ next: `/verify-email?${new URLSearchParams({ token })}` })}`,
    ]);
    const headers = await browserOf(victim);
    const elsewhere = await sendWrongForm("/verify-email", { token }, { headers });
    expect(elsewhere.text).toContain("This link is for another account");
    await settle();

    expect(await isVerified(stranger)).toBe(false);
    expect(await isVerified(victim)).toBe(false);
    expect(await ordersOf(stranger)).toEqual([]);
    expect(await ordersOf(victim)).toEqual([]);
    expect((await as(stranger, "GET", `/api/v1/orders/${orderId}`)).status).toBe(404);
    // What was refused has not used the link up.
    expect((await verifyAs(stranger, token)).status).toBe(204);
  });

  it("is its owner's again by a new password, with what was paid for with it, and the stranger is out", async () => {
    const stranger = await impostor();
    const orderId = await paidByGuest(VICTIM);
    expect((await takeOver()).status).toBe(204);
    const owner = (await signIn(VICTIM, NEW_PASSWORD)).body.data;
    expect(owner.user).toMatchObject({ id: stranger.id, emailVerified: true });
    expect(await ordersOf(owner)).toEqual([orderId]);

    expect((await as(stranger, "GET", "/api/v1/orders")).status).toBe(401);
    const body = { refreshToken: stranger.refreshToken };
    expect((await call("POST", "/api/v1/auth/refresh", { body })).status).toBe(401);
    expect((await signIn(VICTIM, PASSWORD)).status).toBe(401);
    expect(await ordersOf(owner)).toEqual([orderId]);
  });

  it("gets no mail with a word of the stranger's, before and after it is its owner's", async () => {
    await impostor();
    await signIn(VICTIM, PASSWORD, `${SCAM} Firefox/140.0`);
    await signIn(VICTIM, PASSWORD, SCAM);
    const { refreshToken } = (await signIn(VICTIM, PASSWORD)).body.data;
    expect(refreshToken).toBeDefined();
    await takeOver();
    const { user } = (await signIn(VICTIM, NEW_PASSWORD, "Safari/600")).body.data;
    expect([user.name, user.account.name]).toEqual(["victim", "victim"]);
    expect(await customerOf(VICTIM)).toMatchObject({ name: "victim", account: { name: "victim" } });
    expect((await findCustomers("vict")).length).toBe(1);
    const mails = await mailTo(VICTIM);
    expect(mails.map(({ subject }) => subject)).toEqual([
      "Please confirm your email address",
      ...Array(3).fill("New sign-in to your account"),
      "Choose a new password",
      "New sign-in to your account",
    ]);
    for (const { subject, text, html } of mails)
      expect(`${subject}${text}${html}`).not.toMatch(/900 555|charged/);
    expect(mails.at(-1)?.text).toContain("Hello victim,");
    expect(mails[0]?.text).toContain("Hello,");
  });

  it("calls its owner by the name that they have given once it is proved, which a new password leaves alone", async () => {
    const ada = await registerPerson();
    await verifyAs(ada, await mailedToken(ada.email, "/verify-email"));
    await call("POST", "/api/v1/auth/password/forgot", { body: { email: ada.email } });
    const token = await mailedToken(ada.email, "/reset-password");
    await call("POST", "/api/v1/auth/password/reset", { body: { token, password: NEW_PASSWORD } });
    const { user } = (await signIn(ada.email, NEW_PASSWORD)).body.data;
    expect(user.name).toBe("Ada Lovelace");
    expect((await mailTo(ada.email)).at(-1)?.text).toContain("Hello Ada Lovelace,");
  });
});

describe("The page of a link that verifies an address", () => {
  const open = (token: string, cookie: Record<string, string> = {}) =>
    call("GET", `/verify-email?${new URLSearchParams({ token })}`, { headers: cookie });

  it("asks whoever is not signed in to do so, leads back, and goes on", async () => {
    const person = await registerPerson();
    const token = await mailedToken(person.email, "/verify-email");
    const { text, status } = await open(token);
    expect(status).toBe(200);
    const next = `/verify-email?${new URLSearchParams({ token })}`;
    const signInLink = `/sign-in?${new URLSearchParams({ next })}`;
    expect(text).toContain(`href="${signInLink.replaceAll("&", "&amp;")}"`);
    expect(text).not.toContain("Yes, verify it");
    const unasked = await call("POST", "/verify-email", {
      body: new URLSearchParams({ token }).toString(),
      headers: SAME_SITE,
    });
    expect([unasked.status, unasked.headers.get("Location")]).toEqual([303, signInLink]);

    const entered = await call("POST", "/sign-in", {
      body: new URLSearchParams({ email: person.email, password: PASSWORD, next }).toString(),
      headers: SAME_SITE,
    });
    expect([entered.status, entered.headers.get("Location")]).toEqual([303, next]);
    const [cookie = ""] = (entered.headers.get("Set-Cookie") ?? "").split(";");
    expect((await open(token, { Cookie: cookie })).text).toContain("Yes, verify it");
    const confirmed = await confirmOnPage(token, person);
    expect([confirmed.status, confirmed.headers.get("Location")]).toEqual([
      303,
      "/account?done=verified",
    ]);
    expect(await isVerified(person)).toBe(true);
  });
});
