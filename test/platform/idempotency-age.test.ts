import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { holdWithKey, replayed } from "../support/keyed.ts";
import { as, PASSWORD, registerPerson } from "../support/people.ts";
import { logOf } from "../support/rig.ts";
import { checkOut, level, makeSku } from "../support/shop.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PURGE = "*/5 * * * *";

const guest = (address: string) => ({ "CF-Connecting-IP": address });

describe("A key that is a day old", () => {
  it("is a new one, also before the purge has come to it", async () => {
    const sku = await makeSku(9);
    const first = await holdWithKey(sku, guest("203.0.113.1"));
    await travel(DAY_MS - 1);
    expect(replayed(await holdWithKey(sku, guest("203.0.113.1")))).toBe("true");
    await travel(1);
    const later = await holdWithKey(sku, guest("203.0.113.1"));
    expect([later.status, replayed(later)]).toEqual([201, null]);
    expect(later.body.data.id).not.toBe(first.body.data.id);
    expect(later.headers.get("Server-Timing")).toMatch(/desc="1"/);
    const again = await holdWithKey(sku, guest("203.0.113.1"));
    expect([again.text, replayed(again)]).toEqual([later.text, "true"]);
    expect(await rows("SELECT key FROM idempotency_keys")).toHaveLength(1);
  });

  it("may come with another request then", async () => {
    const [sku, other] = [await makeSku(9), await makeSku(9)];
    await holdWithKey(sku, {});
    expect((await holdWithKey(other, {})).body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
    await travel(DAY_MS);
    expect((await holdWithKey(other, {})).status).toBe(201);
    expect((await holdWithKey(sku, {})).body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  it("gives the answer of that day with nothing of an older one's headers", async () => {
    const body = { items: [{ sku: await makeSku(0), quantity: 1 }] };
    const headers = { "Idempotency-Key": "k" };
    const person = await registerPerson();
    const { email } = person;
    const wrong = await as(person, "POST", "/api/v1/auth/login", {
      headers,
      body: { email, password: "wrong horse battery staple" },
    });
    expect(wrong.headers.get("WWW-Authenticate")).toContain("Bearer");
    await travel(DAY_MS);
    const { data: today } = (
      await call("POST", "/api/v1/auth/login", { body: { email, password: PASSWORD } })
    ).body;
    const hold = () => as(today, "POST", "/api/v1/reservations", { headers, body });
    const short = await hold();
    const again = await hold();
    expect([again.status, again.text, replayed(again)]).toEqual([409, short.text, "true"]);
    expect(again.headers.has("WWW-Authenticate")).toBe(false);
  });

  it("does it once when ten come at once", async () => {
    const sku = await makeSku(20);
    await holdWithKey(sku, {});
    await travel(DAY_MS);
    const answers = await Promise.all(Array.from({ length: 10 }, () => holdWithKey(sku, {})));
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
