import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { SCOPES } from "../../src/platform/roles.ts";
import { makeKey, makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { as } from "../support/people.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const LAST_ADMIN = {
  code: "BUSINESS_RULE_VIOLATION",
  message: "The shop would be left without an admin.",
} as const;
const ONESELF = {
  code: "BUSINESS_RULE_VIOLATION",
  message: "You cannot change your own role or disable yourself.",
} as const;

const change = (who: { accessToken: string }, id: string, body: object) =>
  as(who, "PATCH", `/api/v1/users/${id}`, { body });
const roles = () => rows("SELECT id, role, disabled_at FROM users ORDER BY id");
const liveSessions = (id: string) =>
  rows("SELECT id FROM sessions WHERE ended_at IS NULL AND user_id = ?", id);

describe("An admin", () => {
  it("changes a role, which signs the user out everywhere, and is written down", async () => {
    const [admin, member] = [await makeMember("admin"), await makeMember()];
    const answer = await change(admin, member.id, { role: "agent" });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ id: member.id, role: "agent", disabled: false });
    expect((await as(member, "GET", "/api/v1/me")).status).toBe(401);
    expect(await liveSessions(member.id)).toEqual([]);
    const [line] = await rows<{ data: string }>("SELECT * FROM audit_log");
    expect(line).toMatchObject({ actor: admin.id, action: "user.updated", target: member.id });
    expect(JSON.parse(line?.data ?? "")).toEqual({ role: "agent" });
  });

  it("disables a user, who cannot come back in until enabled", async () => {
    const [admin, member] = [await makeMember("admin"), await makeMember()];
    expect((await change(admin, member.id, { disabled: true })).body.data.disabled).toBe(true);
    const body = { refreshToken: member.refreshToken };
    expect((await call("POST", "/api/v1/auth/refresh", { body })).status).toBe(401);
    expect((await change(admin, member.id, { disabled: false })).body.data.disabled).toBe(false);
    expect((await call("POST", "/api/v1/auth/refresh", { body })).status).toBe(401);
  });

  it("who takes nothing away ends no session, and an empty change leaves no line", async () => {
    const [admin, member] = [await makeMember("admin"), await makeMember()];
    expect((await change(admin, member.id, {})).status).toBe(200);
    expect((await change(admin, member.id, { disabled: false })).status).toBe(200);
    expect(await liveSessions(member.id)).toHaveLength(1);
    expect(await rows("SELECT target FROM audit_log")).toHaveLength(1);
  });

  it("cannot change themselves", async () => {
    const admin = await makeMember("admin");
    await makeMember("admin");
    for (const body of [{ role: "customer" }, { disabled: true }, { role: "admin" }, {}])
      expectError(await change(admin, admin.id, body), 422, ONESELF);
    expect(await liveSessions(admin.id)).toHaveLength(1);
  });

  it("finds nobody behind an id that is not there, and writes nothing down", async () => {
    const admin = await makeMember("admin");
    expect((await change(admin, "usr_unknown", { role: "agent" })).status).toBe(404);
    expect((await change(admin, "usr_unknown", {})).status).toBe(404);
    expect(await rows("SELECT * FROM audit_log")).toEqual([]);
  });

  it("sees every user, page by page, without anything of their passwords", async () => {
    const admin = await makeMember("admin");
    for (let i = 0; i < 4; i += 1) await makeMember();
    const first = await as(admin, "GET", "/api/v1/users?pageSize=3&include=total");
    expect(first.body.meta).toMatchObject({
      pageSize: 3,
      total: 5,
      nextCursor: expect.any(String),
    });
    const second = await as(
      admin,
      "GET",
      `/api/v1/users?pageSize=3&cursor=${first.body.meta.nextCursor}`,
    );
    const ids = [...first.body.data, ...second.body.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    const shown = JSON.stringify(first.body, (name, value) =>
      /^id$|Cursor$/.test(name) ? undefined : value,
    );
    expect(shown).toContain('"email"');
    expect(shown).not.toMatch(/password|hash|argon/i);
  });
});

describe("The last admin", () => {
  it("stays one, also when a key asks", async () => {
    const admin = await makeMember("admin");
    const key = { accessToken: (await makeKey(["identity:write"])).secret };
    const before = await roles();
    for (const body of [
      { role: "customer" },
      { role: "agent" },
      { disabled: true },
      { role: "agent", disabled: false },
    ])
      expectError(await change(key, admin.id, body), 422, LAST_ADMIN);
    expect(await roles()).toEqual(before);
    expect(await liveSessions(admin.id)).toHaveLength(1);
    expect(await rows("SELECT * FROM audit_log")).toEqual([]);
  });

  it("stays one, whoever else there is", async () => {
    const admin = await makeMember("admin");
    await makeMember("agent");
    const key = { accessToken: (await makeKey(["identity:write"])).secret };
    expectError(await change(key, admin.id, { role: "customer" }), 422, LAST_ADMIN);
  });

  it("is asked for only where an admin is changed", async () => {
    const member = await makeMember();
    const all = { accessToken: (await makeKey(SCOPES)).secret };
    const key = { accessToken: (await makeKey(["identity:write"])).secret };
    expect((await change(key, member.id, { role: "agent" })).status).toBe(403); // it may less than an agent
    expect((await change(all, member.id, { role: "agent" })).status).toBe(200);
    expect((await change(key, member.id, { disabled: true })).status).toBe(200);
  });

  it("does not count the ones who are disabled", async () => {
    const [admin, other] = [await makeMember("admin"), await makeMember("admin")];
    await env.DB.prepare("UPDATE users SET disabled_at = 1 WHERE id = ?").bind(other.id).run();
    const key = { accessToken: (await makeKey(["identity:write"])).secret };
    expectError(await change(key, admin.id, { disabled: true }), 422, LAST_ADMIN);
    expect((await change(key, other.id, { role: "customer" })).status).toBe(200);
  });

  it("is left when two admins demote each other at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      await env.DB.prepare("UPDATE users SET role = 'customer'").run();
      const [one, two] = [await makeMember("admin"), await makeMember("admin")];
      const answers = await Promise.all([
        change(one, two.id, { role: "customer" }),
        change(two, one.id, { disabled: true }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const left = await rows("SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL");
      expect(left).toHaveLength(1);
    }
  });
});
