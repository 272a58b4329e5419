import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { KeyRing, rotateSigningKeys } from "../../src/identity/index.ts";
import { servicesOf } from "../../src/services.ts";
import { makeMember, makeSession, systemContext } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { logOf, recordingDatabase, shopOver } from "../support/rig.ts";
import { claimsOf, compact, headerOf, present, shopKey, strangeKey } from "../support/tokens.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ROTATION = "*/5 * * * *";

const published = async (): Promise<(JsonWebKey & { kid: string })[]> =>
  (await call("GET", "/.well-known/jwks.json")).body.keys;
const kids = async () => (await published()).map(({ kid }) => kid).sort();
const kidOf = (token: string): string => JSON.parse(atob(token.split(".")[0] ?? "")).kid;

async function rotate(): Promise<void> {
  await travel(30 * DAY_MS);
  await cron(ROTATION);
}

describe("The published keys", () => {
  it("are the current and the next one, with exactly their public members", async () => {
    const answer = await call("GET", "/.well-known/jwks.json");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=3600");
    expect(Object.keys(answer.body)).toEqual(["keys"]);
    expect(answer.body.keys).toHaveLength(2);
    for (const key of answer.body.keys) {
      expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
      expect(key).toMatchObject({ alg: "ES256", crv: "P-256", kty: "EC", use: "sig" });
    }
    expect(await kids()).toEqual(
      [(await shopKey("current")).kid, (await shopKey("next")).kid].sort(),
    );
  });

  it("verify a token with nothing but WebCrypto", async () => {
    const { accessToken } = await makeMember();
    const [header = "", payload = "", signature = ""] = accessToken.split(".");
    const jwk = (await published()).find(({ kid }) => kid === kidOf(accessToken)) ?? {
      kty: "none",
    };
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    const bytes = Uint8Array.from(
      atob(signature.replaceAll("-", "+").replaceAll("_", "/")),
      (char) => char.charCodeAt(0),
    );
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes, signed)).toBe(
      true,
    );
  });

  it("have private halves that no table holds in clear", async () => {
    await makeMember();
    expect((await shopKey()).privateKey.type).toBe("private");
    const stored = JSON.stringify(await rows("SELECT * FROM signing_keys"));
    expect(stored).not.toMatch(/\\"d\\":/);
  });
});

describe("The keys of a new shop", () => {
  it("are the same for isolates that make them at once", async () => {
    const rings = Array.from({ length: 8 }, () => new KeyRing());
    const ctx = systemContext();
    const signers = await Promise.all(rings.map((ring) => ring.signer(ctx)));
    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1);
    expect(await rows("SELECT status FROM signing_keys ORDER BY status")).toEqual([
      { status: "current" },
      { status: "next" },
    ]);
    const sets = await Promise.all(rings.map((ring) => ring.publicKeys(ctx)));
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(1);
  });

  it("serve one request each at once, which then know each other's tokens", async () => {
    const shops = [new KeyRing(), new KeyRing()].map((keys) => shopOver(env.DB, { keys }));
    const tokens = await Promise.all(
      shops.map(async (shop, i) => {
        const body = {
          email: `isolate-${i}@example.com`,
          password: "correct horse battery",
          name: "Ada",
        };
        return (await shop.call("POST", "/api/v1/auth/register", { body })).body.data.accessToken;
      }),
    );
    for (const shop of shops) {
      for (const token of tokens) {
        const headers = { Authorization: `Bearer ${token}` };
        expect((await shop.call("GET", "/api/v1/me", { headers })).status).toBe(200);
      }
    }
  });
});

describe("A rotation", () => {
  it("comes after thirty days: what was published signs, and another is published", async () => {
    await makeMember();
    const before = { current: (await shopKey()).kid, next: (await shopKey("next")).kid };
    await travel(30 * DAY_MS - MINUTE_MS);
    await cron(ROTATION);
    expect((await shopKey()).kid).toBe(before.current);
    await travel(MINUTE_MS);
    await cron(ROTATION);
    expect((await shopKey()).kid).toBe(before.next);
    expect((await shopKey("retired")).kid).toBe(before.current);
    expect(await rows("SELECT status FROM signing_keys")).toHaveLength(3);
    await travel(5 * MINUTE_MS);
    expect(await kids()).toHaveLength(3);
    expect(kidOf((await makeMember()).accessToken)).toBe(before.next);
  });

  it("lets the tokens of the old key live to their end, in an isolate that has seen it and in a new one", async () => {
    const member = await makeMember();
    await travel(30 * DAY_MS - MINUTE_MS);
    const { accessToken } = await makeSession(member.id);
    await travel(MINUTE_MS);
    await cron(ROTATION);
    expect(kidOf(accessToken)).toBe((await shopKey("retired")).kid);
    const fresh = shopOver(env.DB, { keys: new KeyRing() });
    const headers = { Authorization: `Bearer ${accessToken}` };
    await travel(13 * MINUTE_MS);
    expect((await present(accessToken)).status).toBe(200);
    expect((await fresh.call("GET", "/api/v1/me", { headers })).status).toBe(200);
    await travel(MINUTE_MS);
    expect((await present(accessToken)).status).toBe(401);
  });

  it("takes the old key away after a day, and then refuses what it signs", async () => {
    await makeMember();
    await rotate();
    const old = await shopKey("retired");
    const member = await makeMember();
    const token = () => compact(headerOf(old), claimsOf(member), old.privateKey);
    expect((await present(await token())).status).toBe(200);
    await travel(DAY_MS - MINUTE_MS);
    await cron(ROTATION);
    expect(await rows("SELECT status FROM signing_keys")).toHaveLength(3);
    await travel(MINUTE_MS);
    await cron(ROTATION);
    await travel(5 * MINUTE_MS);
    expect(await kids()).not.toContain(old.kid);
    const { id: sessionId } = await makeSession(member.id);
    const late = await compact(headerOf(old), claimsOf({ ...member, sessionId }), old.privateKey);
    expect((await present(late)).status).toBe(401);
  });

  it("happens once when two crons run it at once, and neither fails", async () => {
    await makeMember();
    await travel(30 * DAY_MS);
    const { lines } = await logOf(() => Promise.all([cron(ROTATION), cron(ROTATION)]), "cron");
    expect(lines.filter(({ level }) => level !== "info")).toEqual([]);
    const rotated = await Promise.all([1, 2, 3].map(() => rotateSigningKeys(systemContext())));
    expect(rotated).toEqual(Array(3).fill({ rotated: 0 }));
    expect(await rows("SELECT status FROM signing_keys ORDER BY status")).toEqual([
      { status: "current" },
      { status: "next" },
      { status: "retired" },
    ]);
  });

  it("waits until the next key has been published for a day", async () => {
    await makeMember();
    await env.DB.prepare("DELETE FROM signing_keys WHERE status = 'next'").run();
    await rotate();
    const { kid } = await shopKey();
    await travel(DAY_MS - MINUTE_MS);
    await cron(ROTATION);
    expect((await shopKey()).kid).toBe(kid);
    await travel(MINUTE_MS);
    await cron(ROTATION);
    expect((await shopKey()).kid).not.toBe(kid);
  });
});

describe("The next key", () => {
  // An isolate that has not heard of a rotation yet must take what another one signs after it.
  it("already verifies, so that a rotation never refuses a token", async () => {
    const member = await makeMember();
    const next = await shopKey("next");
    const token = await compact(headerOf(next), claimsOf(member), next.privateKey);
    expect((await present(token)).status).toBe(200);
  });

  // A database that was put back while isolates live: seen in a history, as a customer who was answered 401.
  it("is found by an isolate that read its keys a moment before there was such a one", async () => {
    const ring = new KeyRing();
    const shop = shopOver(env.DB, { keys: ring });
    await makeMember();
    await travel(30 * DAY_MS);
    await ring.load(systemContext());
    await cron(ROTATION);
    servicesOf(env).keys.forget();
    const next = await shopKey("next");
    const member = await makeMember();
    const token = await compact(headerOf(next), claimsOf(member), next.privateKey);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await shop.call("GET", "/api/v1/me", { headers })).status).toBe(200);
  });

  it("is looked for once in ten seconds, however many tokens name keys that are not ours", async () => {
    const { database, statements } = recordingDatabase();
    const shop = shopOver(database, { keys: new KeyRing() });
    const member = await makeMember();
    const strange = await strangeKey();
    const token = await compact(headerOf(strange), claimsOf(member), strange.privateKey);
    const headers = { Authorization: `Bearer ${token}` };
    const reads = async (): Promise<number> => {
      statements.length = 0;
      for (let tries = 0; tries < 4; tries += 1)
        expect((await shop.call("GET", "/api/v1/me", { headers })).status).toBe(401);
      return statements.filter(({ sql }) => sql.includes('from "signing_keys"')).length;
    };
    expect(await reads()).toBe(2); // its first of all, and the one that looks for the key
    expect(await reads()).toBe(0);
    await travel(10_000);
    expect(await reads()).toBe(1);
  });
});
