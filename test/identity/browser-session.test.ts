import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Answer, call } from "../support/http.ts";
import { as, asAdmin, PASSWORD, personWithRole, registerPerson } from "../support/people.ts";
import { toPaymentPage } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

useWorld();

/** Signs somebody in at a browser; answers the cookie it would send. */
async function signIn(email: string): Promise<string> {
  const answer = await call("POST", "/sign-in", {
    body: new URLSearchParams({ email, password: PASSWORD }).toString(),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  expect(answer.status).toBe(303);
  return answer.headers.get("Set-Cookie")?.split(";")[0] ?? "";
}

const account = (cookie: string): Promise<Answer> =>
  call("GET", "/account", { headers: { Cookie: cookie } });

const tripsOf = (answer: Answer) =>
  Number(/desc="(\d+)"/.exec(answer.headers.get("Server-Timing") ?? "")?.[1]);

describe("A browser's session", () => {
  it("is read in one round trip, and another notes its use once a minute", async () => {
    const cookie = await signIn((await registerPerson()).email);
    expect(tripsOf(await account(cookie))).toBe(1);
    await travel(MINUTE_MS);
    expect(tripsOf(await account(cookie))).toBe(2);
    expect(tripsOf(await account(cookie))).toBe(1);
    const [session] = await rows<{ last_used_at: number }>(
      "SELECT last_used_at FROM sessions WHERE kind = 'browser'",
    );
    expect(session?.last_used_at).toBe(Date.now());
  });

  it("costs nothing where no cookie, or no secret of ours, is sent", async () => {
    expect(tripsOf(await account(""))).toBe(0);
    expect(tripsOf(await account("__Host-session=rt_abc"))).toBe(0);
  });

  it("is kept by its hash alone", async () => {
    const cookie = await signIn((await registerPerson()).email);
    const secret = cookie.split("=")[1] ?? "";
    expect(secret).toMatch(/^bs_/);
    const stored = await rows("SELECT * FROM session_secrets");
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it("is over after 30 days", async () => {
    const cookie = await signIn((await registerPerson()).email);
    await travel(30 * DAY_MS - SECOND_MS);
    expect((await account(cookie)).status).toBe(200);
    await travel(SECOND_MS);
    expect((await account(cookie)).status).toBe(303);
  });

  it("is over when its user is disabled", async () => {
    const person = await registerPerson();
    const cookie = await signIn(person.email);
    const path = `/api/v1/users/${person.id}`;
    expect((await asAdmin("PATCH", path, { body: { disabled: true } })).status).toBe(200);
    expect((await account(cookie)).status).toBe(303);
  });

  it("is over when the API ends it, or changes the password", async () => {
    const person = await registerPerson();
    const first = await signIn(person.email);
    const { data } = (await as(person, "GET", "/api/v1/auth/sessions")).body;
    const id = data.find((one: { current: boolean }) => !one.current).id;
    await as(person, "DELETE", `/api/v1/auth/sessions/${id}`);
    expect((await account(first)).status).toBe(303);

    const second = await signIn(person.email);
    await as(person, "PATCH", "/api/v1/me", {
      body: { currentPassword: PASSWORD, password: `${PASSWORD} 2` },
    });
    expect((await account(second)).status).toBe(303);
  });

  it("is not one that was opened for tokens, whatever its secret looks like", async () => {
    const cookie = await signIn((await registerPerson()).email);
    await env.DB.prepare("UPDATE sessions SET kind = 'token' WHERE kind = 'browser'").run();
    expect((await account(cookie)).status).toBe(303);
  });
});

describe("The orders on an account's page", () => {
  it("are its own, also for staff, who may read everybody's", async () => {
    const { orderId } = await toPaymentPage();
    const headers = { Cookie: await signIn((await personWithRole("agent")).email) };
    const page = await call("GET", "/account/orders", { headers });
    expect(page.text).toContain("There is nothing here yet.");
    expect((await call("GET", `/orders/${orderId}`, { headers })).status).toBe(200);
  });
});
