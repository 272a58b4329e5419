import { describe, expect, it } from "vitest";
import { refund } from "../support/after-sale.ts";
import { mailTo } from "../support/mailbox.ts";
import { arrive, buy, refundInDashboard } from "../support/money-back.ts";
import { pageByHand } from "../support/pages-by-hand.ts";
import { logOf } from "../support/rig.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOURLY = "7 * * * *";
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const tillNoon = () => travel(DAY_MS + 12 * HOUR_MS - (Date.now() % DAY_MS));
const today = () => new Date().toISOString().slice(0, 10);
const calls = async () => mailTo("operators@holdfast.test");

/** The control has begun; the day is that of its first comparison. */
async function begin(): Promise<string> {
  await tillNoon();
  await cron(HOURLY);
  return today();
}

/** The next morning, and what the log says of the night. */
async function night() {
  await travel(19 * HOUR_MS);
  const { lines } = await logOf(() => cron(HOURLY));
  await settle();
  await travel(5 * HOUR_MS);
  return lines.find(({ task }) => task === "control_totals");
}

const inPayment = (metadata: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      `payment_intent_data[${key.replace("[", "][")}`,
      value,
    ]),
  );

describe("The nightly control total", () => {
  it("compares the provider's books with the shop's, by day and currency", async () => {
    const day = await begin();
    const at = await buy();
    await refund(at, { amount: { amount: 700, currency: "USD" } });
    await settle();
    await arrive();
    expect(await night()).toMatchObject({
      days: 1,
      differences: 0,
      controlled: {
        [day]: { USD: { paidThere: 2500, paidHere: 2500, backThere: 700, backHere: 700 } },
      },
    });
    expect(await calls()).toEqual([]);
    expect(await rows("SELECT count(*) AS n FROM payments WHERE controlled_at IS NULL")).toEqual([
      { n: 0 },
    ]);
    expect(await rows("SELECT count(*) AS n FROM refunds WHERE controlled_at IS NULL")).toEqual([
      { n: 0 },
    ]);
  });

  it("leaves out what others do on the same account", async () => {
    const day = await begin();
    await stripe.pay(await pageByHand("cart-4711"));
    expect(await night()).toMatchObject({ differences: 0, controlled: { [day]: {} } });
  });

  it("calls a person to money that is not in the shop's books", async () => {
    const day = await begin();
    const orderId = `ord_${"0".repeat(36)}`;
    const named = { "metadata[orderId]": orderId, "metadata[shop]": "shop.test" };
    const { payment_intent: payment } = await stripe.pay(
      await pageByHand(orderId, { ...named, ...inPayment(named) }),
    );
    expect(await night()).toMatchObject({ differences: 1 });
    const [mail] = await calls();
    expect(mail?.subject).toBe(`Stripe and the shop's books do not agree on ${day}`);
    expect(mail?.text).toContain("USD: paid $25.00 at Stripe, $0.00 here");
    expect(mail?.text).toContain(`payment ${payment}: $25.00 there, nothing here`);
  });

  it("calls a person to a refund that Stripe has made and the shop does not know of", async () => {
    await begin();
    const at = await buy();
    const { id } = await refundInDashboard(at, 400);
    await stripe.take(); // and lost
    expect(await night()).toMatchObject({ differences: 1 });
    const [mail] = await calls();
    expect(mail?.text).toContain(`refund ${id}: $4.00 there, nothing here`);
    await cron("*/5 * * * *");
    await settle();
    expect(await night()).toMatchObject({ differences: 0 });
  });

  it("calls a person to what the shop has booked and Stripe does not know of", async () => {
    await begin();
    const at = await buy();
    await rows(
      "UPDATE payments SET provider_payment_id = 'pi_gone' WHERE order_id = ?",
      at.orderId,
    );
    await night();
    await night();
    const found = (await calls()).filter(({ text }) => text.includes("pi_gone"));
    expect(found.at(-1)?.text).toContain("pi_gone: nothing there, $25.00 here");
  });

  it("goes on after nights that it missed, and where Stripe did not answer", async () => {
    await begin();
    await buy();
    await travel(3 * DAY_MS);
    await stripe.misbehave({ path: "/v1/balance_transactions", kind: "rate_limit_429", times: 9 });
    expect(await night()).toMatchObject({ days: 0, differences: 0 });
    await stripe.misbehave();
    expect(await night()).toMatchObject({ days: 5, differences: 0 });
  });
});
