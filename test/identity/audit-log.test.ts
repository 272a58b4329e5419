import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeKey, makeMember } from "../support/credentials.ts";
import { newKeyWhereNeeded } from "../support/http.ts";
import { as } from "../support/people.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { makeSku } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

interface Line {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly data: string;
  readonly address: string;
  readonly request_id: string;
}

const lines = () => rows<Line>("SELECT * FROM audit_log ORDER BY created_at, rowid");

interface Change {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly action: string;
  /** What it is done to; for something new, the id in the answer. */
  readonly target?: string;
}

/** Every privileged change there is, on things that exist. */
async function changes(): Promise<Change[]> {
  const sku = await makeSku(10);
  const member = await makeMember();
  const key = await makeKey(["orders:read"]);
  const variants = [{ sku: "AUDITED", title: "One", price: { amount: 1, currency: "USD" } }];
  return [
    {
      method: "POST",
      path: "/products",
      body: { title: "Audited", variants },
      action: "product.created",
    },
    {
      method: "POST",
      path: `/inventory/${sku}/movements`,
      body: { kind: "damage", quantity: 2, reason: "Fell down" },
      action: "stock.moved",
      target: sku,
    },
    {
      method: "PATCH",
      path: `/inventory/${sku}`,
      body: { lowStockThreshold: 2 },
      action: "stock.threshold_updated",
      target: sku,
    },
    {
      method: "PATCH",
      path: `/users/${member.id}`,
      body: { role: "agent" },
      action: "user.updated",
      target: member.id,
    },
    {
      method: "POST",
      path: "/api-keys",
      body: { name: "New", scopes: ["orders:read"] },
      action: "api_key.created",
    },
    { method: "DELETE", path: `/api-keys/${key.id}`, action: "api_key.revoked", target: key.id },
  ];
}

const options = (body: object | undefined, headers: Record<string, string> = {}) =>
  body === undefined ? { headers } : { body, headers };

describe("A privileged change", () => {
  it("leaves one line: who, what, to which thing, from where, in which request", async () => {
    const all = await changes();
    const admin = await makeMember("admin");
    for (const { method, path, body, action, target } of all) {
      const known = (await lines()).length;
      const headers = { "CF-Connecting-IP": "203.0.113.7", "X-Request-Id": `audit-${action}` };
      const answer = await as(admin, method, `/api/v1${path}`, options(body, headers));
      expect(answer.status, answer.text).toBeLessThan(300);
      const [line, ...more] = (await lines()).slice(known);
      expect(more).toEqual([]);
      expect(line).toMatchObject({
        actor: admin.id,
        action,
        target: target ?? answer.body.data.id,
        address: "203.0.113.7",
        request_id: `audit-${action}`,
      });
      expect(line?.data).not.toMatch(/hf_|argon2|rt_/);
    }
  });

  it("and its line are one batch: neither is there without the other", async () => {
    const all = await changes();
    const admin = await makeMember("admin");
    const before = await state();
    // The batch's last statement fails, after all of its own have succeeded.
    const failing = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) =>
        statements.length > 1
          ? env.DB.batch([...statements, env.DB.prepare("SELECT 1 FROM nothing")])
          : env.DB.batch(statements),
    };
    const shop = shopOver(failing);
    await logOf(async () => {
      for (const { method, path, body } of all) {
        const at = `/api/v1${path}`;
        const headers = {
          Authorization: `Bearer ${admin.accessToken}`,
          ...newKeyWhereNeeded(method, at),
        };
        const { status } = await shop.call(method, at, options(body, headers));
        expect(status, path).toBe(500);
      }
    });
    expect(await state()).toEqual(before);
  });

  it("that is refused leaves no line", async () => {
    const sku = await makeSku(1);
    const admin = await makeMember("admin");
    const known = await lines();
    const variants = [{ sku, title: "One", price: { amount: 1, currency: "USD" } }];
    const damage = { kind: "damage", quantity: 2, reason: "Fell down" };
    for (const [method, path, body, status] of [
      ["POST", "/products", { title: "Taken", variants }, 409],
      ["POST", `/inventory/${sku}/movements`, damage, 409],
      ["POST", "/inventory/NOTHING/movements", damage, 404],
      ["PATCH", "/inventory/NOTHING", { lowStockThreshold: 2 }, 404],
      ["PATCH", "/users/usr_nobody", { role: "agent" }, 404],
      ["DELETE", "/api-keys/key_nothing", undefined, 404],
    ] as const) {
      const answer = await as(admin, method, `/api/v1${path}`, options(body));
      expect(answer.status, path).toBe(status);
    }
    expect(await lines()).toEqual(known);
  });

  it("that is sent again with its idempotency key leaves no second line", async () => {
    const sku = await makeSku(1);
    const admin = await makeMember("admin");
    const known = (await lines()).length;
    const body = { kind: "receive", quantity: 1, reason: "Delivery" };
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    for (let i = 0; i < 3; i += 1)
      await as(admin, "POST", `/api/v1/inventory/${sku}/movements`, { body, headers });
    expect(await lines()).toHaveLength(known + 1);
  });
});

async function state(): Promise<unknown> {
  return [
    await lines(),
    await rows("SELECT id FROM products"),
    await rows("SELECT sku, on_hand FROM stock_levels"),
    await rows("SELECT id, role FROM users"),
    await rows("SELECT id, revoked_at FROM api_keys"),
  ];
}

describe("The audit log", () => {
  it("cannot be changed, not even by the database's own statements", async () => {
    await makeSku(1);
    const before = await lines();
    expect(before).not.toEqual([]);
    for (const statement of [
      "UPDATE audit_log SET actor = 'nobody'",
      "DELETE FROM audit_log",
      "REPLACE INTO audit_log SELECT * FROM audit_log",
      "UPDATE OR IGNORE audit_log SET data = '{}'",
    ])
      await expect(env.DB.prepare(statement).run(), statement).rejects.toThrow();
    expect(await lines()).toEqual(before);
  });

  it("is read by admins newest first, page by page, by target and by actor", async () => {
    const admin = await makeMember("admin");
    const members = [await makeMember(), await makeMember(), await makeMember()];
    for (const { id } of members) {
      await as(admin, "PATCH", `/api/v1/users/${id}`, { body: { role: "agent" } });
      await travel(1000);
    }
    const read = async (query: string) =>
      (await as(admin, "GET", `/api/v1/audit-log?${query}`)).body;
    const targets = (body: { data: { target: string }[] }) => body.data.map(({ target }) => target);
    const newestFirst = members.map(({ id }) => id).reverse();
    const first = await read("pageSize=2&include=total");
    expect(targets(first)).toEqual(newestFirst.slice(0, 2));
    expect(first.meta.total).toBe(3);
    const one = await read(`target=${members[0]?.id}&include=total`);
    expect([one.data.length, one.meta.total]).toEqual([1, 1]);
    expect(first.data[0]).toMatchObject({
      actor: admin.id,
      action: "user.updated",
      data: { role: "agent" },
    });
    expect(targets(await read(`pageSize=2&cursor=${first.meta.nextCursor}`))).toEqual(
      newestFirst.slice(2),
    );
    expect(targets(await read(`target=${newestFirst[1]}`))).toEqual([newestFirst[1]]);
    expect(targets(await read("actor=usr_nobody"))).toEqual([]);
    expect(targets(await read(`actor=${admin.id}`))).toEqual(newestFirst);
  });
});
