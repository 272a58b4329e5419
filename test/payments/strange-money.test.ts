import { describe, expect, it } from "vitest";
import { DEAD_JOBS, deliverBatch } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import { arrive, buy, history, payUnheard } from "../support/money-back.ts";
import { pageByHand } from "../support/pages-by-hand.ts";
import { idleQueue } from "../support/queue.ts";
import { eventsAreRead, inbox, nextRun, outage } from "../support/reconcile.ts";
import { order, toPaymentPage } from "../support/shop.ts";
import { askStripe, sessionOf, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const LOST = `ord_${"0".repeat(36)}`;
const OURS = { "metadata[orderId]": LOST, "metadata[shop]": "shop.test" };
const OVER_A_MINUTE = 2 * MINUTE_MS;

const calls = async () => (await mailTo("operators@holdfast.test")).map(({ subject }) => subject);
const failedEvents = () =>
  rows<{ id: string; status: string; lacks: string | null }>(
    "SELECT id, status, lacks FROM webhook_events WHERE status IN ('failed', 'dead') ORDER BY rowid",
  );
/** The last retry of each has failed. */
async function bury(): Promise<void> {
  const messages = (await failedEvents()).map(({ id }) => ({
    id: `m_${id}`,
    body: { type: "webhook", id, requestId: "r" },
  }));
  await deliverBatch(DEAD_JOBS, messages);
}
/** The sweep wakes what is due, and the queue works on it. */
async function tryAgain(): Promise<void> {
  await travel(OVER_A_MINUTE);
  await cron();
  await idleQueue();
  await settle();
}

describe("Late or odd money reaches a person", () => {
  it("when its order is not here: once a day, however often the event is tried", async () => {
    await travel(DAY_MS + 12 * 60 * MINUTE_MS - (Date.now() % DAY_MS)); // noon
    await stripe.pay(await pageByHand(LOST, OURS));
    await arrive();
    await tryAgain();
    expect(await calls()).toEqual(["A payment of $25.00 has no order"]);
    const [mail] = await mailTo("operators@holdfast.test");
    expect(mail?.text).toContain(`$25.00 came from ada@example.com for order ${LOST}`);
    expect(mail?.text).toContain("The payment: https://dashboard.stripe.com/");
    expect(new Set((await failedEvents()).map(({ lacks }) => lacks))).toEqual(new Set([LOST]));
    await travel(DAY_MS);
    await tryAgain();
    expect(await calls()).toHaveLength(2);
    await bury();
  });

  it("and says nothing that whoever paid has written, but for their address", async () => {
    const asked = { "shipping_address_collection[allowed_countries][0]": "DE" };
    const page = await pageByHand(LOST, { ...OURS, ...asked });
    const shippingAddress = { name: "Call 0900 1234", line1: "Now 1", city: "Soon", country: "DE" };
    await stripe.pay(page, { shippingAddress });
    await arrive();
    const [mail] = await mailTo("operators@holdfast.test");
    expect(mail?.text).toContain(`came from ada@example.com for order ${LOST}`);
    for (const words of ["0900", "Now 1", "Soon"]) expect(mail?.text).not.toContain(words);
    await bury();
  });

  it("when it is a second payment for one order", async () => {
    const at = await buy();
    await stripe.pay(await pageByHand(at.orderId, { ...OURS, "metadata[orderId]": at.orderId }));
    await arrive();
    const { number } = await order(at);
    expect(await calls()).toEqual([`Order #${number} was paid a second time`]);
    await bury();
  });

  it("when reconciliation finds it and no order", async () => {
    await eventsAreRead();
    await outage();
    await stripe.pay(await pageByHand(LOST, OURS));
    await travel(80 * MINUTE_MS);
    expect(await nextRun()).toMatchObject({ orphans: 1 });
    expect(await calls()).toEqual(["A payment of $25.00 has no order"]);
  });
});

describe("One malformed", () => {
  it("event does not hold up the others", async () => {
    await outage();
    const broken = await payUnheard();
    const good = await payUnheard();
    const { data } = await askStripe<{ data: { id: string; data: { object: { id: string } } }[] }>(
      "/events?type=checkout.session.completed",
    );
    const page = sessionOf(broken.paymentUrl);
    const bad = data.find((event) => event.data.object.id === page);
    await stripe.control(`/events/${bad?.id}/break`, {});
    await travel(OVER_A_MINUTE);
    expect(await nextRun()).toMatchObject({ failed: 0, unreadable: 0 });
    expect((await order(good)).status).toBe("paid");
    expect(await inbox()).toContainEqual({ event_id: bad?.id, status: "ignored" });
    await eventsAreRead();
    await travel(80 * MINUTE_MS);
    expect(await nextRun()).toMatchObject({ repaired: 1 });
    expect((await order(broken)).status).toBe("paid");
  });

  it("session does not hold up the others, and a person hears of it", async () => {
    await eventsAreRead();
    await outage();
    const broken = await pageByHand("cart-4711");
    await stripe.pay(broken);
    const good = await payUnheard();
    await stripe.control(`/sessions/${sessionOf(broken)}/break`, {});
    await travel(80 * MINUTE_MS);
    expect(await nextRun()).toMatchObject({ failed: 0, unreadable: 1, repaired: 1 });
    expect((await order(good)).status).toBe("paid");
    const [mail] = await mailTo("operators@holdfast.test");
    expect(mail?.text).toContain(sessionOf(broken));
  });
});

describe("A dead event is revived by reconciliation", () => {
  it("once its order is here", async () => {
    const at = await payUnheard();
    await stripe.pay(await pageByHand(LOST, OURS));
    const lost = (await stripe.take()).filter(({ type }) => type === "checkout.session.completed");
    await arrive();
    expect(lost).toHaveLength(2);
    for (const delivery of lost) await deliverLacking(delivery, at.orderId);
    expect(await failedEvents()).toMatchObject([
      { status: "dead", lacks: at.orderId },
      { status: "dead", lacks: LOST },
    ]);
    expect(await nextRun()).toMatchObject({ revived: 1 });
    await tryAgain();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    expect(await failedEvents()).toMatchObject([{ status: "dead", lacks: LOST }]);
  });

  it("once its order is here, however many there are whose order never comes", async () => {
    const at = await payUnheard();
    const [own] = (await stripe.take()).filter(({ type }) => type === "checkout.session.completed");
    await arrive();
    if (own === undefined) throw new Error("Stripe has told of no payment");
    await rows(
      `WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
       INSERT INTO webhook_events (id, provider, event_id, type, payload, status, lacks, received_at)
       SELECT 'whe_' || i, 'stripe', 'evt_' || i, 'x', '{}', 'dead',
         CASE WHEN i <= 120 THEN 'ord_' WHEN i <= 160 THEN 'ord_' || i ELSE 'ord_zzz' || i END, 1 FROM n`,
    );
    await deliverLacking(own, at.orderId);
    for (let round = 0; round < 2; round += 1) {
      let revived = 0;
      for (let run = 0; run < 8; run += 1) revived += (await nextRun())["revived"] ?? 0;
      expect(revived).toBe(1);
      const id = `whe_${own.eventId}`;
      await rows(
        "UPDATE webhook_events SET status = 'dead', wake_at = NULL, lacks = ? WHERE id = ?",
        at.orderId,
        id,
      );
    }
  });

  it("once Stripe answers again", async () => {
    const at = await payUnheard();
    const away = { path: "/v1", kind: "rate_limit_429", times: 1000 };
    await stripe.misbehave(away);
    await arrive();
    await bury();
    expect(await failedEvents()).toMatchObject([{ status: "dead", lacks: "stripe" }]);
    expect(await nextRun()).toMatchObject({ revived: 0 });
    await stripe.misbehave();
    expect(await nextRun()).toMatchObject({ revived: 1 });
    await tryAgain();
    expect((await order(at)).status).toBe("paid");
  });

  it("and not one that died of something else", async () => {
    const at = await toPaymentPage(5);
    await rows(
      `INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, received_at)
       VALUES ('whe_1', 'stripe', 'evt_1', 'checkout.session.completed', ?, '{}', 'dead', ?)`,
      at.orderId,
      Date.now(),
    );
    expect(await nextRun()).toMatchObject({ revived: 0 });
  });
});

/** An event that died when the order it names was not here. */
async function deliverLacking(
  { eventId, type, body }: { eventId: string; type: string; body: string },
  here: string,
) {
  const { metadata } = JSON.parse(body).data.object;
  await rows(
    `INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, lacks, received_at)
     VALUES (?, 'stripe', ?, ?, ?, ?, 'dead', ?, ?)`,
    `whe_${eventId}`,
    eventId,
    type,
    metadata.orderId,
    body,
    metadata.orderId === here ? here : LOST,
    Date.now(),
  );
}
