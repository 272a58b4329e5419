import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund, sell } from "../support/after-sale.ts";
import { makeKey, makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { type Answer, call } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { logOf } from "../support/rig.ts";
import { checkOut, level, makeSku } from "../support/shop.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PURGE = "*/5 * * * *";

const replayed = ({ headers }: Answer) => headers.get("Idempotency-Replayed");

/** One reservation with the key `k`, as whoever these headers say. */
function hold(sku: string, headers: Record<string, string>) {
  return call("POST", "/api/v1/reservations", {
    headers: { "Idempotency-Key": "k", ...headers },
    body: { items: [{ sku, quantity: 1 }] },
  });
}

const guest = (address: string) => ({ "CF-Connecting-IP": address });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Expects that each of these callers does it once for themselves. */
async function expectStrangers(callers: readonly Record<string, string>[]): Promise<void> {
  const sku = await makeSku(20);
  const answers = await Promise.all(callers.map((caller) => hold(sku, caller)));
  expect(answers.map(replayed)).toEqual(callers.map(() => null));
  const ids: string[] = answers.map(({ body }) => body.data.id);
  expect(new Set(ids).size).toBe(callers.length);
  for (const [i, caller] of callers.entries()) {
    const again = await hold(sku, caller);
    expect([again.text, replayed(again)]).toEqual([answers[i]?.text, "true"]);
  }
  expect(await level(sku)).toMatchObject({ reserved: callers.length });
}

describe("An idempotency key", () => {
  it("is a guest's own: guests are told apart by their address", async () => {
    await expectStrangers([guest("203.0.113.1"), guest("203.0.113.2"), guest("2001:db8::1")]);
  });

  it("is a user's own, whichever address they and their colleague share", async () => {
    const one = await makeMember();
    const colleague = await makeMember("customer", one.accountId);
    const at = guest("203.0.113.1");
    await expectStrangers([
      at,
      { ...at, ...bearer(one.accessToken) },
      { ...at, ...bearer(colleague.accessToken) },
    ]);
  });

  it("goes with the user to another address and another session", async () => {
    const sku = await makeSku(5);
    const { accessToken, refreshToken } = await makeMember();
    const first = await hold(sku, { ...bearer(accessToken), ...guest("203.0.113.1") });
    const body = { refreshToken };
    const next = (await call("POST", "/api/v1/auth/refresh", { body })).body.data;
    const again = await hold(sku, { ...bearer(next.accessToken), ...guest("203.0.113.2") });
    expect([again.text, replayed(again)]).toEqual([first.text, "true"]);
  });

  it("is an API key's own, also of those that one admin has made", async () => {
    const [one, other] = [await makeKey(["inventory:write"]), await makeKey(["inventory:write"])];
    await expectStrangers([one, other].map(({ secret }) => bearer(secret)));
  });

  it("is no longer honoured for a caller who may not call any more", async () => {
    const { id, secret } = await makeKey(["inventory:write"]);
    const path = `/api/v1/inventory/${await makeSku(5)}/movements`;
    const send = () =>
      call("POST", path, {
        headers: { "Idempotency-Key": "k", ...bearer(secret) },
        body: { kind: "receive", quantity: 1, reason: "Delivery" },
      });
    expect([await send(), await send()].map(replayed)).toEqual([null, "true"]);
    await asAdmin("DELETE", `/api/v1/api-keys/${id}`);
    expect((await send()).status).toBe(401);
  });

  it("is for one route: what was said of a refund is no answer to a shipment or a cancellation", async () => {
    const at = await sell([{ amount: 2500, quantity: 1 }]);
    expect((await refund(at, {}, "k")).status).toBe(201);
    for (const answer of [await fulfill(at, {}, "k"), await cancel(at, undefined, "k")])
      expect([answer.status, answer.body.error?.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    await settle();
  });

  it("leaves nothing readable of the caller, the request or the answer in the database", async () => {
    const secret = "a very private passphrase";
    const email = "private@example.com";
    const address = "203.0.113.77";
    const body = { email, password: secret, name: "Private Name" };
    const headers = { "Idempotency-Key": "k", ...guest(address) };
    const { data } = (await call("POST", "/api/v1/auth/register", { headers, body })).body;
    const [row] = await rows<{ request_hash: string; caller: string }>(
      "SELECT * FROM idempotency_keys",
    );
    const stored = JSON.stringify(row);
    for (const readable of [secret, email, address, data.accessToken, data.refreshToken])
      expect(stored).not.toContain(readable);
    // A hash without the shop's secret could be guessed back to the password.
    for (const text of [address, `guest:${address}`, JSON.stringify(body)])
      for (const made of [text, `POST /api/v1/auth/register\n${text}`])
        expect(stored).not.toContain(await plainHash(made));
  });

  it("that is empty, too long, or not of visible ASCII is refused", async () => {
    const sku = await makeSku(5);
    const wrong = ["", " ", '""', '"', "x".repeat(256), "a\tb", "é", "a\u00a0b", '"a\tb"', "\x7f"];
    for (const key of wrong)
      expectError(await hold(sku, { "Idempotency-Key": key }), 422, {
        code: "VALIDATION_FAILED",
        message: "Some fields are not right.",
        fields: {
          "Idempotency-Key": "Must have 1 to 255 visible ASCII characters, such as a UUID has.",
        },
      });
    for (const key of ["x".repeat(255), "a b", '"a b"', 'a"b'])
      expect([key, (await hold(sku, { "Idempotency-Key": key })).status]).toEqual([key, 201]);
  });
});

async function plainHash(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

describe("A key that is a day old", () => {
  it("is a new one, also before the purge has come to it", async () => {
    const sku = await makeSku(9);
    const first = await hold(sku, guest("203.0.113.1"));
    await travel(DAY_MS - 1);
    expect(replayed(await hold(sku, guest("203.0.113.1")))).toBe("true");
    await travel(1);
    const later = await hold(sku, guest("203.0.113.1"));
    expect([later.status, replayed(later)]).toEqual([201, null]);
    expect(later.body.data.id).not.toBe(first.body.data.id);
    expect(later.headers.get("Server-Timing")).toMatch(/desc="1"/);
    const again = await hold(sku, guest("203.0.113.1"));
    expect([again.text, replayed(again)]).toEqual([later.text, "true"]);
    expect(await rows("SELECT key FROM idempotency_keys WHERE key = 'k'")).toHaveLength(1);
  });

  it("may come with another request then", async () => {
    const [sku, other] = [await makeSku(9), await makeSku(9)];
    await hold(sku, {});
    expect((await hold(other, {})).body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
    await travel(DAY_MS);
    expect((await hold(other, {})).status).toBe(201);
    expect((await hold(sku, {})).body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  it("gives the answer of that day with nothing of an older one's headers", async () => {
    const sku = await makeSku(0);
    const body = { email: "ada@example.com", password: "wrong horse battery staple" };
    const headers = { "Idempotency-Key": "k" };
    const wrong = await call("POST", "/api/v1/auth/login", { headers, body });
    expect(wrong.headers.get("WWW-Authenticate")).toContain("Bearer");
    await travel(DAY_MS);
    const short = await hold(sku, {});
    const again = await hold(sku, {});
    expect([again.status, again.text, replayed(again)]).toEqual([409, short.text, "true"]);
    expect(again.headers.has("WWW-Authenticate")).toBe(false);
  });

  it("does it once when ten come at once", async () => {
    const sku = await makeSku(20);
    await hold(sku, {});
    await travel(DAY_MS);
    const answers = await Promise.all(Array.from({ length: 10 }, () => hold(sku, {})));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter((answer) => replayed(answer) === null)).toHaveLength(1);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("makes another order, whose answer it then gives", async () => {
    const items = [{ sku: await makeSku(9), quantity: 1 }];
    const first = await checkOut({ items }, "k");
    await travel(DAY_MS);
    const later = await checkOut({ items }, "k");
    expect([later.status, replayed(later)]).toEqual([201, null]);
    expect(later.body.data.orderId).not.toBe(first.body.data.orderId);
    const again = await checkOut({ items }, "k");
    expect([again.text, replayed(again)]).toEqual([later.text, "true"]);
    expect(await rows("SELECT id FROM orders")).toHaveLength(2);
    await cron();
  });
});

const A_SECOND = 50;
const SECONDS_OF_A_RUN = 5 * 60;

/** So many keys that were over an hour ago, and one that is not over. */
async function leaveKeys(count: number): Promise<void> {
  const over = Date.now() - HOUR_MS;
  await env.DB.batch([
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
       INSERT INTO idempotency_keys (caller, key, request_hash, status, body, created_at, expires_at)
       SELECT 'guest', 'key-' || i, '', 201, '{}', CAST(?2 AS INTEGER), CAST(?2 AS INTEGER) FROM n`,
    ).bind(count, over),
    env.DB.prepare(
      "INSERT INTO idempotency_keys (caller, key, request_hash, created_at, expires_at) VALUES ('guest', 'live', '', 0, CAST(? AS INTEGER))",
    ).bind(Date.now() + 1),
  ]);
}

async function keysLeft(): Promise<number> {
  const [row] = await rows<{ left: number }>("SELECT count(*) AS left FROM idempotency_keys");
  return row?.left ?? 0;
}

describe("The purge of keys", () => {
  it("keeps up with fifty a second, and leaves those that live", async () => {
    await leaveKeys(A_SECOND * SECONDS_OF_A_RUN);
    await cron(PURGE);
    expect(await rows("SELECT key FROM idempotency_keys")).toEqual([{ key: "live" }]);
  });

  it("does no more than its bound in a run, and the rest in the next", async () => {
    await leaveKeys(30_500);
    const { lines } = await logOf(() => cron(PURGE));
    const line = lines.find(({ task }) => task === "purge_idempotency_keys");
    expect(line).toMatchObject({ purged: 30_000, trips: 30 });
    expect(await keysLeft()).toBe(501);
    await cron(PURGE);
    expect(await keysLeft()).toBe(1);
  });

  it("may run three times at once", async () => {
    await leaveKeys(3500);
    await Promise.all([cron(PURGE), cron(PURGE), cron(PURGE)]);
    expect(await keysLeft()).toBe(1);
  });

  it("takes no key away in the middle of its day", async () => {
    const sku = await makeSku(5);
    const member = await makeMember();
    const send = () =>
      as(member, "POST", "/api/v1/reservations", {
        headers: { "Idempotency-Key": "k" },
        body: { items: [{ sku, quantity: 1 }] },
      });
    const first = await send();
    await leaveKeys(100);
    await cron(PURGE);
    expect((await send()).text).toBe(first.text);
  });
});
