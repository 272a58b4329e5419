import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import { type Answer, call } from "../support/http.ts";
import { from, limitedShop, newAddress, repeat } from "../support/limits.ts";
import { mailedToken, mailTo } from "../support/mailbox.ts";
import { as, asAdmin, PASSWORD, registerPerson } from "../support/people.ts";
import { logOf } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const WRONG = "wrong horse battery staple";
const NEW_PASSWORD = "purple lamp under seven seas";

/** One call to `/auth` with a key, from the same address as the others unless said. */
function keyed(path: string, body: object, { key = "k", address = "203.0.113.7" } = {}) {
  const headers = from(address, { "Idempotency-Key": key });
  return call("POST", `/api/v1/auth${path}`, { body, headers });
}

const replayed = ({ headers }: Answer) => headers.get("Idempotency-Replayed");
const tripsOf = ({ headers }: Answer) =>
  /desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1];

function expectReplay(again: Answer, first: Answer): void {
  expect([again.status, again.text, replayed(again)]).toEqual([first.status, first.text, "true"]);
}

async function sessionCount(): Promise<number> {
  return (await rows("SELECT id FROM sessions")).length;
}

describe("A sign-in that is sent again with its key", () => {
  it("gets the same tokens, and opens no second session and no second notice", async () => {
    const { email } = await registerPerson();
    const headers = { "Idempotency-Key": "k", "User-Agent": "A new device" };
    const send = () =>
      call("POST", "/api/v1/auth/login", { headers, body: { email, password: PASSWORD } });
    const first = await send();
    expect([first.status, tripsOf(first)]).toEqual([200, "2"]);
    const open = await sessionCount();
    expectReplay(await send(), first);
    expect(await sessionCount()).toBe(open);
    const notices = await rows("SELECT id FROM outbox WHERE topic = 'mail.new_sign_in'");
    expect(notices).toHaveLength(1);
    expect((await as(first.body.data, "GET", "/api/v1/me")).status).toBe(200);
  });

  it("is one sign-in when five come at once", async () => {
    const { email } = await registerPerson();
    const before = await sessionCount();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => keyed("/login", { email, password: PASSWORD })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await sessionCount()).toBe(before + 1);
  });

  it("gets the same 401, with the header that belongs to it", async () => {
    const { email } = await registerPerson();
    const first = await keyed("/login", { email, password: WRONG });
    expect(first.status).toBe(401);
    const again = await keyed("/login", { email, password: WRONG });
    expectReplay(again, first);
    expect(again.headers.get("WWW-Authenticate")).toBe(first.headers.get("WWW-Authenticate"));
    expect(first.headers.get("WWW-Authenticate")).not.toBeNull();
  });

  it("is refused with any other password, right or wrong, without a word on which", async () => {
    const { email } = await registerPerson();
    await keyed("/login", { email, password: WRONG });
    const guesses = [await keyed("/login", { email, password: PASSWORD })];
    guesses.push(await keyed("/login", { email, password: `${WRONG}!` }));
    const words = guesses.map(({ text, body }) => text.replace(body.error.requestId, ""));
    expect(words[0]).toBe(words[1]);
    expect(guesses[0]?.body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  it("tells another caller nothing: they have to know the password", async () => {
    const { email } = await registerPerson();
    const mine = await keyed("/login", { email, password: PASSWORD });
    const thief = { address: "198.51.100.9" };
    expect((await keyed("/login", { email, password: WRONG }, thief)).status).toBe(401);
    const other = await keyed("/login", { email, password: PASSWORD }, { ...thief, key: "k2" });
    expect(other.status).toBe(200);
    expect(other.body.data.refreshToken).not.toBe(mine.body.data.refreshToken);
  });

  it("is a new sign-in after a day", async () => {
    const { email } = await registerPerson();
    const first = await keyed("/login", { email, password: PASSWORD });
    await travel(DAY_MS);
    const later = await keyed("/login", { email, password: PASSWORD });
    expect([later.status, replayed(later)]).toEqual([200, null]);
    expect(later.body.data.refreshToken).not.toBe(first.body.data.refreshToken);
    await travel(DAY_MS);
    expect((await keyed("/login", { email, password: WRONG })).status).toBe(401);
  });

  it("gets tokens that are as over as their session is", async () => {
    const person = await registerPerson();
    const first = await keyed("/login", { email: person.email, password: PASSWORD });
    const body = { password: NEW_PASSWORD, currentPassword: PASSWORD };
    expect((await as(person, "PATCH", "/api/v1/me", { body })).status).toBe(200);
    const again = await keyed("/login", { email: person.email, password: PASSWORD });
    expectReplay(again, first);
    expect((await as(again.body.data, "GET", "/api/v1/me")).status).toBe(401);
    const { refreshToken } = again.body.data;
    expect((await call("POST", "/api/v1/auth/refresh", { body: { refreshToken } })).status).toBe(
      401,
    );
  });

  it("counts as an attempt each time, and a refusal for being too many is not kept", async () => {
    const shop = limitedShop();
    const { email } = await registerPerson();
    const headers = from(newAddress(), { "Idempotency-Key": "k" });
    const send = (password: string) =>
      shop.call("POST", "/api/v1/auth/login", { headers, body: { email, password } });
    expect(await repeat(12, () => send(WRONG))).toEqual({ 401: 10, 429: 2 });
    const fresh = { ...headers, "Idempotency-Key": "fresh" };
    const late = () =>
      shop.call("POST", "/api/v1/auth/login", {
        headers: fresh,
        body: { email, password: PASSWORD },
      });
    const tooMany = await late();
    expect([tooMany.status, replayed(tooMany)]).toEqual([429, null]);
    await travel(15 * 60 * SECOND_MS);
    const passed = await late();
    expect([passed.status, replayed(passed)]).toEqual([200, null]);
  });
});

describe("A registration that is sent again with its key", () => {
  it("gets the first answer, where it would be EMAIL_TAKEN without", async () => {
    const body = { email: "registered-once@example.com", password: PASSWORD, name: "Ada" };
    await registerPerson(); // the isolate's first read of the signing keys
    const first = await keyed("/register", body);
    expect([first.status, tripsOf(first)]).toEqual([201, "1"]);
    const again = await keyed("/register", body);
    expectReplay(again, first);
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect((await keyed("/register", body, { key: "k2" })).body.error.code).toBe("EMAIL_TAKEN");
    expect(await mailTo(body.email)).toHaveLength(1);
    expect(await sessionCount()).toBe(2);
  });
});

describe("A refresh that is sent again with its key", () => {
  it("is no theft, however late: it gets the same pair, and the session lives", async () => {
    const { refreshToken } = await makeMember();
    const first = await keyed("/refresh", { refreshToken });
    expect([first.status, tripsOf(first)]).toEqual([200, "2"]);
    await travel(3600 * SECOND_MS);
    const { lines } = await logOf(async () => {
      expectReplay(await keyed("/refresh", { refreshToken }), first);
    }, "request");
    expect(lines).toMatchObject([{ level: "info", status: 200 }]);
    const next = await keyed("/refresh", first.body.data, { key: "k2" });
    expect(next.status).toBe(422); // only its refresh token is asked for
    const { refreshToken: second } = first.body.data;
    const third = await keyed("/refresh", { refreshToken: second }, { key: "k3" });
    expect(third.status).toBe(200);
    expect((await as(third.body.data, "GET", "/api/v1/me")).status).toBe(200);
  });

  it("brings one pair when ten come at once", async () => {
    const { refreshToken } = await makeMember();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => keyed("/refresh", { refreshToken })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await rows("SELECT hash FROM session_secrets")).toHaveLength(2);
  });

  it.each([
    ["another key", { key: "another" }],
    ["the same key from another address", { address: "198.51.100.9" }],
  ])("is a theft with %s, and that answer is kept too", async (_, thief) => {
    const { refreshToken, sessionId } = await makeMember();
    const first = await keyed("/refresh", { refreshToken });
    await travel(11 * SECOND_MS);
    const caught = await keyed("/refresh", { refreshToken }, thief);
    expect(caught.status).toBe(401);
    expect(await rows("SELECT id, ended_by FROM sessions")).toEqual([
      { id: sessionId, ended_by: "reuse" },
    ]);
    expect((await as(first.body.data, "GET", "/api/v1/me")).status).toBe(401);
    const { lines } = await logOf(async () => {
      expectReplay(await keyed("/refresh", { refreshToken }, thief), caught);
    }, "request");
    expect(lines).toMatchObject([{ level: "info", status: 401 }]);
    // The first user's replay says what it said then, and its tokens are over.
    expectReplay(await keyed("/refresh", { refreshToken }), first);
    expect((await as(first.body.data, "GET", "/api/v1/me")).status).toBe(401);
  });
});

describe("A mailed link that is used again with its key", () => {
  it("has verified the address, where it would be used up without", async () => {
    const { email } = await registerPerson();
    const token = await mailedToken(email, "/verify-email");
    const first = await keyed("/email/verify", { token });
    expect([first.status, first.text, tripsOf(first)]).toEqual([204, "", "1"]);
    expectReplay(await keyed("/email/verify", { token }), first);
    const used = await keyed("/email/verify", { token }, { key: "k2" });
    expect([used.status, Object.keys(used.body.error.fields)]).toEqual([422, ["token"]]);
  });

  it("has set the password once: a session opened since lives on", async () => {
    const { email } = await registerPerson();
    expect((await keyed("/password/forgot", { email })).status).toBe(202);
    const token = await mailedToken(email, "/reset-password");
    const body = { token, password: NEW_PASSWORD };
    const first = await keyed("/password/reset", body, { key: "r" });
    expect([first.status, tripsOf(first)]).toEqual([204, "2"]);
    const since = await keyed("/login", { email, password: NEW_PASSWORD }, { key: "l" });
    expectReplay(await keyed("/password/reset", body, { key: "r" }), first);
    expect((await as(since.body.data, "GET", "/api/v1/me")).status).toBe(200);
    const lines = await rows("SELECT id FROM audit_log WHERE action = 'password.reset'");
    expect(lines).toHaveLength(1);
  });

  it("that is no longer in the database is refused, and nothing is promised", async () => {
    const { email } = await registerPerson();
    const token = await mailedToken(email, "/verify-email");
    await rows("DELETE FROM email_tokens");
    const promised = await rows("SELECT id FROM outbox");
    expect((await call("POST", "/api/v1/auth/email/verify", { body: { token } })).status).toBe(422);
    expect(await rows("SELECT id FROM outbox")).toEqual(promised);
  });
});

describe("A mail with a link", () => {
  it("is one for one key, for a known address and an unknown one alike", async () => {
    const { email } = await registerPerson();
    for (const to of [email, "nobody@example.com"]) {
      const first = await keyed("/password/forgot", { email: to }, { key: to });
      expect([first.status, tripsOf(first)]).toEqual([202, "1"]);
      expectReplay(await keyed("/password/forgot", { email: to }, { key: to }), first);
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
    await call("POST", "/api/v1/auth/email/verify", { body: { token } });
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
