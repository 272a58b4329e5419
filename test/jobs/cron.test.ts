import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { schedules } from "../../src/schedules.ts";
import { deadQueue } from "../support/faults.ts";
import { paidInSilence } from "../support/inbox.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { logOf } from "../support/rig.ts";
import { checkOut, level, mails, makeSku, order, reserve, toPaymentPage } from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** One of everything that a sweep has to find: a hold, a checkout, an event and a promise that nobody was told of. */
async function leaveMuchBehind() {
  const sku = await makeSku(10);
  await reserve([{ sku, quantity: 2 }]);
  await checkOut({ items: [{ sku, quantity: 3 }] });
  const { at } = await paidInSilence();
  return { sku, at };
}

async function expectAllDone({ sku, at }: Awaited<ReturnType<typeof leaveMuchBehind>>) {
  expect(await level(sku)).toMatchObject({ onHand: 10, reserved: 0, available: 10 });
  expect(await order(at)).toMatchObject({ status: "paid" });
  expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  const releases = "SELECT count(*) AS n FROM stock_movements WHERE kind = 'release'";
  expect(await rows(releases)).toEqual([{ n: 2 }]);
  const sales = "SELECT count(*) AS n FROM stock_movements WHERE kind = 'sale'";
  expect(await rows(sales)).toEqual([{ n: 1 }]);
  expect((await mails()).filter(({ html }) => html.includes(at.orderId))).toHaveLength(1);
  expect((await sessions()).filter(({ status }) => status === "open")).toEqual([]);
  expect(await rows("SELECT id FROM outbox WHERE status <> 'done'")).toEqual([]);
}

describe("The sweeps", () => {
  it("overlapping three times do everything once", async () => {
    const left = await leaveMuchBehind();
    await travel(15 * MINUTE_MS);
    await Promise.all([cron(), cron(), cron()]);
    await settle();
    await Promise.all([cron(), cron(), cron()]);
    await settle();
    await expectAllDone(left);
  });

  it("missed for a day are caught up with by the next one", async () => {
    const left = await leaveMuchBehind();
    await travel(DAY_MS);
    await cron();
    await settle();
    await cron();
    await settle();
    await expectAllDone(left);
  });

  it("that cannot reach the queue try again, and lose nothing", async () => {
    const left = await leaveMuchBehind();
    await travel(15 * MINUTE_MS);
    await cronOver(servicesWith({ JOBS: deadQueue }));
    expect((await order(left.at)).status).toBe("paid");
    expect(await mails()).not.toContainEqual(
      expect.objectContaining({ html: expect.stringContaining(left.at.orderId) }),
    );
    await travel(30 * MINUTE_MS);
    await cron();
    await settle();
    await expectAllDone(left);
  });

  it("are run side by side: one that fails does not keep the others from running", async () => {
    const left = await leaveMuchBehind();
    await travel(15 * MINUTE_MS);
    const database = {
      prepare: (sql: string) => env.DB.prepare(/webhook_events/.test(sql) ? "SELECT nothing" : sql),
      batch: (bound: D1PreparedStatement[]) => env.DB.batch(bound),
    };
    const { lines } = await logOf(
      () => cronOver(servicesWith({ DB: database as D1Database })),
      "cron",
    );
    const failed = lines.filter((line) => line["level"] === "error").map((line) => line["task"]);
    expect(failed).toEqual(["relay_webhook_events"]);
    expect(lines.map((line) => line["task"]).sort()).toEqual(
      Object.keys(schedules["* * * * *"] ?? {}).sort(),
    );
    expect(await level(left.sku)).toMatchObject({ reserved: 0 });
    await cron();
    await settle();
    await expectAllDone(left);
  });

  it("wake an event that keeps failing again and again, and it blocks no other", async () => {
    const poison = await toPaymentPage(5);
    await stripe.pay(poison.paymentUrl);
    const [page] = await sessions();
    await stripe.misbehave({
      path: `/v1/checkout/sessions/${page?.id}`,
      kind: "rate_limit_429",
      times: 1000,
    });
    await deliverAll();
    await settle();
    for (let round = 0; round < 3; round += 1) {
      const at = await toPaymentPage(5);
      await stripe.pay(at.paymentUrl);
      await deliverAll();
      await travel(2 * MINUTE_MS);
      await cron();
      await settle();
      expect((await order(at)).status).toBe("paid");
      expect((await order(poison)).status).toBe("pending_payment");
    }
    await stripe.misbehave();
    await travel(30 * MINUTE_MS);
    await cron();
    await expect
      .poll(() => rows("SELECT id FROM webhook_events WHERE status = 'failed'"))
      .toEqual([]);
    expect((await order(poison)).status).toBe("paid");
  });

  it("know each expression that wrangler.toml fires, and answer others with nothing", async () => {
    expect(Object.keys(schedules)).toEqual(["* * * * *", "*/5 * * * *", "7 * * * *"]);
    const { lines } = await logOf(() => cron("0 0 1 1 *"), "cron");
    expect(lines).toEqual([]);
  });
});
