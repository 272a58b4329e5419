import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { call } from "../support/http.ts";
import { as, asAdmin, PASSWORD, registerPerson } from "../support/people.ts";
import { expectOver, refreshed } from "../support/refresh.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const SECOND_MS = 1000;
const bearer = ({ accessToken }: { accessToken: string }) => ({
  headers: { Authorization: `Bearer ${accessToken}` },
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
