import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { type Answer, call } from "../support/http.ts";
import { as, asAdmin, PASSWORD, registerPerson } from "../support/people.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const OVER = {
  code: "UNAUTHENTICATED",
  message: "This sign-in is over. Please sign in again.",
} as const;

function refresh(refreshToken: string): Promise<Answer> {
  return call("POST", "/api/v1/auth/refresh", { body: { refreshToken } });
}

async function refreshed(
  refreshToken: string,
): Promise<{ accessToken: string; refreshToken: string }> {
  const { status, body, text } = await refresh(refreshToken);
  expect(status, text).toBe(200);
  return body.data;
}

async function expectOver(refreshToken: string): Promise<void> {
  expectError(await refresh(refreshToken), 401, OVER);
}

const bearer = ({ accessToken }: { accessToken: string }) => ({
  headers: { Authorization: `Bearer ${accessToken}` },
});

describe("A refresh token", () => {
  it("is spent by its use and brings a new pair of the same session", async () => {
    const { refreshToken, sessionId, accessToken } = await makeMember();
    const next = await refreshed(refreshToken);
    expect(next.refreshToken).not.toBe(refreshToken);
    expect(next.accessToken).not.toBe(accessToken);
    const sessions = await as(next, "GET", "/api/v1/auth/sessions");
    expect(sessions.body.data).toMatchObject([{ id: sessionId, current: true }]);
    const third = await refreshed(next.refreshToken);
    expect((await as(third, "GET", "/api/v1/me")).status).toBe(200);
  });

  it("is in the database as a hash only", async () => {
    const { refreshToken } = await makeMember();
    const next = await refreshed(refreshToken);
    const stored = JSON.stringify([
      await rows("SELECT * FROM session_secrets"),
      await rows("SELECT * FROM sessions"),
    ]);
    expect(stored).not.toContain(refreshToken);
    expect(stored).not.toContain(next.refreshToken);
    expect(stored).not.toContain(next.accessToken);
  });

  it("that is used again after ten seconds ends its whole session, and the log says so", async () => {
    const stolen = await makeMember();
    const { id: other } = await makeSession(stolen.id);
    const second = await refreshed(stolen.refreshToken);
    const third = await refreshed(second.refreshToken);
    await travel(10 * SECOND_MS + 1);
    const { lines } = await logOf(() => expectOver(stolen.refreshToken), "request");
    expect(lines).toMatchObject([{ level: "warn", refreshReuse: stolen.sessionId, status: 401 }]);
    await expectOver(third.refreshToken);
    await expectOver(second.refreshToken);
    expect((await as(third, "GET", "/api/v1/me")).status).toBe(401);
    const ended = await rows("SELECT id, ended_by FROM sessions WHERE ended_at IS NOT NULL");
    expect(ended).toEqual([{ id: stolen.sessionId, ended_by: "reuse" }]);
    expect(ended).not.toContainEqual(expect.objectContaining({ id: other }));
  });

  it("that is stolen ends the access token at once that was in use until then", async () => {
    const stolen = await makeMember();
    const next = await refreshed(stolen.refreshToken);
    await travel(10 * SECOND_MS + 1);
    expect((await as(next, "GET", "/api/v1/me")).status).toBe(200);
    await expectOver(stolen.refreshToken);
    expect((await as(next, "GET", "/api/v1/me")).status).toBe(401);
  });

  it("sent by two tabs within seconds lets both go on", async () => {
    const { refreshToken } = await makeMember();
    const first = await refreshed(refreshToken);
    await travel(9 * SECOND_MS);
    const second = await refreshed(refreshToken);
    await travel(60 * SECOND_MS);
    for (const tab of [first, second]) {
      const next = await refreshed(tab.refreshToken);
      expect((await as(next, "GET", "/api/v1/me")).status).toBe(200);
    }
  });

  it("sent again and again within seconds is taken for stolen all the same, ten seconds after its first use", async () => {
    const { refreshToken } = await makeMember();
    await refreshed(refreshToken);
    await travel(9 * SECOND_MS);
    await refreshed(refreshToken);
    await travel(9 * SECOND_MS);
    await expectOver(refreshToken);
  });

  it("sent twenty times at once brings twenty pairs of one session, which then go on or are a theft like any other", async () => {
    const { refreshToken, sessionId } = await makeMember();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const tokens: string[] = answers.map(({ body }) => body.data.refreshToken);
    expect(new Set(tokens).size).toBe(20);
    expect(await rows("SELECT id FROM sessions")).toEqual([{ id: sessionId }]);
    await refreshed(tokens[0] ?? "");
    await travel(11 * SECOND_MS);
    await refreshed(tokens[19] ?? "");
    await expectOver(tokens[0] ?? "");
    await expectOver(tokens[5] ?? "");
  });

  it("is good for thirty days after the sign-in, however often it was renewed", async () => {
    let { refreshToken } = await makeMember();
    for (let day = 0; day < 29; day += 7) {
      ({ refreshToken } = await refreshed(refreshToken));
      await travel(7 * DAY_MS);
    }
    await expectOver(refreshToken);
  });

  it("that was never made, or is something else, is refused without a word on why", async () => {
    const { accessToken, id } = await makeMember();
    const browser = await makeSession(id, "browser");
    for (const token of [
      "rt_unknown",
      accessToken.slice(0, 400),
      browser.refreshToken,
      browser.id,
      "' OR 1=1 --",
      "\0",
      "\ud800",
    ])
      await expectOver(token);
  });

  it("stays usable when the batch that spends it fails", async () => {
    const { refreshToken } = await makeMember();
    const failing = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) =>
        statements.length > 1
          ? env.DB.batch([...statements, env.DB.prepare("SELECT 1 FROM nothing")])
          : env.DB.batch(statements),
    };
    const body = { refreshToken };
    await logOf(async () => {
      const { status } = await shopOver(failing).call("POST", "/api/v1/auth/refresh", { body });
      expect(status).toBe(500);
    });
    expect(await rows("SELECT spent_at FROM session_secrets")).toEqual([{ spent_at: null }]);
    await travel(60 * SECOND_MS);
    await refreshed(refreshToken);
  });

  it("whose answer was lost can be sent again within ten seconds", async () => {
    const { refreshToken } = await makeMember();
    await refresh(refreshToken); // nobody reads this
    await travel(5 * SECOND_MS);
    const next = await refreshed(refreshToken);
    await travel(60 * SECOND_MS);
    await refreshed(next.refreshToken);
  });
});

describe("A session", () => {
  it("cannot be fixed before the sign-in: every sign-in makes its own", async () => {
    const person = await registerPerson();
    const before = await rows<{ id: string }>("SELECT id FROM sessions");
    const chosen = { email: person.email, password: PASSWORD };
    for (const extra of [
      { sessionId: "ses_chosen" },
      { sid: "ses_chosen" },
      { refreshToken: person.refreshToken },
    ]) {
      const body = { ...chosen, ...extra };
      expect((await call("POST", "/api/v1/auth/login", { body })).status).toBe(422);
    }
    const cookies = { Cookie: "__Host-session=chosen; session=ses_chosen; sid=ses_chosen" };
    const answer = await call("POST", "/api/v1/auth/login", { body: chosen, headers: cookies });
    expect(answer.status).toBe(200);
    expect(answer.headers.has("Set-Cookie")).toBe(false);
    const after = await rows<{ id: string }>("SELECT id FROM sessions");
    expect(after).toHaveLength(2);
    expect(JSON.stringify(after)).not.toContain("chosen");
    expect(after).toEqual(expect.arrayContaining(before));
    await expectOver("chosen");
  });

  it("is over with its sign-out, the access token too, and no other one is", async () => {
    const member = await makeMember();
    const other = await makeSession(member.id);
    const body = { refreshToken: member.refreshToken };
    expect((await as(member, "POST", "/api/v1/auth/logout", { body })).status).toBe(204);
    await expectOver(member.refreshToken);
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(401);
    expect((await as(other, "GET", "/api/v1/me")).status).toBe(200);
    expect((await as(other, "POST", "/api/v1/auth/logout", { body })).status).toBe(204);
  });

  it("of somebody else is not signed out by whoever has its refresh token", async () => {
    const [mine, theirs] = [await makeMember(), await makeMember()];
    const body = { refreshToken: theirs.refreshToken };
    expect((await as(mine, "POST", "/api/v1/auth/logout", { body })).status).toBe(204);
    await refreshed(theirs.refreshToken);
  });

  it("is listed to its user only, without anything secret, and can be ended from another one", async () => {
    const member = await makeMember();
    const phone = await makeSession(member.id);
    await makeMember();
    const list = await as(member, "GET", "/api/v1/auth/sessions");
    expect(list.body.data.map(({ id }: { id: string }) => id).sort()).toEqual(
      [member.sessionId, phone.id].sort(),
    );
    expect(list.text).not.toContain(phone.refreshToken);
    expect((await as(member, "DELETE", `/api/v1/auth/sessions/${phone.id}`)).status).toBe(204);
    await expectOver(phone.refreshToken);
    expect((await as(phone, "GET", "/api/v1/me")).status).toBe(401);
    expect((await as(member, "DELETE", `/api/v1/auth/sessions/${phone.id}`)).status).toBe(404);
    expect((await as(member, "GET", "/api/v1/auth/sessions")).body.data).toHaveLength(1);
  });

  it("that another isolate ended is over here within ten seconds", async () => {
    const member = await makeMember();
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(200);
    await env.DB.prepare("UPDATE sessions SET ended_at = ?, ended_by = 'user'")
      .bind(Date.now())
      .run();
    await travel(10 * SECOND_MS);
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(401);
  });

  it("that another isolate has ended is over here also when its word comes late", async () => {
    const member = await makeMember();
    const ended = Date.now();
    await travel(5 * SECOND_MS);
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(200);
    await rows("UPDATE sessions SET ended_at = ?, ended_by = 'user'", ended);
    await travel(10 * SECOND_MS);
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(401);
  });

  it("that was signed out stays over for as long as its access token would be good", async () => {
    const [member, other] = [await makeMember(), await makeMember()];
    const path = `/api/v1/auth/sessions/${member.sessionId}`;
    expect((await as(member, "DELETE", path)).status).toBe(204);
    for (let minutes = 0; minutes < 14; minutes += 2) {
      await travel(2 * 60 * SECOND_MS);
      expect((await as(other, "GET", "/api/v1/me")).status).toBe(200);
    }
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(401);
    expect((await shopOver(env.DB).call("GET", "/api/v1/me", bearer(member))).status).toBe(401);
  });

  it("that was signed out while the list of them could not be read is over all the same", async () => {
    const member = await makeMember();
    const { database, failed } = databaseFailingOnce({ when: "before", about: /ended_at > / });
    const shop = shopOver(env.DB);
    expect((await shop.call("GET", "/api/v1/me", bearer(member))).status).toBe(200);
    const path = `/api/v1/auth/sessions/${member.sessionId}`;
    expect((await shop.call("DELETE", path, bearer(member))).status).toBe(204);
    const failing = shopOver(database, { endedSessions: shop.services.endedSessions });
    await logOf(async () => {
      expect((await failing.call("GET", "/api/v1/me", bearer(member))).status).toBe(503);
    });
    expect(failed()).toBe(true);
    expect((await failing.call("GET", "/api/v1/me", bearer(member))).status).toBe(401);
  });

  it("ends with the user who is disabled, and does not come back with them", async () => {
    const member = await makeMember();
    const path = `/api/v1/users/${member.id}`;
    expect((await asAdmin("PATCH", path, { body: { disabled: true } })).status).toBe(200);
    await expectOver(member.refreshToken);
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(401);
    expect((await asAdmin("PATCH", path, { body: { disabled: false } })).status).toBe(200);
    await expectOver(member.refreshToken);
  });

  it("that has ended stays ended, whoever writes", async () => {
    const member = await makeMember();
    const path = `/api/v1/auth/sessions/${member.sessionId}`;
    expect((await as(member, "DELETE", path)).status).toBe(204);
    const revive = rows("UPDATE sessions SET ended_at = NULL, ended_by = NULL");
    await expect(revive).rejects.toThrow("session_ended");
    await expectOver(member.refreshToken);
  });

  it("that was opened in the moment of disabling is refused at its first refresh", async () => {
    const member = await makeMember();
    await env.DB.prepare("UPDATE users SET disabled_at = 1 WHERE id = ?").bind(member.id).run();
    await expectOver(member.refreshToken);
  });
});

describe("A new password", () => {
  it("ends every other session, and leaves the one at hand", async () => {
    const person = await registerPerson();
    const other = await makeSession(person.id);
    const body = { password: "a brand new passphrase", currentPassword: PASSWORD };
    expect((await as(person, "PATCH", "/api/v1/me", { body })).status).toBe(200);
    await expectOver(other.refreshToken);
    expect((await as(other, "GET", "/api/v1/me")).status).toBe(401);
    expect((await as(person, "GET", "/api/v1/me")).status).toBe(200);
    await refreshed(person.refreshToken);
  });
});
