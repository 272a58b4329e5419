import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newApiKey } from "../../src/identity/api-keys/api-key-secret.ts";
import { makeKey } from "../support/credentials.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { as, asAdmin, theAdmin } from "../support/people.ts";
import { recordingDatabase, shopOver } from "../support/rig.ts";
import { expectRefused } from "../support/token-attacks.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const SECOND_MS = 1000;
const holder = (secret: string) => ({ accessToken: secret });
const readStock = (secret: string) => as(holder(secret), "GET", "/api/v1/inventory");

async function create(body: object, headers: Record<string, string> = {}) {
  return asAdmin("POST", "/api/v1/api-keys", {
    body: { name: "Warehouse", scopes: ["inventory:read"], ...body },
    headers,
  });
}

const swapLast = (text: string) => text.slice(0, -1) + (text.endsWith("A") ? "B" : "A");
const swapCase = (text: string) =>
  text.slice(0, 3) +
  [...text.slice(3)]
    .map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()))
    .join("");

describe("An API key that is not one", () => {
  it("is refused in every form", async () => {
    const { secret: good } = await makeKey(["inventory:read"]);
    const gone = await makeKey(["inventory:read"], { revokedAt: Date.now() });
    const late = await makeKey(["inventory:read"], { expiresAt: Date.now() });
    const body = good.slice(3);
    const attacks = {
      "a wrong checksum": swapLast(good),
      "a wrong character": `hf_${swapLast(body.slice(0, 10))}${body.slice(10)}`,
      "a right checksum, unknown": await newApiKey(),
      revoked: gone.secret,
      expired: late.secret,
      "in other case": swapCase(good),
      "in capitals": good.toUpperCase(),
      "a prefix in capitals": `HF_${body}`,
      "another prefix": `sk_${body}`,
      "no prefix": body,
      "the prefix twice": `hf_${good}`,
      "a dash in the prefix": `hf-${body}`,
      "only the prefix": "hf_",
      "one character short": good.slice(0, -1),
      "one character long": `${good}A`,
      "in Base64": btoa(good),
      "in Base64 behind the prefix": `hf_${btoa(good)}`,
      "in hexadecimal": [...good].map((char) => char.charCodeAt(0).toString(16)).join(""),
      "percent-encoded": good.replace("_", "%5F"),
      "in quotes": `"${good}"`,
      "a pattern": "hf_%",
      SQL: "hf_'OR'1'='1",
      "a very long one": `hf_${"A".repeat(100_000)}`,
      "a list": `${good};${good}`,
      "a JSON": `{"key":"${good}"}`,
    };
    await expectRefused(
      Object.fromEntries(Object.entries(attacks).map(([name, key]) => [name, `Bearer ${key}`])),
    );
    await expectRefused({
      "as a password": `Basic ${btoa(`${good}:`)}`,
      "as a token": `Token ${good}`,
      "without a scheme": good,
      "two of them": `Bearer ${good}, ${good}`,
    });
    expect((await readStock(good)).status).toBe(200);
  });

  it("costs no trip to the database when its checksum is wrong, and one when it is right", async () => {
    const { database, statements } = recordingDatabase();
    const shop = shopOver(database);
    const ask = async (key: string) => {
      const headers = { Authorization: `Bearer ${key}` };
      expect((await shop.call("GET", "/api/v1/products", { headers })).status).toBe(401);
      return statements.splice(0).length;
    };
    const key = await newApiKey();
    expect(await ask(swapLast(key))).toBe(0);
    expect(await ask("hf_")).toBe(0);
    expect(await ask(key)).toBe(1);
  });
});

describe("An API key", () => {
  it("is shown once, and is in no list and no table afterwards", async () => {
    const made = await create({});
    expect(made.status).toBe(201);
    const { secret, id, hint } = made.body.data;
    expect(secret).toMatch(/^hf_[A-Za-z0-9]{36,46}$/);
    expect(hint).toBe(secret.slice(-4));
    expect((await readStock(secret)).status).toBe(200);
    const list = await asAdmin("GET", "/api/v1/api-keys");
    expect(list.body.data).toMatchObject([
      { id, name: "Warehouse", scopes: ["inventory:read"], lastUsedAt: expect.any(String) },
    ]);
    expect(list.text).not.toContain(secret);
    const stored = JSON.stringify([
      await rows("SELECT * FROM api_keys"),
      await rows("SELECT * FROM audit_log"),
      await rows("SELECT * FROM outbox"),
    ]);
    expect(stored).not.toContain(secret);
  });

  it("asked for twice with one idempotency key is one key, shown again, and in clear nowhere", async () => {
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await create({}, headers);
    const again = await create({}, headers);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await rows("SELECT id FROM api_keys")).toEqual([{ id: first.body.data.id }]);
    expect(await rows("SELECT action FROM audit_log")).toEqual([{ action: "api_key.created" }]);
    const stored = JSON.stringify([
      await rows("SELECT * FROM idempotency_keys"),
      await rows("SELECT * FROM api_keys"),
    ]);
    expect(stored).not.toContain(first.body.data.secret);
    expect(stored).not.toContain(first.body.data.secret.slice(3));
    const other = await create({ name: "Another" }, headers);
    expect(other.status).toBe(422);
    expect(other.body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  it("is over at the moment it was made to end", async () => {
    const expiresAt = new Date(Date.now() + 60 * SECOND_MS).toISOString();
    const { secret } = (await create({ expiresAt })).body.data;
    await travel(60 * SECOND_MS - 1);
    expect((await readStock(secret)).status).toBe(200);
    await travel(1);
    expect((await readStock(secret)).status).toBe(401);
  });

  it("cannot be made to have ended already", async () => {
    const expiresAt = new Date(Date.now()).toISOString();
    expectError(await create({ expiresAt }), 422, invalid({ expiresAt: "Must be in the future." }));
  });

  it("is over at once where it was revoked, and within ten seconds everywhere", async () => {
    const [one, two] = [await makeKey(["inventory:read"]), await makeKey(["inventory:read"])];
    for (const { secret } of [one, two]) expect((await readStock(secret)).status).toBe(200);
    expect((await asAdmin("DELETE", `/api/v1/api-keys/${one.id}`)).status).toBe(204);
    expect((await readStock(one.secret)).status).toBe(401);
    expect((await readStock(two.secret)).status).toBe(200);
    await env.DB.prepare("UPDATE api_keys SET revoked_at = 1").run();
    await travel(10 * SECOND_MS);
    expect((await readStock(two.secret)).status).toBe(401);
  });

  it("is revoked once, and leaves one line in the audit log", async () => {
    const { id } = await makeKey(["inventory:read"]);
    expect((await asAdmin("DELETE", `/api/v1/api-keys/${id}`)).status).toBe(204);
    expect((await asAdmin("DELETE", `/api/v1/api-keys/${id}`)).status).toBe(404);
    expect((await asAdmin("DELETE", "/api/v1/api-keys/key_unknown")).status).toBe(404);
    expect(await rows("SELECT action, target FROM audit_log")).toEqual([
      { action: "api_key.revoked", target: id },
    ]);
  });

  it("cannot make a key that may do more than itself", async () => {
    const maker = await makeKey(["identity:write", "inventory:read"]);
    const make = (scopes: string[]) =>
      as(holder(maker.secret), "POST", "/api/v1/api-keys", { body: { name: "Child", scopes } });
    expect((await make(["inventory:read"])).status).toBe(201);
    for (const scope of ["catalog:write", "orders:write", "identity:read"]) {
      expectError(await make(["inventory:read", scope]), 403, {
        code: "FORBIDDEN",
        message:
          "A key may do no more than whoever makes it, and lives no longer than a key that makes it.",
      });
    }
  });

  it("speaks for no user, and never sees the shop as one", async () => {
    const { secret } = await makeKey(["identity:read", "identity:write", "orders:read"]);
    for (const [method, path, body] of [
      ["GET", "/me", undefined],
      ["PATCH", "/me", { name: "Key" }],
      ["GET", "/auth/sessions", undefined],
      ["POST", "/auth/email/resend", undefined],
    ] as const) {
      const options = body === undefined ? {} : { body };
      expect((await as(holder(secret), method, `/api/v1${path}`, options)).status).toBe(403);
    }
  });

  it("says who used it in what it changes", async () => {
    const { id, secret } = await makeKey(["catalog:write"]);
    const variants = [{ sku: "KEYED", title: "One", price: { amount: 1, currency: "USD" } }];
    const body = { title: "By a key", variants };
    expect((await as(holder(secret), "POST", "/api/v1/products", { body })).status).toBe(201);
    expect(await rows("SELECT actor, action FROM audit_log")).toEqual([
      { actor: id, action: "product.created" },
    ]);
    expect((await theAdmin()).id).not.toBe(id);
  });
});
