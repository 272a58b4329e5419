import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { createServices, servicesOf } from "../../src/services.ts";
import { arrive } from "../support/money-back.ts";
import { shopOver } from "../support/rig.ts";
import { type Bought, checkoutBody, level, makeSku, order } from "../support/shop.ts";
import { sessions, stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BANK = { method: "bank_transfer" };
const variable = (value?: string) => parseConfig({ ...env, DELAYED_PAYMENTS: value }).terms;

/** To the payment page of a shop that allows these delayed methods, for one of five in stock. */
async function buyWith(delayed: string | undefined): Promise<Bought> {
  const { config } = servicesOf(env);
  const shop = shopOver(env.DB, { config: { ...config, terms: variable(delayed) } });
  const sku = await makeSku(5);
  const { status, text, body } = await shop.call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: checkoutBody({ items: [{ sku, quantity: 1 }] }),
  });
  if (status !== 201) throw new Error(text);
  const [row] = await rows<{ id: string }>(
    "SELECT reservation_id AS id FROM orders WHERE id = ?",
    body.data.orderId,
  );
  return { sku, reservationId: row?.id ?? "", ...body.data };
}

describe("Payment methods that take days", () => {
  it("are not offered unless the shop says so: stock would wait for money that never comes", async () => {
    const at = await buyWith(undefined);
    expect(await sessions()).toMatchObject([{ payment_method_types: ["card"] }]);
    await expect(stripe.pay(at.paymentUrl, BANK)).rejects.toThrow("no delayed payment method");
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid" });
  });

  it("are offered when the shop names them, and no others", async () => {
    await buyWith("us_bank_account:3");
    await buyWith("sepa_debit:14");
    const offered = (await sessions()).map(({ payment_method_types: types }) => types);
    expect(offered.toSorted((a, b) => b.length - a.length)).toEqual([
      ["card", "us_bank_account"],
      ["card"],
    ]);
  });

  it.each([3, 14])(
    "hold stock for the %d days that the shop says of them, and no longer",
    async (days) => {
      const at = await buyWith(`us_bank_account:${days}`);
      await stripe.pay(at.paymentUrl, BANK);
      await arrive();
      await travel(days * DAY_MS - 1);
      await cron();
      expect(await level(at.sku)).toMatchObject({ reserved: 1 });
      await travel(1);
      await cron();
      expect(await order(at)).toMatchObject({ status: "expired", paymentStatus: "processing" });
      expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    },
  );

  it("hold it for as long as their order offered, whatever the shop offers since", async () => {
    const at = await buyWith("us_bank_account:3");
    await stripe.pay(at.paymentUrl, BANK);
    await arrive(); // in a shop that says 14
    await travel(3 * DAY_MS);
    await cron();
    expect(await level(at.sku)).toMatchObject({ reserved: 0 });
  });
});

describe("A delayed payment that nobody allowed", () => {
  /** Stripe has offered it all the same, as it may a method that is new. */
  async function slipThrough(): Promise<Bought & { readonly payment: string }> {
    const at = await buyWith("us_bank_account:3");
    await rows(
      "UPDATE orders SET payment_terms = json_set(payment_terms, '$.delayed', json('[]'))",
    );
    const { payment_intent: payment } = await stripe.pay(at.paymentUrl, BANK);
    return { ...at, payment };
  }

  it("makes no hold longer than its 15 minutes, whenever we hear of it", async () => {
    const heard = await slipThrough();
    await arrive();
    expect(await order(heard)).toMatchObject({ paymentStatus: "processing" });
    const unheard = await slipThrough();
    await stripe.take(); // lost
    await travel(15 * MINUTE_MS);
    await cron();
    await cron();
    for (const at of [heard, unheard]) {
      expect(await order(at)).toMatchObject({ status: "expired", paymentStatus: "processing" });
      expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    }
  });

  it("still becomes the order when it is paid in that time", async () => {
    const at = await slipThrough();
    await arrive();
    await stripe.settle(at.payment, "succeeded");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid" });
  });

  it("is late money after that: the goods if they are there, or all of it back", async () => {
    const [served, tooLate] = [await slipThrough(), await slipThrough()];
    await arrive();
    await travel(15 * MINUTE_MS);
    await cron();
    await rows(
      `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at)
       VALUES (?, 'damage', -5, 0, 'Broken', 'test', 1)`,
      tooLate.sku,
    );
    for (const { payment } of [served, tooLate]) await stripe.settle(payment, "succeeded");
    await arrive();
    expect(await order(served)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await order(tooLate)).toMatchObject({
      status: "expired",
      refunds: [{ reason: "sold_out" }],
    });
  });
});

describe("DELAYED_PAYMENTS", () => {
  it("names methods with how many days goods wait for each; none where it is absent", () => {
    expect(variable().delayed).toEqual([]);
    expect(variable("").delayed).toEqual([]);
    expect(variable("boleto:3, sepa_debit:14").delayed).toEqual([
      { method: "boleto", days: 3 },
      { method: "sepa_debit", days: 14 },
    ]);
  });

  it.each([
    "boleto",
    "boleto:",
    "boleto:0",
    "boleto:29",
    "boleto:1.5",
    "boleto:3:4",
    "a:1,a:2",
    "Boleto:3",
    ",",
  ])("is not taken as %j", (value) => expect(() => variable(value)).toThrow("DELAYED_PAYMENTS"));

  it("is not taken with a name that no delayed method has", () => {
    const config = { ...servicesOf(env).config, terms: variable("card:3") };
    expect(() => createServices(env, { config })).toThrow("DELAYED_PAYMENTS names card");
  });
});
