import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import type { Answer } from "../support/http.ts";
import { authWithKey, expectReplay, replayed } from "../support/keyed.ts";
import { mailedToken, mailTo } from "../support/mailbox.ts";
import { as, asAdmin, registerPerson, verifyAs } from "../support/people.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const NEW_PASSWORD = "purple lamp under seven seas";

const tripsOf = ({ headers }: Answer) =>
  /desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1];

describe("A mailed link that is used again with its key", () => {
  it("has verified the address, where it would be used up without", async () => {
    const person = await registerPerson();
    const token = await mailedToken(person.email, "/verify-email");
    await as(person, "GET", "/api/v1/me"); // the isolate's first read of what has ended
    const verify = (key: string) =>
      as(person, "POST", "/api/v1/auth/email/verify", {
        headers: { "Idempotency-Key": key },
        body: { token },
      });
    const first = await verify("k");
    expect([first.status, first.text, tripsOf(first)]).toEqual([204, "", "1"]);
    expectReplay(await verify("k"), first);
    const used = await verify("k2");
    expect([used.status, Object.keys(used.body.error.fields)]).toEqual([422, ["token"]]);
  });

  it("has set the password once: a session opened since lives on", async () => {
    const { email } = await registerPerson();
    expect((await authWithKey("/password/forgot", { email })).status).toBe(202);
    const token = await mailedToken(email, "/reset-password");
    const body = { token, password: NEW_PASSWORD };
    const first = await authWithKey("/password/reset", body, { key: "r" });
    // Whose address it is, which is no password for them, has to be known first.
    expect([first.status, tripsOf(first)]).toEqual([204, "2"]);
    const since = await authWithKey("/login", { email, password: NEW_PASSWORD }, { key: "l" });
    expectReplay(await authWithKey("/password/reset", body, { key: "r" }), first);
    expect((await as(since.body.data, "GET", "/api/v1/me")).status).toBe(200);
    const lines = await rows("SELECT id FROM audit_log WHERE action = 'password.reset'");
    expect(lines).toHaveLength(1);
  });

  it("that is no longer in the database is refused, and nothing is promised", async () => {
    const person = await registerPerson();
    const token = await mailedToken(person.email, "/verify-email");
    await rows("DELETE FROM email_tokens");
    const promised = await rows("SELECT id FROM outbox");
    expect((await verifyAs(person, token)).status).toBe(422);
    expect(await rows("SELECT id FROM outbox")).toEqual(promised);
  });
});

describe("A mail with a link", () => {
  it("is one for one key, for a known address and an unknown one alike", async () => {
    const { email } = await registerPerson();
    for (const to of [email, "nobody@example.com"]) {
      const first = await authWithKey("/password/forgot", { email: to }, { key: to });
      expect([first.status, tripsOf(first)]).toEqual([202, "1"]);
      expectReplay(await authWithKey("/password/forgot", { email: to }, { key: to }), first);
    }
    const resets = (await mailTo(email)).filter(({ link }) => link.pathname === "/reset-password");
    expect(resets).toHaveLength(1);
  });

  it("to verify an address is one for one key, also when it has been verified meanwhile", async () => {
    const person = await registerPerson();
    const resend = () =>
      as(person, "POST", "/api/v1/auth/email/resend", { headers: { "Idempotency-Key": "k" } });
    await as(person, "GET", "/api/v1/me"); // the isolate's first read of what has ended
    const first = await resend();
    expect([first.status, tripsOf(first)]).toEqual([202, "2"]);
    expectReplay(await resend(), first);
    expect(await mailTo(person.email)).toHaveLength(2);
    const token = await mailedToken(person.email, "/verify-email");
    expect((await verifyAs(person, token)).status).toBe(204);
    expectReplay(await resend(), first);
    expect(await mailTo(person.email)).toHaveLength(2);
  });
});

describe("A sign-out that is sent again with its key", () => {
  const headers = { "Idempotency-Key": "k" };

  it("of another session gets the first answer", async () => {
    const member = await makeMember();
    const { refreshToken } = await makeSession(member.id);
    const send = () =>
      as(member, "POST", "/api/v1/auth/logout", { headers, body: { refreshToken } });
    const first = await send();
    expect(first.status).toBe(204);
    expectReplay(await send(), first);
  });

  it("of the session at hand is from a stranger by then, and 401", async () => {
    const member = await makeMember();
    const { refreshToken } = member;
    const send = () =>
      as(member, "POST", "/api/v1/auth/logout", { headers, body: { refreshToken } });
    expect((await send()).status).toBe(204);
    const again = await send();
    expect([again.status, replayed(again)]).toEqual([401, null]);
  });
});

describe("An API key that is asked for again with its idempotency key", () => {
  it("keeps its refusal", async () => {
    const body = { name: "Late", scopes: ["orders:read"], expiresAt: "2001-01-01T00:00:00.000Z" };
    const send = () =>
      asAdmin("POST", "/api/v1/api-keys", { headers: { "Idempotency-Key": "k" }, body });
    const first = await send();
    expect(first.status).toBe(422);
    expectReplay(await send(), first);
  });
});
