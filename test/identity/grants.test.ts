import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCESS, type Rule } from "../../src/platform/access.ts";
import { ROLES, SCOPES, type Scope } from "../../src/platform/roles.ts";
import { makeKey, makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { as, asAdmin } from "../support/people.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

type Caller = { readonly accessToken: string };

const HOUR_MS = 3_600_000;
const TOO_MUCH = {
  code: "FORBIDDEN",
  message: "Nobody can give a user more than they may do themselves.",
} as const;
const BEYOND =
  "A key may do no more than whoever makes it, and lives no longer than a key that makes it.";
const AGENTS: readonly Scope[] = ["inventory:read", "orders:read", "tickets:read", "tickets:write"];
/** Agents cancel orders and read drafts, but hold neither scope. */
const IN_PART: readonly Scope[] = ["catalog:write", "orders:write", "reports:read"];

const change = (who: Caller, id: string, body: object) =>
  as(who, "PATCH", `/api/v1/users/${id}`, { body });
const makeFor = (who: Caller, body: object) =>
  as(who, "POST", "/api/v1/api-keys", { body: { name: "Key", scopes: ["orders:read"], ...body } });
const keep = (who: Caller, id: string) =>
  as(who, "PATCH", `/api/v1/api-keys/${id}`, { body: { keep: true } });
const keyOf = async (who: Caller, scopes: readonly Scope[]) => {
  const { secret, id } = (await makeFor(who, { scopes })).body.data;
  return { accessToken: secret as string, id: id as string };
};
const keyWith = async (scopes: readonly Scope[]) => ({
  accessToken: (await makeKey(scopes)).secret,
});
const works = async (key: Caller) => (await as(key, "GET", "/api/v1/orders")).status;
const stateOf = async (id: string) =>
  (await rows("SELECT role, disabled_at IS NOT NULL AS disabled FROM users WHERE id = ?", id))[0];

describe("What each role holds", () => {
  it("is what its routes ask of a key, in the database as in the table of access", async () => {
    const held = new Map<string, string[]>(ROLES.map((role) => [role, []]));
    for (const { role, scope } of await rows<{ role: string; scope: string }>(
      "SELECT role, scope FROM role_scopes WHERE whole = 1",
    ))
      held.get(role)?.push(scope);
    expect([...(held.get("admin") ?? [])].sort()).toEqual([...SCOPES].sort());
    expect(held.get("customer")).toEqual([]);
    const rules: Rule[] = Object.values(ACCESS);
    for (const scope of SCOPES) {
      const asking = rules.filter((rule) => rule.scope === scope);
      const all = asking.every(({ roles }) => roles !== "anyone" && roles.includes("agent"));
      const some = asking.length > 0;
      if (some && scope !== "orders:read")
        expect(held.get("agent")?.includes(scope) ?? false, scope).toBe(all);
    }
    expect([...(held.get("agent") ?? [])].sort()).toEqual([...AGENTS].sort());
  });

  it("is told apart from the scopes of which its routes let it do a part", async () => {
    const rules: Rule[] = Object.values(ACCESS);
    const opened = rules.filter(({ roles }) => roles === "anyone" || roles.includes("agent"));
    const inPart = SCOPES.filter(
      (scope) => !AGENTS.includes(scope) && opened.some((rule) => rule.scope === scope),
    );
    expect(
      await rows("SELECT role, scope FROM role_scopes WHERE whole = 0 ORDER BY scope"),
    ).toEqual(inPart.sort().map((scope) => ({ role: "agent", scope })));
    expect(inPart).toEqual(IN_PART);
  });
});

describe("A key that may manage users", () => {
  it("raises nobody above itself: not its own customer to admin, nor to agent", async () => {
    const customer = await makeMember();
    const key = await keyWith(["identity:read", "identity:write", "orders:read"]);
    for (const role of ["admin", "agent"])
      expectError(await change(key, customer.id, { role }), 403, TOO_MUCH);
    expectError(await change(key, customer.id, { role: "admin", disabled: true }), 403, TOO_MUCH);
    expect(await stateOf(customer.id)).toEqual({ role: "customer", disabled: 0 });
    expect(await rows("SELECT * FROM audit_log")).toEqual([]);
  });

  it("enables nobody who could do more than itself", async () => {
    const [agent, admin] = [await makeMember("agent"), await makeMember("admin")];
    for (const { id } of [agent, admin])
      expect(
        (await asAdmin("PATCH", `/api/v1/users/${id}`, { body: { disabled: true } })).status,
      ).toBe(200);
    const key = await keyWith(["identity:write", "orders:read"]);
    for (const { id } of [agent, admin])
      expectError(await change(key, id, { disabled: false }), 403, TOO_MUCH);
    expect(await stateOf(admin.id)).toEqual({ role: "admin", disabled: 1 });
    // Nor in two steps.
    expect((await change(key, agent.id, { role: "customer" })).status).toBe(200);
    expect((await change(key, agent.id, { disabled: false })).status).toBe(200);
    expectError(await change(key, agent.id, { role: "agent" }), 403, TOO_MUCH);
  });

  it("gives what it holds, and takes away what it does not", async () => {
    const [customer, admin] = [await makeMember(), await makeMember("admin")];
    await makeMember("admin");
    const key = await keyWith(["identity:write", ...AGENTS, ...IN_PART]);
    expect((await change(key, customer.id, { role: "agent" })).status).toBe(200);
    expect((await change(key, admin.id, { role: "agent" })).status).toBe(200);
    expectError(await change(key, admin.id, { role: "admin" }), 403, TOO_MUCH);
    expect((await change(await keyWith(SCOPES), admin.id, { role: "admin" })).status).toBe(200);
  });

  it("makes no agent without all that agents can do, nor an admin of an agent without what these hold in whole", async () => {
    const [customer, agent] = [await makeMember(), await makeMember("agent")];
    for (const missing of [...AGENTS, ...IN_PART]) {
      const key = await keyWith(
        ["identity:write" as Scope, ...AGENTS, ...IN_PART].filter((scope) => scope !== missing),
      );
      expectError(await change(key, customer.id, { role: "agent" }), 403, TOO_MUCH);
    }
    const nearly = await keyWith(SCOPES.filter((scope) => scope !== "orders:write"));
    expectError(await change(nearly, agent.id, { role: "admin" }), 403, TOO_MUCH);
    // What stays as it is was given by somebody else.
    expect((await change(nearly, agent.id, { role: "agent" })).status).toBe(200);
  });

  it("and that expires gives nothing that outlasts it, but takes away", async () => {
    const [customer, agent] = [await makeMember(), await makeMember("agent")];
    await makeMember("admin");
    const { secret } = await makeKey(SCOPES, { expiresAt: Date.now() + HOUR_MS });
    const key = { accessToken: secret };
    const outlasts = {
      code: "FORBIDDEN",
      message:
        "A key that expires cannot give a user more than they have: that would not expire with it.",
    } as const;
    for (const role of ["admin", "agent"])
      expectError(await change(key, customer.id, { role }), 403, outlasts);
    expectError(await change(key, agent.id, { role: "admin" }), 403, outlasts);
    expect((await change(key, agent.id, { disabled: true })).status).toBe(200);
    expectError(await change(key, agent.id, { disabled: false }), 403, outlasts);
    expect((await change(key, agent.id, { role: "customer" })).status).toBe(200);
  });

  it("is not the way around what its owner may not do to themselves", async () => {
    const admin = await makeMember("admin");
    await makeMember("admin");
    const key = await keyOf(admin, SCOPES);
    for (const body of [{ role: "customer" }, { disabled: true }, { disabled: false }])
      expectError(await change(key, admin.id, body), 422, {
        code: "BUSINESS_RULE_VIOLATION",
        message: "You cannot change your own role or disable yourself.",
      });
  });
});

describe("A key that makes keys", () => {
  it("makes none that lives longer than itself", async () => {
    const expiresAt = (ms: number) => ({ expiresAt: new Date(Date.now() + ms).toISOString() });
    const admin = await makeMember("admin");
    const made = await makeFor(admin, {
      scopes: ["identity:write", "orders:read"],
      ...expiresAt(HOUR_MS),
    });
    const key = { accessToken: made.body.data.secret };
    for (const body of [{}, expiresAt(HOUR_MS + 1)])
      expectError(await makeFor(key, body), 403, { code: "FORBIDDEN", message: BEYOND });
    expect((await makeFor(key, expiresAt(HOUR_MS))).status).toBe(201);
  });

  it("makes them for its owner, with whom all of them die", async () => {
    const admin = await makeMember("admin");
    const key = await keyOf(admin, ["identity:write", "orders:read"]);
    const child = (await makeFor(key, {})).body.data;
    expect(child).toMatchObject({ createdBy: key.id, ownerId: admin.id });
    expect(await works({ accessToken: child.secret })).toBe(200);
    await asAdmin("PATCH", `/api/v1/users/${admin.id}`, { body: { disabled: true } });
    expect(await works({ accessToken: child.secret })).toBe(401);
    expect(await works(key)).toBe(401);
  });
});

describe("A key", () => {
  it("dies with the user who made it, and does not come back with them: a disabled admin's key cannot enable them", async () => {
    const [admin, other] = [await makeMember("admin"), await makeMember("admin")];
    const key = await keyOf(admin, SCOPES);
    expect(await works(key)).toBe(200);
    expect((await change(other, admin.id, { disabled: true })).status).toBe(200);
    expect((await change(key, admin.id, { disabled: false })).status).toBe(401);
    expect(await works(key)).toBe(401);
    expect((await change(other, admin.id, { disabled: false })).status).toBe(200);
    expect(await works(key)).toBe(401);
    const [first] = await rows<{ data: string }>(
      "SELECT data FROM audit_log WHERE action = 'user.updated' ORDER BY rowid",
    );
    expect(JSON.parse(first?.data ?? "")).toEqual({ disabled: true, endedKeys: [key.id] });
  });

  it("dies when its owner may do less than it may, and lives while they may do as much", async () => {
    const admin = await makeMember("admin");
    const [more, same] = [
      await keyOf(admin, ["orders:read", "orders:write"]),
      await keyOf(admin, ["orders:read", "inventory:read"]),
    ];
    await asAdmin("PATCH", `/api/v1/users/${admin.id}`, { body: { role: "agent" } });
    expect([await works(more), await works(same)]).toEqual([401, 200]);
    await asAdmin("PATCH", `/api/v1/users/${admin.id}`, { body: { role: "customer" } });
    expect([await works(more), await works(same)]).toEqual([401, 401]);
  });

  it("lives on with a user who has taken it over, and then dies with them", async () => {
    const [admin, heir] = [await makeMember("admin"), await makeMember("admin")];
    const key = await keyOf(admin, ["orders:read"]);
    const kept = await keep(heir, key.id);
    expect(kept.status).toBe(200);
    expect(kept.body.data).toMatchObject({ id: key.id, createdBy: admin.id, ownerId: heir.id });
    await asAdmin("PATCH", `/api/v1/users/${admin.id}`, { body: { disabled: true } });
    expect(await works(key)).toBe(200);
    await asAdmin("PATCH", `/api/v1/users/${heir.id}`, { body: { role: "customer" } });
    expect(await works(key)).toBe(401);
    expect(
      await rows("SELECT actor, action, target FROM audit_log WHERE action = 'api_key.kept'"),
    ).toEqual([{ actor: heir.id, action: "api_key.kept", target: key.id }]);
  });

  it("is not taken over by who holds less, nor once it is over", async () => {
    const admin = await makeMember("admin");
    const key = await keyOf(admin, ["orders:read", "orders:write"]);
    const less = await makeMember("admin");
    await as(less, "GET", "/api/v1/me"); // the isolate's last look at what has ended
    await env.DB.prepare("UPDATE users SET role = 'agent' WHERE id = ?").bind(less.id).run();
    expectError(await keep(less, key.id), 403, {
      code: "FORBIDDEN",
      message: BEYOND.replace("makes it, and", "keeps it, and"),
    });
    await asAdmin("DELETE", `/api/v1/api-keys/${key.id}`);
    expect((await keep(admin, key.id)).status).toBe(404);
    expect((await keep(admin, "key_unknown")).status).toBe(404);
    const short = await makeKey(["orders:read"], { expiresAt: Date.now() + 1000 });
    await travel(1000);
    expect(
      (await asAdmin("PATCH", `/api/v1/api-keys/${short.id}`, { body: { keep: true } })).status,
    ).toBe(404);
  });

  it("is not taken over by a program, whose keys die with somebody or are nobody's", async () => {
    const [admin, other] = [await makeMember("admin"), await makeMember("admin")];
    const key = await keyOf(admin, ["orders:read"]);
    for (const program of [await keyWith(SCOPES), await keyOf(other, SCOPES)])
      expectError(await keep(program, key.id), 403, {
        code: "FORBIDDEN",
        message: "Only a user can take a key over, because it dies with them.",
      });
    await asAdmin("PATCH", `/api/v1/users/${admin.id}`, { body: { disabled: true } });
    expect(await works(key)).toBe(401);
  });

  it("that no user has made belongs to nobody, and lives", async () => {
    const { secret } = await makeKey(["orders:read"]);
    const [key] = (await asAdmin("GET", "/api/v1/api-keys")).body.data;
    expect(key.ownerId).toBeNull();
    expect(await works({ accessToken: secret })).toBe(200);
  });
});

/** Takes somebody's role away behind the back of every isolate: for ten seconds they pass for what they were. */
async function demoted(): Promise<Caller & { readonly id: string }> {
  const admin = await makeMember("admin");
  await makeMember("admin");
  await as(admin, "GET", "/api/v1/me"); // the isolate's last look at what has ended
  await env.DB.prepare("UPDATE users SET role = 'customer' WHERE id = ?").bind(admin.id).run();
  return admin;
}

describe("Who has just lost what they held, and is still taken for an admin,", () => {
  it("grants nothing: the database judges what they hold at the moment of the change", async () => {
    const lost = await demoted();
    const customer = await makeMember();
    expectError(await change(lost, customer.id, { role: "admin" }), 403, TOO_MUCH);
    expectError(await change(lost, customer.id, { disabled: true }), 403, TOO_MUCH);
    const agent = await makeMember("agent");
    expectError(await change(lost, agent.id, { role: "customer" }), 403, TOO_MUCH);
    expectError(await makeFor(lost, {}), 403, { code: "FORBIDDEN", message: BEYOND });
    const key = await makeKey(["orders:read"]);
    expect((await keep(lost, key.id)).status).toBe(403);
    expect((await as(lost, "DELETE", `/api/v1/api-keys/${key.id}`)).status).toBe(404);
    expect(await rows("SELECT id FROM api_keys WHERE revoked_at IS NULL")).toEqual([
      { id: key.id },
    ]);
    expect(await rows("SELECT * FROM audit_log")).toEqual([]);
  });

  it("makes no key while they are being disabled, however the two interleave", async () => {
    const other = await makeMember("admin");
    for (let round = 0; round < 5; round += 1) {
      const admin = await makeMember("admin");
      await Promise.all([
        makeFor(admin, { scopes: SCOPES }),
        change(other, admin.id, { disabled: true }),
        makeFor(admin, { scopes: SCOPES }),
      ]);
      expect(
        await rows("SELECT id FROM api_keys WHERE owner_id = ? AND revoked_at IS NULL", admin.id),
      ).toEqual([]);
    }
  });
});

describe("The database", () => {
  const refusal = (sql: string, ...params: unknown[]) =>
    env.DB.prepare(sql)
      .bind(...params)
      .run()
      .then(
        () => "kept",
        (error: Error) => error.message,
      );
  const insert = (by: string, owner: string | null, scopes: readonly Scope[]) =>
    refusal(
      `INSERT INTO api_keys (id, name, hash, hint, scopes, created_by, owner_id, created_at)
       VALUES (?, 'x', ?, '0000', ?, ?, ?, ?)`,
      ...[`key_${crypto.randomUUID()}`, crypto.randomUUID(), JSON.stringify(scopes)],
      ...[by, owner, Date.now()],
    );

  it("keeps no key above its maker, or for another owner, whoever writes", async () => {
    const [admin, agent, other] = [
      await makeMember("admin"),
      await makeMember("agent"),
      await makeMember("admin"),
    ];
    const { id } = await makeKey(["identity:write", "orders:read"]);
    expect(await insert(admin.id, admin.id, SCOPES)).toBe("kept");
    expect(await insert(agent.id, agent.id, ["orders:read"])).toContain("key_exceeds_maker");
    expect(await insert(admin.id, other.id, ["orders:read"])).toContain("key_exceeds_maker");
    expect(await insert(admin.id, null, ["orders:read"])).toContain("key_exceeds_maker");
    expect(await insert("usr_unknown", null, ["orders:read"])).toContain("key_exceeds_maker");
    expect(await insert(id, null, ["orders:read"])).toBe("kept");
    expect(await insert(id, admin.id, ["orders:read"])).toContain("key_exceeds_maker");
    expect(await insert(id, null, ["orders:write"])).toContain("key_exceeds_maker");
  });

  it("gives no key to an owner who holds less, wakes none from the dead, and changes no scopes", async () => {
    const agent = await makeMember("agent");
    const { id } = await makeKey(["orders:write"]);
    const set = (what: string) => refusal(`UPDATE api_keys SET ${what} WHERE id = '${id}'`);
    expect(await set(`owner_id = '${agent.id}'`)).toContain("key_exceeds_owner");
    expect(await set(`owner_id = '${(await makeMember("admin")).id}'`)).toBe("kept");
    expect(await set("owner_id = NULL")).toContain("key_exceeds_owner");
    expect(await set(`scopes = '["identity:write"]'`)).toContain("the scopes of a key stay");
    expect(await set("revoked_at = 1")).toBe("kept");
    expect(await set("revoked_at = NULL")).toContain("api_key_ended");
  });
});
