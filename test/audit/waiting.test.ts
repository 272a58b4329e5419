import { describe, expect, it } from "vitest";
import { refund } from "../support/after-sale.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import { arrive, buy, refundsAtStripe } from "../support/money-back.ts";
import { asD1 } from "../support/rig.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOURLY = "7 * * * *";
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** What is told once a day is told twice around midnight. */
const tillNoon = () => travel(DAY_MS + 12 * HOUR_MS - (Date.now() % DAY_MS));
const subjects = async () => (await mailTo("operators@holdfast.test")).map((mail) => mail.subject);
const texts = async () => (await mailTo("operators@holdfast.test")).map((mail) => mail.text);

const DEAD = "Events of a provider could not be dealt with";
const SLOW = "Refunds have been on their way for more than a day";
const FAILED = "The hourly check of the shop's books has failed";
const UNFINISHED = "The hourly check of the shop's books did not finish";

async function die(id: string): Promise<void> {
  await rows(
    `INSERT INTO webhook_events (id, provider, event_id, type, payload, status, last_error, received_at)
     VALUES (?, 'stripe', ?, 'charge.refunded', '{}', 'dead', 'Error: no', ?)`,
    id,
    id,
    Date.now(),
  );
}

describe("Operators are called every hour to what waits for a person", () => {
  it("a dead event: once a day, and at once when another one dies", async () => {
    await tillNoon();
    await die("whe_1");
    await cron(HOURLY);
    await travel(HOUR_MS / 60);
    await cron(HOURLY);
    expect(await subjects()).toEqual([DEAD]);
    expect((await texts())[0]).toContain("whe_1, charge.refunded: Error: no");
    await die("whe_2");
    await cron(HOURLY);
    expect(await subjects()).toEqual([DEAD, DEAD]);
    await travel(DAY_MS);
    await cron(HOURLY);
    expect(await subjects()).toHaveLength(3);
    await travel(8 * DAY_MS);
    await cron(HOURLY);
    expect(await subjects()).toHaveLength(3);
  });

  it("a refund that a bank has had for more than a day", async () => {
    await tillNoon();
    const at = await buy();
    await stripe.control("/refunds/behaviour", { status: "pending" });
    await refund(at, { amount: { amount: 700, currency: "USD" } });
    await settle();
    await travel(DAY_MS - HOUR_MS);
    await cron(HOURLY);
    expect(await subjects()).toEqual([]);
    await travel(2 * HOUR_MS);
    await cron(HOURLY);
    expect(await subjects()).toEqual([SLOW]);
    expect((await texts())[0]).toMatch(/ref_\w+: \$7\.00 of order #\d+/);
    const [made] = await refundsAtStripe();
    await stripe.control(`/refunds/${made?.id}/succeed`, {});
    await arrive();
    await travel(DAY_MS);
    await cron(HOURLY);
    expect(await subjects()).toEqual([SLOW]);
  });

  it("an audit that failed, in the same hour", async () => {
    await tillNoon();
    const { database } = databaseFailingOnce({
      when: "before",
      about: /SELECT id FROM customers WHERE id/,
    });
    await cronOver(servicesWith({ DB: asD1(database) }), HOURLY);
    expect(await subjects()).toEqual([FAILED]);
    await cron(HOURLY);
    expect(await subjects()).toEqual([FAILED]);
  });

  it("an audit that died at work, an hour later", async () => {
    await tillNoon();
    await rows(
      "INSERT INTO reconciliations (name, state, version, updated_at) VALUES ('audit', json_object('begunAt', ?), 1, 0)",
      Date.now(),
    );
    await travel(HOUR_MS);
    await cron(HOURLY);
    await cron(HOURLY);
    expect(await subjects()).toEqual([UNFINISHED]);
  });
});
