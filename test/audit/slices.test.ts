import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { emptyShop } from "../support/empty-shop.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import { asAdmin } from "../support/people.ts";
import { asD1, logOf } from "../support/rig.ts";
import { type Bought, makeSku, toPaymentPage } from "../support/shop.ts";
import { cron, rows, settle, useWorld } from "../support/world.ts";
import { goneWhole, twoOrders } from "./breaches.ts";

useWorld();

const HOURLY = "7 * * * *";
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How many breaches the next run of the audit says there are. */
async function audit(): Promise<unknown> {
  const { lines } = await logOf(() => cron(HOURLY));
  return lines.find(({ task }) => task === "audit_invariants")?.["breaches"];
}

const setState = (path: string, value: unknown) =>
  rows(
    "UPDATE reconciliations SET state = json_set(state, ?, json(?)) WHERE name = 'audit'",
    path,
    JSON.stringify(value),
  );
const state = async () => {
  const [row] = await rows<{ state: string }>(
    "SELECT state FROM reconciliations WHERE name = 'audit'",
  );
  return JSON.parse(row?.state ?? "{}");
};

/** From here on the shop is one whose last round through everything took two runs, so that the next is in a week. */
async function beLarge(): Promise<void> {
  expect(await audit()).toBe(0);
  await setState("$.last", { begunAt: Date.now(), runs: 2 });
}

const miscount = ({ orderId }: Bought, by: number) =>
  rows("UPDATE orders SET captured = captured + ? WHERE id = ?", by, orderId);
const change = ({ orderId }: Bought) =>
  env.DB.batch([
    env.DB.prepare(
      "INSERT INTO order_events (order_id, seq, type, data, actor, created_at) SELECT id, version + 1, 'note', '{}', 'x', 1 FROM orders WHERE id = ?",
    ).bind(orderId),
    env.DB.prepare("UPDATE orders SET version = version + 1 WHERE id = ?").bind(orderId),
  ]);

/** By its sale, by its day, and by what its customer has bought and spent. */
const MISSED = 4;

describe("The audit of a large shop", () => {
  it("looks at everything once a week", async () => {
    const at = await toPaymentPage();
    await beLarge();
    await miscount(at, 1);
    const begun = (ago: number) => setState("$.last", { begunAt: Date.now() - ago, runs: 2 });
    await begun(7 * DAY_MS - 1);
    expect(await audit()).toBe(0);
    await begun(7 * DAY_MS);
    expect(await audit()).toBe(2); // what it says, and what its payments say
    await miscount(at, -1);
  });

  it("looks at an order in the hour in which it changes", async () => {
    const at = await toPaymentPage();
    await beLarge();
    await miscount(at, 1);
    expect(await audit()).toBe(0);
    await change(at);
    expect(await audit()).toBe(2);
    expect((await state()).suspects).toEqual([{ kind: "orders", ids: [at.orderId] }]);
    await miscount(at, -1);
  });

  it("says it each hour until it is mended, and shows it to whoever asks", async () => {
    const at = await toPaymentPage();
    await beLarge();
    await miscount(at, 1);
    await change(at);
    expect([await audit(), await audit()]).toEqual([2, 2]);
    const { body } = await asAdmin("GET", "/api/v1/admin/invariants");
    expect(body.data[1]).toMatchObject({ name: "I2", holds: false });
    await miscount(at, -1);
    expect([await audit(), (await state()).suspects]).toEqual([0, []]);
  });

  it("compares each SKU that has moved with its checkpoint and what came after it", async () => {
    const sku = await makeSku(3);
    await beLarge();
    const move = { kind: "receive", quantity: 2, reason: "Test" };
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, { body: move });
    await rows("UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku = ?", sku);
    expect(await audit()).toBe(1);
    await rows("UPDATE stock_levels SET on_hand = on_hand - 1 WHERE sku = ?", sku);
    expect(await audit()).toBe(0);
    const found = "SELECT on_hand AS onHand, reserved FROM stock_checkpoints WHERE sku = ?";
    expect(await rows(found, sku)).toEqual([{ onHand: 5, reserved: 0 }]);
  });

  it("looks at a SKU in the next run, when one has died before it came to that", async () => {
    const sku = await makeSku(3);
    await beLarge();
    await toPaymentPage(); // an order's history, as there is in each hour: it writes down how far the run is
    const move = { kind: "receive", quantity: 2, reason: "Test" };
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, { body: move });
    await rows("UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku = ?", sku);
    const about = /LEFT JOIN stock_checkpoints c ON c.sku = l.sku/;
    const { database, failed } = databaseFailingOnce({ when: "before", about });
    const services = servicesWith({ DB: asD1(database) });
    await logOf(() => cronOver(services, HOURLY).catch(() => undefined));
    expect(failed()).toBe(true);
    expect(await audit()).toBe(1);
    await rows("UPDATE stock_levels SET on_hand = on_hand - 1 WHERE sku = ?", sku);
  });

  it("looks at a key in the hour in which it is made, because it lives for a day", async () => {
    await toPaymentPage();
    await beLarge();
    const { keys } = await state();
    expect(keys).toBeGreaterThan(0);
    await rows(
      `INSERT INTO idempotency_keys (caller, key, request_hash, subject, created_at, expires_at)
       VALUES ('x', 'x', 'x', 'ord_x', 1, ?)`,
      Date.now() + DAY_MS,
    );
    expect([await audit(), await audit()]).toEqual([1, 1]);
    await rows("DELETE FROM idempotency_keys WHERE subject = 'ord_x'");
  });

  it("counts the ledger anew in each round, and finds a checkpoint that is wrong", async () => {
    const sku = await makeSku(3);
    await beLarge();
    for (const table of ["stock_checkpoints", "stock_levels"])
      await rows(`UPDATE ${table} SET on_hand = on_hand + 1 WHERE sku = ?`, sku);
    expect(await audit()).toBe(0);
    await setState("$.last", null);
    expect(await audit()).toBe(1);
    for (const table of ["stock_checkpoints", "stock_levels"])
      await rows(`UPDATE ${table} SET on_hand = on_hand - 1 WHERE sku = ?`, sku);
  });

  it("finds in each round what was sold to an order that is gone, and says it until it is mended", async () => {
    const { paid } = await twoOrders();
    await beLarge();
    await env.DB.batch(goneWhole(paid).map((sql) => env.DB.prepare(sql)));
    expect(await audit()).toBe(0);
    await setState("$.last", null);
    expect(await audit()).toBe(MISSED);
    expect((await state()).suspects).toContainEqual({ kind: "orders", ids: [paid.orderId] });
    await setState("$.last", { begunAt: Date.now(), runs: 2 });
    expect(await audit()).toBe(MISSED);
    await emptyShop();
  });

  it("says what a run had found that died before its end", async () => {
    const sku = await makeSku(3);
    await toPaymentPage(); // whose rows are looked at after those of the stock
    expect(await audit()).toBe(0); // from here on, the round alone comes to the SKU
    await rows("UPDATE stock_levels SET on_hand = 4 WHERE sku = ?", sku);
    const { database, failed } = databaseFailingOnce({
      when: "before",
      about: /SELECT id FROM discounts/,
    });
    await logOf(() => cronOver(servicesWith({ DB: asD1(database) }), HOURLY));
    expect(failed()).toBe(true);
    expect(await audit()).toBeGreaterThan(0);
    await rows("UPDATE stock_levels SET on_hand = 3 WHERE sku = ?", sku);
  });

  it("counts nothing twice, when three run at once", async () => {
    const sku = await makeSku(3);
    await Promise.all([cron(HOURLY), cron(HOURLY), cron(HOURLY)]);
    expect(await audit()).toBe(0);
    const found = "SELECT on_hand AS onHand FROM stock_checkpoints WHERE sku = ?";
    expect(await rows(found, sku)).toEqual([{ onHand: 3 }]);
  });

  it("goes on where its time was over, and a round that is not done in eight days is said to the operators", async () => {
    await toPaymentPage();
    let asked = 0;
    /** Each look at the clock is a minute later than the one before. */
    const now = () => {
      asked += 1;
      return Date.now() + asked * MINUTE_MS;
    };
    const slow = servicesWith({}, { now });
    await cronOver(slow, HOURLY);
    const { round } = await state();
    expect(round).not.toBeNull();
    await setState("$.round.begunAt", Date.now() - 9 * DAY_MS);
    await cronOver(slow, HOURLY);
    await settle();
    const subjects = (await mailTo("operators@holdfast.test")).map(({ subject }) => subject);
    expect(subjects).toContain("The hourly check of the shop's books did not finish");
    expect(await audit()).toBe(0);
    expect((await state()).round).toBeNull();
  });
});
