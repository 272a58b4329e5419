import { describe, expect, it } from "vitest";
import { pageByHand } from "../support/pages-by-hand.ts";
import { asAdmin } from "../support/people.ts";
import {
  BANK,
  DAY_MS,
  EVERY_FIVE,
  eventsAreRead,
  HOUR_MS,
  historyOf,
  inbox,
  MINUTE_MS,
  nextRun,
  outage,
  paid,
  run,
} from "../support/reconcile.ts";
import { logOf } from "../support/rig.ts";
import { order, toPaymentPage } from "../support/shop.ts";
import { deliverAll, sessionOf, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

describe("Payment pages that customers have completed", () => {
  it("are compared with the orders, and one that was missed is mended through the inbox", async () => {
    await eventsAreRead();
    await outage();
    const at = await paid();
    expect(await nextRun()).toMatchObject({ sessions: 0, repaired: 0 });
    await travel(75 * MINUTE_MS);
    expect(await nextRun()).toMatchObject({ sessions: 1, repaired: 1, orphans: 0 });
    expect((await order(at)).status).toBe("paid");
    expect(await inbox()).toEqual([
      { event_id: `reconcile:${sessionOf(at.paymentUrl)}:paid`, status: "processed" },
    ]);
    const [event] = (await asAdmin("GET", "/api/v1/webhook-events")).body.data;
    expect((await asAdmin("POST", `/api/v1/webhook-events/${event.id}/replay`)).status).toBe(202);
    await settle();
    expect(await historyOf(at)).toEqual([{ type: "order.created" }, { type: "order.paid" }]);
    expect(await nextRun()).toMatchObject({ repaired: 0 });
  });

  it("are compared without those that nobody has completed", async () => {
    await eventsAreRead();
    const [bought] = [await paid(), await toPaymentPage()];
    await deliverAll();
    await settle();
    await travel(80 * MINUTE_MS);
    expect(await run()).toMatchObject({ sessions: 1 });
    expect((await order(bought)).status).toBe("paid");
    await cron();
  });

  it("without an order are an error that names them: money for nothing", async () => {
    await eventsAreRead();
    await paid();
    await deliverAll();
    await settle();
    const orderId = `ord_${"0".repeat(36)}`;
    const named = { "metadata[orderId]": orderId, "metadata[shop]": "shop.test" };
    const page = await pageByHand(orderId, named);
    await stripe.pay(page);
    await stripe.pay(await pageByHand("cart-4711", { "metadata[orderId]": "cart-4711" }));
    await travel(80 * MINUTE_MS);
    const { lines } = await logOf(() => cron(EVERY_FIVE));
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line).toMatchObject({ level: "error", sessions: 2, orphans: 1, repaired: 0 });
    expect(JSON.stringify(line)).toContain(sessionOf(page));
    expect(await nextRun()).toMatchObject({ orphans: 0 });
  });
});

/** Stripe fails at this payment page until it is told otherwise. */
const unreadable = ({ paymentUrl }: { paymentUrl: string }) => ({
  path: `/v1/checkout/sessions/${sessionOf(paymentUrl)}`,
  kind: "error_500",
  stored: false,
  times: 1000,
});

/** So many orders that a bank has to pay, and that nothing but a look at each can help. */
async function waitingForBanks(count: number) {
  const all: Awaited<ReturnType<typeof paid>>[] = [];
  for (let i = 0; i < count; i += 1) {
    all.push(await paid(BANK));
    await travel(1);
  }
  await deliverAll();
  await settle();
  await eventsAreRead();
  await travel(80 * MINUTE_MS);
  expect(await run()).toMatchObject({ sessions: count, repaired: 0, banks: 0 });
  await outage();
  return all;
}

describe("Orders that wait for a bank", () => {
  it.each([
    ["succeeded", { status: "paid", paymentStatus: "paid" }],
    ["failed", { status: "canceled", paymentStatus: "failed" }],
  ] as const)("are read at Stripe four times a day: %s", async (outcome, end) => {
    const [at] = await waitingForBanks(1);
    if (at === undefined) throw new Error("Nobody waits.");
    await stripe.settle(at.intent, outcome);
    await travel(6 * HOUR_MS);
    expect(await run()).toMatchObject({ banks: 1, repaired: 1 });
    await settle();
    expect(await order(at)).toMatchObject(end);
  });

  it("are read once in six hours, so many a run, and one that cannot be read keeps none from it", async () => {
    const all = await waitingForBanks(3);
    for (const { intent } of all) await stripe.settle(intent, "succeeded");
    await travel(6 * HOUR_MS);
    await stripe.misbehave(...all.slice(0, 1).map(unreadable));
    expect(await run({ banks: 2 })).toMatchObject({ banks: 2, repaired: 1, failed: 0 });
    await settle();
    expect(await nextRun({ banks: 2 })).toMatchObject({ banks: 1, repaired: 1 });
    expect(await nextRun({ banks: 2 })).toMatchObject({ banks: 0 });
    await stripe.misbehave();
    await travel(6 * HOUR_MS);
    expect(await run()).toMatchObject({ banks: 1 });
    await settle();
    for (const at of all) expect((await order(at)).status).toBe("paid");
  });

  it("are read where the page became known by its webhook alone", async () => {
    const at = await paid(BANK);
    await rows("UPDATE payments SET session_id = NULL, session_url = NULL"); // the process died before
    await deliverAll();
    await settle();
    await eventsAreRead();
    await travel(80 * MINUTE_MS);
    expect(await run()).toMatchObject({ sessions: 1, repaired: 0 });
    await outage();
    await stripe.settle(at.intent, "succeeded");
    await travel(6 * HOUR_MS);
    expect(await run()).toMatchObject({ banks: 1, repaired: 1 });
    await settle();
    expect((await order(at)).status).toBe("paid");
  });

  it("are read for 30 days, though the shop has given them up after 14", async () => {
    const [at] = await waitingForBanks(1);
    if (at === undefined) throw new Error("Nobody waits.");
    await rows(
      "UPDATE reconciliations SET state = json_set(state, '$.events.readUntil', ?)",
      Date.now() + 60 * DAY_MS,
    );
    await travel(29 * DAY_MS);
    await cron();
    expect((await order(at)).status).toBe("expired");
    await stripe.settle(at.intent, "succeeded");
    expect(await nextRun()).toMatchObject({ missing: 0, banks: 1, repaired: 1 });
    expect((await order(at)).status).toBe("paid");
  });

  it("are tried again by the next run while Stripe cannot be asked", async () => {
    const [at] = await waitingForBanks(1);
    if (at === undefined) throw new Error("Nobody waits.");
    await stripe.settle(at.intent, "succeeded");
    await travel(6 * HOUR_MS);
    await stripe.misbehave(unreadable(at));
    expect(await nextRun()).toMatchObject({ banks: 0, failed: 1 });
    await stripe.misbehave();
    expect(await nextRun()).toMatchObject({ banks: 1, repaired: 1, failed: 0 });
    expect((await order(at)).status).toBe("paid");
  });

  it("do not keep the others waiting when Stripe refuses the only one of a run", async () => {
    const all = await waitingForBanks(3);
    for (const { intent } of all) await stripe.settle(intent, "succeeded");
    await rows("UPDATE payments SET session_id = 'cs_gone' WHERE order_id = ?", all[1]?.orderId);
    await travel(6 * HOUR_MS);
    expect(await run({ banks: 1 })).toMatchObject({ banks: 1, repaired: 1, failed: 0 });
    expect(await nextRun({ banks: 1 })).toMatchObject({ banks: 1, repaired: 0, failed: 0 });
    expect(await nextRun({ banks: 1 })).toMatchObject({ banks: 1, repaired: 1, failed: 0 });
    expect(await nextRun({ banks: 1 })).toMatchObject({ banks: 0 });
    for (const at of [all[0], all[2]]) expect(at && (await order(at)).status).toBe("paid");
    await travel(6 * HOUR_MS);
    const { lines } = await logOf(() => cron(EVERY_FIVE));
    const line = lines.find(({ task }) => task === "reconcile_stripe");
    expect(line).toMatchObject({ level: "warn", banks: 1, failed: 0 });
    expect(JSON.stringify(line)).toContain(all[1]?.orderId);
  });

  it("do not keep the others waiting for more than a round when one can never be read", async () => {
    const all = await waitingForBanks(2);
    const [first, second] = all;
    if (first === undefined || second === undefined) throw new Error("Nobody waits.");
    await travel(6 * HOUR_MS);
    await stripe.misbehave(unreadable(second));
    expect(await run({ banks: 1 })).toMatchObject({ banks: 1, failed: 0 });
    expect(await nextRun({ banks: 1 })).toMatchObject({ banks: 0, failed: 1 });
    await stripe.settle(first.intent, "succeeded");
    await travel(6 * HOUR_MS);
    expect(await run({ banks: 1 })).toMatchObject({ banks: 1, failed: 0 });
    expect(await nextRun({ banks: 1 })).toMatchObject({ banks: 0, failed: 0 });
    await travel(6 * HOUR_MS);
    expect(await run({ banks: 1 })).toMatchObject({ banks: 1, repaired: 1 });
    await settle();
    expect((await order(first)).status).toBe("paid");
  });
});
