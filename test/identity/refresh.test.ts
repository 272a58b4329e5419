import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import { as, registerPerson } from "../support/people.ts";
import { expectOver, refresh, refreshed } from "../support/refresh.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;

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
    const { refreshToken } = await registerPerson();
    const next = await refreshed(refreshToken);
    const stored = JSON.stringify([
      await rows("SELECT * FROM session_secrets"),
      await rows("SELECT * FROM sessions"),
    ]);
    expect(stored).not.toContain(refreshToken);
    expect(stored).not.toContain(next.refreshToken);
    expect(stored).not.toContain(next.accessToken);
  });

  it("of a browser brings no tokens", async () => {
    const { id } = await makeMember();
    await expectOver((await makeSession(id, "browser")).refreshToken);
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
