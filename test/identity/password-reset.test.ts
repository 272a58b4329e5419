import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeSession } from "../support/credentials.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { mailedToken, mailTo } from "../support/mailbox.ts";
import { as, PASSWORD, registerPerson } from "../support/people.ts";
import { recordingDatabase, shopOver } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const NEW_PASSWORD = "purple lamp under seven seas";
const BAD_LINK = invalid({ token: "This link has been used or is too old. Ask for a new one." });

const forgot = (email: string) => call("POST", "/api/v1/auth/password/forgot", { body: { email } });
const reset = (token: string, password = NEW_PASSWORD) =>
  call("POST", "/api/v1/auth/password/reset", { body: { token, password } });
const logIn = (email: string, password: string) =>
  call("POST", "/api/v1/auth/login", { body: { email, password } });

async function asked(email: string): Promise<string> {
  expect((await forgot(email)).status).toBe(202);
  return mailedToken(email, "/reset-password");
}

describe("A forgotten password", () => {
  it("is answered alike for everybody, after the same work, and mailed to whom there is", async () => {
    const known = await registerPerson();
    const disabled = await registerPerson();
    await env.DB.prepare("UPDATE users SET disabled_at = 1 WHERE id = ?").bind(disabled.id).run();
    const work: string[][] = [];
    for (const email of [
      known.email,
      known.email.toUpperCase(),
      "nobody@example.com",
      disabled.email,
    ]) {
      const { database, statements } = recordingDatabase();
      const body = { email };
      const answer = await shopOver(database).call("POST", "/api/v1/auth/password/forgot", {
        body,
      });
      expect(answer.status).toBe(202);
      expect(answer.text).toBe("");
      work.push(statements.map(({ sql }) => sql));
    }
    for (const statements of work) expect(statements).toEqual(work[0]);
    expect(await mailTo(known.email)).toHaveLength(3); // the registration's, and two of these
    expect(await mailTo("nobody@example.com")).toEqual([]);
    expect(await mailTo(disabled.email)).toHaveLength(1);
    expect(await rows("SELECT id FROM outbox WHERE status <> 'done'")).toEqual([]);
  });

  it("is mailed as a link to the shop", async () => {
    const person = await registerPerson();
    await asked(person.email);
    const inbox = await mailTo(person.email);
    const mail = inbox.find(({ subject }) => subject === "Choose a new password");
    expect(mail?.link.href).toMatch(/^https:\/\/shop\.test\/reset-password\?token=[\w.%-]+$/);
    expect(mail?.html).toContain(mail?.link.href);
    expect(inbox).toHaveLength(2);
  });
});

describe("A link to a new password", () => {
  it("sets none that is the address itself, and is good for another one", async () => {
    const person = await registerPerson();
    const token = await asked(person.email);
    const own = invalid({ password: "Must not be your email address." });
    expectError(await reset(token, person.email.toUpperCase()), 422, own);
    expect((await reset(token)).status).toBe(204);
  });

  it("sets it once, and ends every session with its access tokens", async () => {
    const person = await registerPerson();
    const other = await makeSession(person.id);
    const token = await asked(person.email);
    expect((await reset(token)).status).toBe(204);
    expectError(await reset(token, "another fine passphrase"), 422, BAD_LINK);
    expect((await logIn(person.email, NEW_PASSWORD)).status).toBe(200);
    expect((await logIn(person.email, PASSWORD)).status).toBe(401);
    for (const { accessToken, refreshToken } of [person, other]) {
      expect((await as({ accessToken }, "GET", "/api/v1/me")).status).toBe(401);
      const body = { refreshToken };
      expect((await call("POST", "/api/v1/auth/refresh", { body })).status).toBe(401);
    }
  });

  it("ends an access token at once that was in use until then", async () => {
    const person = await registerPerson();
    const token = await asked(person.email);
    expect((await as(person, "GET", "/api/v1/me")).status).toBe(200);
    expect((await reset(token)).status).toBe(204);
    expect((await as(person, "GET", "/api/v1/me")).status).toBe(401);
  });

  it("used ten times at once is good once", async () => {
    const person = await registerPerson();
    const token = await asked(person.email);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => reset(token, `${NEW_PASSWORD} ${i}`)),
    );
    const good = answers.findIndex(({ status }) => status === 204);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(9);
    expect((await logIn(person.email, `${NEW_PASSWORD} ${good}`)).status).toBe(200);
  });

  it("is good for thirty minutes", async () => {
    const [one, two] = [await registerPerson(), await registerPerson()];
    const [first, second] = [await asked(one.email), await asked(two.email)];
    await travel(30 * MINUTE_MS - 1);
    expect((await reset(first)).status).toBe(204);
    await travel(1);
    expectError(await reset(second), 422, BAD_LINK);
  });

  it("makes every other such link useless, as a changed password does", async () => {
    const person = await registerPerson();
    const [first, second] = [await asked(person.email), await asked(person.email)];
    expect((await reset(second)).status).toBe(204);
    expectError(await reset(first), 422, BAD_LINK);
    const third = await asked(person.email);
    expect(new Set([first, second, third]).size).toBe(3);
    const { accessToken } = (await logIn(person.email, NEW_PASSWORD)).body.data;
    const body = { password: "a third fine passphrase", currentPassword: NEW_PASSWORD };
    expect((await as({ accessToken }, "PATCH", "/api/v1/me", { body })).status).toBe(200);
    expectError(await reset(third), 422, BAD_LINK);
    expect((await logIn(person.email, "a third fine passphrase")).status).toBe(200);
  });

  it("that nobody used keeps nobody from another password once its time is over", async () => {
    const person = await registerPerson();
    await asked(person.email);
    await travel(30 * MINUTE_MS);
    expect((await reset(await asked(person.email))).status).toBe(204);
    await asked(person.email);
    await travel(30 * MINUTE_MS);
    const { accessToken } = (await logIn(person.email, NEW_PASSWORD)).body.data;
    const body = { password: "a third fine passphrase", currentPassword: NEW_PASSWORD };
    expect((await as({ accessToken }, "PATCH", "/api/v1/me", { body })).status).toBe(200);
  });

  it("leaves the links of other people alone", async () => {
    const [one, two] = [await registerPerson(), await registerPerson()];
    const [first, second] = [await asked(one.email), await asked(two.email)];
    expect((await reset(first)).status).toBe(204);
    expect((await as(two, "GET", "/api/v1/me")).status).toBe(200);
    expect((await reset(second)).status).toBe(204);
  });

  it("is not used up by a password that is refused", async () => {
    const person = await registerPerson();
    const token = await asked(person.email);
    expect((await reset(token, "short")).status).toBe(422);
    expect((await reset(token, "password1234")).status).toBe(422);
    expect((await reset(token)).status).toBe(204);
  });

  it("that was forged is refused without asking the database", async () => {
    const person = await registerPerson();
    const token = await asked(person.email);
    const [id = "", signature = ""] = token.split(".");
    const { database, statements } = recordingDatabase();
    const shop = shopOver(database);
    for (const forged of [
      id,
      `${id}.${signature.slice(1)}`,
      `${id}.${"A".repeat(43)}`,
      `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}.${signature}`,
      "' OR 1=1 --",
      "\0",
      "\ud800",
    ]) {
      const body = { token: forged, password: NEW_PASSWORD };
      expectError(await shop.call("POST", "/api/v1/auth/password/reset", { body }), 422, BAD_LINK);
    }
    expect(statements).toEqual([]);
    expect((await logIn(person.email, PASSWORD)).status).toBe(200);
  });

  it("proves the address too, and is written down with its user", async () => {
    const person = await registerPerson();
    expect((await reset(await asked(person.email))).status).toBe(204);
    expect(await rows("SELECT email_verified_at IS NOT NULL AS verified FROM users")).toEqual([
      { verified: 1 },
    ]);
    expect(await rows("SELECT actor, action, target FROM audit_log")).toEqual([
      { actor: "guest", action: "password.reset", target: person.id },
    ]);
  });

  it("is not sent to a disabled user", async () => {
    const { email } = await registerPerson();
    await env.DB.prepare("UPDATE users SET disabled_at = 1").run();
    await call("POST", "/api/v1/auth/password/forgot", { body: { email } });
    expect(await rows("SELECT id FROM email_tokens WHERE purpose = 'reset'")).toEqual([]);
  });

  it("gives a disabled user nothing", async () => {
    const person = await registerPerson();
    const token = await asked(person.email);
    await env.DB.prepare("UPDATE users SET disabled_at = 1").run();
    await reset(token);
    expect((await logIn(person.email, NEW_PASSWORD)).status).toBe(401);
  });
});
