import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import { type Answer, call } from "../support/http.ts";
import { authWithKey, expectReplay, replayed } from "../support/keyed.ts";
import { from, limitedShop, newAddress, repeat } from "../support/limits.ts";
import { mailTo } from "../support/mailbox.ts";
import { as, PASSWORD, registerPerson } from "../support/people.ts";
import { logOf } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const WRONG = "wrong horse battery staple";
const NEW_PASSWORD = "purple lamp under seven seas";

const tripsOf = ({ headers }: Answer) =>
  /desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1];

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
      Array.from({ length: 5 }, () => authWithKey("/login", { email, password: PASSWORD })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await sessionCount()).toBe(before + 1);
  });

  it("gets the same 401, with the header that belongs to it", async () => {
    const { email } = await registerPerson();
    const first = await authWithKey("/login", { email, password: WRONG });
    expect(first.status).toBe(401);
    const again = await authWithKey("/login", { email, password: WRONG });
    expectReplay(again, first);
    expect(again.headers.get("WWW-Authenticate")).toBe(first.headers.get("WWW-Authenticate"));
    expect(first.headers.get("WWW-Authenticate")).not.toBeNull();
  });

  it("is refused with any other password, right or wrong, without a word on which", async () => {
    const { email } = await registerPerson();
    await authWithKey("/login", { email, password: WRONG });
    const guesses = [await authWithKey("/login", { email, password: PASSWORD })];
    guesses.push(await authWithKey("/login", { email, password: `${WRONG}!` }));
    const words = guesses.map(({ text, body }) => text.replace(body.error.requestId, ""));
    expect(words[0]).toBe(words[1]);
    expect(guesses[0]?.body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  it("tells another caller nothing: they have to know the password", async () => {
    const { email } = await registerPerson();
    const mine = await authWithKey("/login", { email, password: PASSWORD });
    const thief = { address: "198.51.100.9" };
    expect((await authWithKey("/login", { email, password: WRONG }, thief)).status).toBe(401);
    const other = await authWithKey(
      "/login",
      { email, password: PASSWORD },
      { ...thief, key: "k2" },
    );
    expect(other.status).toBe(200);
    expect(other.body.data.refreshToken).not.toBe(mine.body.data.refreshToken);
  });

  it("is a new sign-in after a day", async () => {
    const { email } = await registerPerson();
    const first = await authWithKey("/login", { email, password: PASSWORD });
    await travel(DAY_MS);
    const later = await authWithKey("/login", { email, password: PASSWORD });
    expect([later.status, replayed(later)]).toEqual([200, null]);
    expect(later.body.data.refreshToken).not.toBe(first.body.data.refreshToken);
    await travel(DAY_MS);
    expect((await authWithKey("/login", { email, password: WRONG })).status).toBe(401);
  });

  it("gets tokens that are as over as their session is", async () => {
    const person = await registerPerson();
    const first = await authWithKey("/login", { email: person.email, password: PASSWORD });
    const body = { password: NEW_PASSWORD, currentPassword: PASSWORD };
    expect((await as(person, "PATCH", "/api/v1/me", { body })).status).toBe(200);
    const again = await authWithKey("/login", { email: person.email, password: PASSWORD });
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
    const first = await authWithKey("/register", body);
    expect([first.status, tripsOf(first)]).toEqual([201, "1"]);
    const again = await authWithKey("/register", body);
    expectReplay(again, first);
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect((await authWithKey("/register", body, { key: "k2" })).body.error.code).toBe(
      "EMAIL_TAKEN",
    );
    expect(await mailTo(body.email)).toHaveLength(1);
    expect(await sessionCount()).toBe(2);
  });
});

describe("A refresh that is sent again with its key", () => {
  it("is no theft, however late: it gets the same pair, and the session lives", async () => {
    const { refreshToken } = await makeMember();
    const first = await authWithKey("/refresh", { refreshToken });
    expect([first.status, tripsOf(first)]).toEqual([200, "2"]);
    await travel(3600 * SECOND_MS);
    const { lines } = await logOf(async () => {
      expectReplay(await authWithKey("/refresh", { refreshToken }), first);
    }, "request");
    expect(lines).toMatchObject([{ level: "info", status: 200 }]);
    const next = await authWithKey("/refresh", first.body.data, { key: "k2" });
    expect(next.status).toBe(422); // only its refresh token is asked for
    const { refreshToken: second } = first.body.data;
    const third = await authWithKey("/refresh", { refreshToken: second }, { key: "k3" });
    expect(third.status).toBe(200);
    expect((await as(third.body.data, "GET", "/api/v1/me")).status).toBe(200);
  });

  it("brings one pair when ten come at once", async () => {
    const { refreshToken } = await makeMember();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => authWithKey("/refresh", { refreshToken })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await rows("SELECT hash FROM session_secrets")).toHaveLength(2);
  });

  it("is the same refresh from another network: a guest is who has key and body", async () => {
    const { refreshToken } = await makeMember();
    const first = await authWithKey("/refresh", { refreshToken });
    await travel(11 * SECOND_MS);
    const elsewhere = { address: "198.51.100.9" };
    expectReplay(await authWithKey("/refresh", { refreshToken }, elsewhere), first);
    expect((await as(first.body.data, "GET", "/api/v1/me")).status).toBe(200);
  });

  it.each([
    ["from the same address", {}],
    ["from another address", { address: "198.51.100.9" }],
  ])("is a theft with another key %s, and that answer is kept too", async (_, place) => {
    const thief = { key: "another", ...place };
    const { refreshToken, sessionId } = await makeMember();
    const first = await authWithKey("/refresh", { refreshToken });
    await travel(11 * SECOND_MS);
    const caught = await authWithKey("/refresh", { refreshToken }, thief);
    expect(caught.status).toBe(401);
    expect(await rows("SELECT id, ended_by FROM sessions")).toEqual([
      { id: sessionId, ended_by: "reuse" },
    ]);
    expect((await as(first.body.data, "GET", "/api/v1/me")).status).toBe(401);
    const { lines } = await logOf(async () => {
      expectReplay(await authWithKey("/refresh", { refreshToken }, thief), caught);
    }, "request");
    expect(lines).toMatchObject([{ level: "info", status: 401 }]);
    // The first user's replay says what it said then, and its tokens are over.
    expectReplay(await authWithKey("/refresh", { refreshToken }), first);
    expect((await as(first.body.data, "GET", "/api/v1/me")).status).toBe(401);
  });
});
