import { describe, expect, it } from "vitest";
import { isId } from "../../src/platform/ids.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { mailedToken, mailTo } from "../support/mailbox.ts";
import { as, PASSWORD, registerPerson, verifyAs } from "../support/people.ts";
import { recordingDatabase, shopOver } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 3_600_000;
const BAD_LINK = invalid({ token: "This link has been used or is too old. Ask for a new one." });

const register = (body: object) =>
  call("POST", "/api/v1/auth/register", {
    body: { password: PASSWORD, name: "Ada Lovelace", ...body },
  });
const isVerified = async () =>
  (await rows<{ at: number | null }>("SELECT email_verified_at AS at FROM users"))[0]?.at !== null;

describe("A registration", () => {
  it("makes an account with its first user, a customer, signed in", async () => {
    const answer = await register({ email: "Ada@Example.COM", accountName: "Analytical Engines" });
    expect(answer.status).toBe(201);
    const { user, accessToken, expiresIn } = answer.body.data;
    expect(user).toMatchObject({
      email: "ada@example.com",
      name: "Ada Lovelace",
      role: "customer",
      emailVerified: false,
      account: { name: "Analytical Engines" },
    });
    expect(expiresIn).toBe(900);
    const me = await as({ accessToken }, "GET", answer.headers.get("Location") ?? "");
    expect(me.body.data).toEqual(user);
  });

  it("puts nothing into the access token but ids and times", async () => {
    const { accessToken } = await registerPerson("ada@example.com");
    const [header = "", payload = ""] = accessToken.split(".");
    expect(Object.keys(JSON.parse(atob(header))).sort()).toEqual(["alg", "kid", "typ"]);
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    expect(Object.keys(claims).sort()).toEqual([
      "acc",
      "aud",
      "exp",
      "iat",
      "iss",
      "jti",
      "nbf",
      "role",
      "sid",
      "sub",
    ]);
    expect(claims.exp - claims.iat).toBe(900);
    const { acc, sub, sid, jti, ...rest } = claims;
    expect([isId("acc", acc), isId("usr", sub), isId("ses", sid)]).toEqual([true, true, true]);
    expect(jti).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(JSON.stringify(rest)).not.toMatch(/ada|example|password/i);
  });

  it("with a taken address is refused, in whatever case it is written", async () => {
    await registerPerson("ada@example.com");
    for (const email of ["ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.com"]) {
      expectError(await register({ email }), 409, {
        code: "EMAIL_TAKEN",
        message:
          "There is already an account with this email address. Sign in instead, or have a link to a new password mailed to you.",
        fields: { email: "Is taken." },
      });
    }
    expect(await rows("SELECT email FROM users")).toHaveLength(1);
    expect(await rows("SELECT id FROM accounts")).toHaveLength(1);
  });

  it("sent ten times at once makes one user, one account, one session and one mail", async () => {
    const emails = Array.from({ length: 10 }, (_, i) =>
      i % 2 === 0 ? "ten@example.com" : "TEN@example.com",
    );
    const answers = await Promise.all(emails.map((email) => register({ email })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    for (const table of ["users", "accounts", "sessions", "email_tokens", "customers"])
      expect(await rows(`SELECT 1 FROM ${table}`), table).toHaveLength(1);
    expect(await rows("SELECT topic FROM outbox ORDER BY topic")).toEqual([
      { topic: "mail.verify_email" },
      { topic: "search.user" },
    ]);
    expect(await mailTo("ten@example.com")).toHaveLength(1);
  });

  it("cannot choose a role, an account or a state", async () => {
    for (const extra of [
      { role: "admin" },
      { accountId: "acc_1" },
      { emailVerified: true },
      { id: "usr_1" },
    ])
      expect((await register({ email: "ada@example.com", ...extra })).status).toBe(422);
    expect(await rows("SELECT id FROM users")).toEqual([]);
  });

  it("with strange texts is refused or works, and never breaks the shop", async () => {
    const names = [
      "\0",
      "Ada\0Lovelace",
      "\ud800",
      "Ada \udc00",
      "<script>",
      "x".repeat(201),
      " ",
      "名前",
      "a\u202eb",
    ];
    for (const [i, name] of names.entries()) {
      const { status } = await register({ email: `strange-${i}@example.com`, name });
      expect([201, 422], JSON.stringify(name)).toContain(status);
    }
    const emails = [
      "",
      "ada",
      "@",
      "ada@",
      "ada@localhost",
      "a b@example.com",
      "ada@example.com\0",
      "ada@exa\nmple.com",
      "ädä@example.com",
      `${"a".repeat(400)}@example.com`,
      "\ud800@example.com",
      "ada@example.com,eve@evil.test",
      "ada@example.com\r\nBcc: eve@evil.test",
    ];
    for (const email of emails)
      expect((await register({ email })).status, JSON.stringify(email)).toBe(422);
  });
});

describe("The link of a registration", () => {
  it("comes by mail once, leads to the shop, and proves the address", async () => {
    const person = await registerPerson();
    const inbox = await mailTo(person.email);
    expect(inbox).toHaveLength(1);
    expect(inbox[0]?.subject).toBe("Please confirm your email address");
    expect(inbox[0]?.link.href).toMatch(/^https:\/\/shop\.test\/verify-email\?token=[\w.%-]+$/);
    expect(await isVerified()).toBe(false);
    const answer = await verifyAs(person, await mailedToken(person.email, "/verify-email"));
    expect(answer.status).toBe(204);
    expect(answer.text).toBe("");
    expect((await as(person, "GET", "/api/v1/me")).body.data.emailVerified).toBe(true);
  });

  it("is good once, for a day", async () => {
    const person = await registerPerson();
    const token = await mailedToken(person.email, "/verify-email");
    expect((await verifyAs(person, token)).status).toBe(204);
    expectError(await verifyAs(person, token), 422, BAD_LINK);
    const late = await registerPerson();
    const lateToken = await mailedToken(late.email, "/verify-email");
    await travel(24 * HOUR_MS);
    const { body } = await call("POST", "/api/v1/auth/login", {
      body: { email: late.email, password: PASSWORD },
    });
    expectError(await verifyAs(body.data, lateToken), 422, BAD_LINK);
  });

  it("used ten times at once is good once", async () => {
    const person = await registerPerson();
    const token = await mailedToken(person.email, "/verify-email");
    const answers = await Promise.all(Array.from({ length: 10 }, () => verifyAs(person, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(9).fill(422)]);
  });

  it("that was forged is refused without asking the database", async () => {
    const person = await registerPerson();
    const token = await mailedToken(person.email, "/verify-email");
    const [id = "", signature = ""] = token.split(".");
    const { database, statements } = recordingDatabase();
    const shop = shopOver(database);
    const headers = { Authorization: `Bearer ${person.accessToken}` };
    await shop.call("GET", "/api/v1/me", { headers }); // the isolate's first read of what has ended
    statements.length = 0;
    const flipped = signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    for (const forged of [
      id,
      `${id}.`,
      `.${signature}`,
      `${id}.${flipped}`,
      `${id}x.${signature}`,
      `${id}.${signature}x`,
      "x",
      "..",
      `${token}.${token}`,
      "\0",
      "\ud800.x",
      `etk_1.${signature}`,
    ])
      expectError(
        await shop.call("POST", "/api/v1/auth/email/verify", { body: { token: forged }, headers }),
        422,
        BAD_LINK,
      );
    expect(statements).toEqual([]);
    expect(await isVerified()).toBe(false);
  });

  it("can be asked for again, until the address is proved", async () => {
    const person = await registerPerson();
    expect((await as(person, "POST", "/api/v1/auth/email/resend")).status).toBe(202);
    expect(await mailTo(person.email)).toHaveLength(2);
    expect((await verifyAs(person, await mailedToken(person.email, "/verify-email"))).status).toBe(
      204,
    );
    expect((await as(person, "POST", "/api/v1/auth/email/resend")).status).toBe(202);
    expect(await mailTo(person.email)).toHaveLength(2);
  });
});
