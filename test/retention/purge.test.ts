import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purge } from "../../src/retention/index.ts";
import { systemContext } from "../support/credentials.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { storedEvent } from "../support/inbox.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { purgeAllOrders } from "../support/purged.ts";
import { purgedDaily } from "../support/retention.ts";
import { asD1, logOf } from "../support/rig.ts";
import { level, makeSku, reserve, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PURGE = "*/5 * * * *";
const HOURLY = "7 * * * *";

const count = async (table: string) =>
  (await rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;

/** A hold, and an order with its payment page, that nobody pays; the webhooks of that have come. */
async function leaveUnpaid() {
  const sku = await makeSku(5);
  await reserve([{ sku, quantity: 2 }]);
  const at = await toPaymentPage(5);
  await travel(15 * MINUTE_MS);
  await cron();
  await deliverAll();
  await settle();
  return { sku, at };
}

const LEFT_OF_A_HOLD = [
  ...["reservations", "reservation_lines", "orders", "order_lines", "order_events", "payments"],
  ...["webhook_events", "idempotency_keys"],
];

describe("The purge", () => {
  it("leaves nothing of what nobody has paid after 30 days, and the numbers as they were", async () => {
    const { sku, at } = await leaveUnpaid();
    await cron(HOURLY); // the ledger's checkpoints stand in the middle of it
    await travel(32 * DAY_MS);
    await cron(PURGE);
    await cron(PURGE);
    for (const table of LEFT_OF_A_HOLD) expect([table, await count(table)]).toEqual([table, 0]);
    expect(await rows("SELECT kind FROM stock_movements")).toEqual([
      { kind: "receive" },
      { kind: "receive" },
    ]);
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0 });
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    await cron(HOURLY);
    expect(await rows("SELECT id FROM outbox WHERE topic = 'mail.operators'")).toEqual([]);
  });

  it("takes nothing before its time", async () => {
    await leaveUnpaid();
    const before = await Promise.all(["reservations", "orders", "stock_movements"].map(count));
    await travel(29 * DAY_MS);
    await cron(PURGE);
    expect(await Promise.all(["reservations", "orders", "stock_movements"].map(count))).toEqual(
      before,
    );
  });

  it("keeps a paid order with its sale, and forgets after 90 days what Stripe sent of it", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    await deliverAll();
    await settle();
    await travel(91 * DAY_MS);
    await cron(PURGE);
    const [event, ...others] = await rows<{ id: string; payload: string; status: string }>(
      "SELECT id, payload, status FROM webhook_events",
    );
    expect([event?.status, event?.payload, others]).toEqual(["processed", "", []]);
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "paid" }]);
    expect(await rows("SELECT kind FROM stock_movements WHERE order_id IS NOT NULL")).toEqual([
      { kind: "sale" },
    ]);
    const shown = await asAdmin("GET", `/api/v1/webhook-events/${event?.id}`);
    expect(shown.body.data.payload).toBeNull();
    const again = await asAdmin("POST", `/api/v1/webhook-events/${event?.id}/replay`);
    expect([again.status, again.body.error.code]).toEqual([409, "INVALID_TRANSITION"]);
  });

  it("has no effect twice, when an event comes again whose order is gone", async () => {
    await leaveUnpaid();
    const sent = await rows<{ event_id: string; payload: string }>(
      "SELECT event_id, payload FROM webhook_events WHERE type = 'checkout.session.expired'",
    );
    expect(sent).toHaveLength(1);
    await travel(32 * DAY_MS);
    await cron(PURGE);
    await cron(PURGE);
    const [event] = sent;
    await rows(
      `INSERT INTO webhook_events (id, provider, event_id, type, payload, status, received_at, wake_at)
       VALUES ('whe_again', 'stripe', ?, 'checkout.session.expired', ?, 'received', ?, ?)`,
      ...[event?.event_id, event?.payload, Date.now(), Date.now()],
    );
    await cron();
    await settle();
    expect(await rows("SELECT status FROM webhook_events")).toEqual([{ status: "ignored" }]);
    expect(await count("orders")).toBe(0);
  });

  it("has an order written again for which money comes after it is gone", async () => {
    const at = await toPaymentPage(5);
    await purgeAllOrders();
    expect(await count("orders")).toBe(0);
    await stripe.pay(at.paymentUrl); // at a page that should have been closed
    await deliverAll();
    await settle();
    const found = "SELECT id, status, attention_reason AS attention FROM orders";
    expect(await rows(found)).toEqual([{ id: at.orderId, status: "paid", attention: "restored" }]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("may run three times at once", async () => {
    await leaveUnpaid();
    await travel(32 * DAY_MS);
    await Promise.all([cron(PURGE), cron(PURGE), cron(PURGE)]);
    await cron(PURGE);
    for (const table of LEFT_OF_A_HOLD) expect([table, await count(table)]).toEqual([table, 0]);
  });

  it("goes on with its other kinds where one fails, and says so as an error", async () => {
    await leaveUnpaid();
    await travel(32 * DAY_MS);
    const { database } = databaseFailingOnce({ when: "before", about: /DELETE FROM reservations/ });
    const { lines } = await logOf(() => cronOver(servicesWith({ DB: asD1(database) }), PURGE));
    expect(lines.find(({ task }) => task === "purge")).toMatchObject({
      level: "error",
      failed: 1,
      orders: 1,
    });
    await cron(PURGE);
    expect(await count("reservations")).toBe(0);
  });

  it("takes nothing along when one clock is wrong", async () => {
    await leaveUnpaid();
    await cron(PURGE);
    await travel(400 * DAY_MS);
    await cron(PURGE);
    expect(await count("orders")).toBe(1);
    const [{ behind } = { behind: 0 }] = await rows<{ behind: number }>(
      "SELECT ? - now AS behind FROM retention_clock",
      Date.now(),
    );
    expect(Math.round(behind / DAY_MS)).toBe(399);
  });

  it("lets an ignored event go after a week, and the reconciliation does not bring it back", async () => {
    await storedEvent();
    await cron(PURGE); // the reconciliation begins
    await travel(8 * DAY_MS);
    await purgedDaily();
    await cron(PURGE);
    await cron(PURGE);
    expect(await count("webhook_events")).toBe(0);
    await cron(PURGE);
    expect(await count("webhook_events")).toBe(0);
  });

  it("waits with it as long as the reconciliation is behind", async () => {
    await storedEvent();
    await cron(PURGE);
    await travel(8 * DAY_MS);
    await purgedDaily();
    expect(await purge(systemContext())).toEqual({});
    expect(await count("webhook_events")).toBe(1);
    await cron(PURGE); // the reconciliation catches up
    expect(await purge(systemContext())).toMatchObject({ ignored_events: 1 });
  });

  it("forgets sign-ins and links that are long over", async () => {
    await rows("INSERT INTO accounts (id, name, created_at) VALUES ('acc_x', 'X', 1)");
    await rows(
      "INSERT INTO users (id, account_id, email, name, role, created_at, updated_at) VALUES ('usr_x', 'acc_x', 'x@example.com', 'X', 'customer', 1, 1)",
    );
    await rows(
      "INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at) VALUES ('ses_x', 'usr_x', 'token', 'x', 'x', 1, 1, ?)",
      Date.now(),
    );
    await rows(
      "INSERT INTO session_secrets (hash, session_id, created_at) VALUES ('h', 'ses_x', 1)",
    );
    for (const [id, status] of [
      ["told", "done"],
      ["untold", "dead"],
    ])
      await env.DB.batch([
        env.DB.prepare(
          "INSERT INTO email_tokens (id, user_id, purpose, created_at, expires_at) VALUES (?, 'usr_x', 'verify', 1, ?)",
        ).bind(`etk_${id}`, Date.now()),
        env.DB.prepare(
          "INSERT INTO outbox (id, topic, payload, dedupe_key, status, created_at, done_at) VALUES (?, 'email_verified', '{}', ?, ?, 1, ?)",
        ).bind(`obx_${id}`, `email_verified:etk_${id}`, status, Date.now()),
      ]);
    await travel(91 * DAY_MS);
    await cron(PURGE);
    expect(await rows("SELECT id FROM sessions WHERE id = 'ses_x'")).toEqual([]);
    expect(await rows("SELECT hash FROM session_secrets WHERE session_id = 'ses_x'")).toEqual([]);
    expect(await rows("SELECT id FROM email_tokens WHERE user_id = 'usr_x'")).toEqual([
      { id: "etk_untold" },
    ]);
    await rows("DELETE FROM email_tokens WHERE user_id = 'usr_x'");
  });

  it("forgets dead messages once what they speak of is not dead any more", async () => {
    const letter = (id: string, body: string, reason: string) =>
      rows(
        "INSERT INTO dead_letters (message_id, queue, body, reason, created_at) VALUES (?, 'x', ?, ?, ?)",
        id,
        body,
        reason,
        Date.now(),
      );
    await rows(
      "INSERT INTO webhook_events (id, provider, event_id, type, payload, status, received_at) VALUES ('whe_dead', 'stripe', 'evt_dead', 'x', '{}', 'dead', ?)",
      Date.now(),
    );
    await letter("m_dead", '{"type":"webhook","id":"whe_dead"}', "Every retry failed.");
    await letter("m_done", '{"type":"outbox","id":"obx_gone"}', "Every retry failed.");
    await letter("m_unreadable", '"x"', "The message is not a job.");
    await travel(31 * DAY_MS);
    await cron(PURGE);
    expect(await rows("SELECT message_id AS id FROM dead_letters ORDER BY 1")).toEqual([
      { id: "m_dead" },
      { id: "m_unreadable" },
    ]);
    await travel(60 * DAY_MS);
    await purgedDaily();
    await cron(PURGE);
    expect(await rows("SELECT message_id AS id FROM dead_letters")).toEqual([{ id: "m_dead" }]);
  });
});
