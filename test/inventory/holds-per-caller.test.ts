import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { servicesOf } from "../../src/services.ts";
import { makeMember } from "../support/credentials.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
import type { Answer } from "../support/http.ts";
import { arrive } from "../support/money-back.ts";
import { shopOver } from "../support/rig.ts";
import { checkoutBody, level, makeSku } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const LIMIT = 3;
const MINUTE_MS = 60_000;
const HERE = "203.0.113.7";
const ELSEWHERE = "203.0.113.8";

const shop = () =>
  shopOver(env.DB, { config: { ...servicesOf(env).config, holdsPerCaller: LIMIT } });
type Shop = ReturnType<typeof shop>;

const from = (address: string) => ({ "CF-Connecting-IP": address });

function hold(at: Shop, sku: string, headers: Record<string, string> = from(HERE)) {
  const body = { items: [{ sku, quantity: 1 }] };
  return at.call("POST", "/api/v1/reservations", { headers, body });
}

function buy(at: Shop, sku: string, headers: Record<string, string> = from(HERE)) {
  return at.call("POST", "/api/v1/checkouts", {
    headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
    body: checkoutBody({ items: [{ sku, quantity: 1 }] }),
  });
}

const formOf = (sku: string) =>
  [`/products/product-${sku.toLowerCase()}`, { variant: sku, quantity: "1" }] as const;

/** One made by the form leads to its page, one that is refused back to the form. */
async function isMadeByForm(at: Shop, sku: string): Promise<boolean> {
  const { headers } = await sendForm(...formOf(sku), from(HERE), at.call);
  return headers.get("Location")?.startsWith("/reservations/") === true;
}

const isMade = async (answer: Promise<Answer>) => (await answer).status === 201;

function expectFull({ status, body }: Answer): void {
  expect([status, body.error?.code, body.error?.details]).toEqual([
    422,
    "BUSINESS_RULE_VIOLATION",
    [{ sku: null, limit: LIMIT, held: LIMIT }],
  ]);
}

/** Three holds of this caller, answered as they were. */
async function fill(at: Shop, sku: string): Promise<Answer[]> {
  const made = [await hold(at, sku), await hold(at, sku), await hold(at, sku)];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
  expectFull(await hold(at, sku));
  return made;
}

describe("A single caller must not empty the shop", () => {
  it("so of many holds that one address asks for at once, by every route, three are made", async () => {
    const at = shop();
    const sku = await makeSku(50);
    const asked = Array.from({ length: 12 }, (_, i) =>
      [() => isMade(hold(at, sku)), () => isMade(buy(at, sku)), () => isMadeByForm(at, sku)][
        i % 3
      ]?.(),
    );
    expect((await Promise.all(asked)).filter((made) => made)).toHaveLength(LIMIT);
    expect(await level(sku)).toMatchObject({ reserved: LIMIT });
    expectFull(await hold(at, sku));
    expectFull(await buy(at, sku));
    const page = await sendWrongForm(...formOf(sku), { headers: from(HERE), ask: at.call });
    expect(page.text).toContain("There can be 3 unpaid reservations at a time.");
  });

  it("and everybody else still can", async () => {
    const at = shop();
    const sku = await makeSku(50);
    await fill(at, sku);
    expect((await hold(at, sku, from(ELSEWHERE))).status).toBe(201);
    const { accessToken } = await makeMember();
    const signedIn = { ...from(HERE), Authorization: `Bearer ${accessToken}` };
    expect((await hold(at, sku, signedIn)).status).toBe(201);
  });

  it("from another address of its own /64 either, which is a household's or a server's", async () => {
    const at = shop();
    const sku = await makeSku(50);
    for (let i = 0; i < LIMIT; i += 1) await hold(at, sku, from(`2001:db8:1:2:${i}::${i}`));
    expectFull(await hold(at, sku, from("2001:db8:1:2:ffff:1:2:3")));
    expect((await hold(at, sku, from("2001:db8:1:3::1"))).status).toBe(201);
  });

  it("nor an account from wherever its people are", async () => {
    const at = shop();
    const sku = await makeSku(50);
    const Authorization = `Bearer ${(await makeMember()).accessToken}`;
    for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
      expect((await hold(at, sku, { ...from(address), Authorization })).status).toBe(201);
    expectFull(await hold(at, sku, { ...from("192.0.2.4"), Authorization }));
  });

  it("past the database: it refuses one more, whoever asks it", async () => {
    const sku = await makeSku(50);
    await fill(shop(), sku);
    const more = rows(
      `INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at)
       SELECT 'rsv_x', 'hld_x', 'held', caller, caller_limit, 'x', created_at, expires_at FROM reservations LIMIT 1`,
    );
    await expect(more).rejects.toThrow("holds_per_caller");
  });
});

describe("A hold counts against its caller", () => {
  it("until it is given back, paid, canceled or over", async () => {
    const at = shop();
    const sku = await makeSku(50);
    const [given] = await fill(at, sku);
    await at.call("DELETE", `/api/v1/reservations/${given?.body.data.id}`);
    const paid = await buy(at, sku);
    expectFull(await hold(at, sku));
    await stripe.pay(paid.body.data.paymentUrl);
    await arrive();
    const canceled = await buy(at, sku);
    expectFull(await hold(at, sku));
    const { orderId, orderToken } = canceled.body.data;
    await at.call("POST", `/api/v1/orders/${orderId}/cancel`, {
      headers: { "X-Order-Token": orderToken },
    });
    expect((await hold(at, sku)).status).toBe(201);
    expectFull(await hold(at, sku));
  });

  it("and not a moment longer than it lasts, however late the sweep is", async () => {
    const at = shop();
    const sku = await makeSku(50);
    await rows("UPDATE variants SET max_per_order = 50 WHERE sku = ?", sku);
    await fill(at, sku);
    // More that are overdue than a hold ends on its way, so that these three are not swept either.
    await rows(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
       INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at)
       SELECT 'rsv_' || i, 'hld_' || i, 'held', 'guest_' || i, 20, 'x', 1, 2 FROM n`,
    );
    await travel(15 * MINUTE_MS);
    expect((await hold(at, sku)).status).toBe(201);
    await cron();
  });

  it("for as long as a bank takes", async () => {
    const at = shop();
    const sku = await makeSku(50);
    for (let i = 0; i < LIMIT; i += 1) {
      const { body } = await buy(at, sku);
      await stripe.pay(body.data.paymentUrl, { method: "bank_transfer" });
      await arrive();
    }
    await travel(60 * MINUTE_MS);
    await cron();
    expect(await level(sku)).toMatchObject({ reserved: LIMIT });
    expectFull(await hold(at, sku));
  });
});

describe("What is kept of a guest", () => {
  it("is no address, and says nothing to who has not the shop's secret", async () => {
    const sku = await makeSku(50);
    const { config } = servicesOf(env);
    await hold(shop(), sku);
    const tokenSecret = "another-secret-00000000000000000000000000";
    await hold(shopOver(env.DB, { config: { ...config, tokenSecret } }), sku);
    const callers = await rows<{ caller: string }>("SELECT caller FROM reservations");
    expect(callers).toHaveLength(2);
    expect(callers[0]).not.toEqual(callers[1]);
    for (const { caller } of callers) expect(caller).toMatch(/^guest_[\w-]{43}$/);
  });
});

describe("HOLDS_PER_CALLER", () => {
  const limit = (value?: string) => parseConfig({ ...env, HOLDS_PER_CALLER: value }).holdsPerCaller;

  it("is 20 where nobody says otherwise, and a whole number of at least 1", () => {
    expect(limit()).toBe(20);
    expect(limit("")).toBe(20);
    expect(limit("5")).toBe(5);
    for (const wrong of ["0", "-1", "1.5", "many"])
      expect(() => limit(wrong)).toThrow("HOLDS_PER_CALLER");
  });
});
