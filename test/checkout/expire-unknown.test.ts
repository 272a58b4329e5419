import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { type PaymentGateway, PaymentUnavailable } from "../../src/payments/index.ts";
import { isSessionOver } from "../../src/payments/stripe/session-search.ts";
import { servicesOf } from "../../src/services.ts";
import { askedOfStripe } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import {
  asHolder,
  checkOut,
  level,
  makeSku,
  order,
  reserve,
  toPaymentPage,
} from "../support/shop.ts";
import { crowd, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const create = { method: "POST", path: "/v1/checkout/sessions" };
/** More often than the SDK repeats a call by itself. */
const AWAY = { ...create, kind: "connection_reset", times: 2 };
const KEPT_ERROR = { ...create, kind: "error_500" };

/** Reserves a unit of a SKU, whose checkout fails at Stripe by this rule; answers the hold. */
async function failToCheckOut(sku: string, rule: object): Promise<string> {
  const { body } = await reserve([{ sku, quantity: 1 }]);
  await stripe.misbehave(rule);
  expect((await checkOut({ reservationId: body.data.id })).status).toBe(502);
  await stripe.misbehave();
  return body.data.id;
}

async function failMany(sku: string, count: number): Promise<void> {
  await stripe.misbehave({ ...AWAY, times: AWAY.times * count });
  const failing = () => checkOut({ items: [{ sku, quantity: 1 }] });
  const answers = await Promise.all(Array.from({ length: count }, failing));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 502));
  await stripe.misbehave();
}

const orders = () => rows("SELECT status, payment_status FROM orders");
const looks = () => askedOfStripe(/GET \/v1\/checkout\/sessions$/);

/** A shop that hears nothing of a page it asks for again, each time after this long. Answers which it has asked for. */
function hangingStripe(ms: number) {
  const asked = new Set<string>();
  const payments: PaymentGateway = {
    ...servicesOf(env).payments,
    openSession: async ({ orderId }) => {
      asked.add(orderId);
      vi.setSystemTime(Date.now() + ms);
      throw new PaymentUnavailable("Stripe could not be asked");
    },
  };
  return { asked, services: servicesWith({}, { payments }) };
}

describe("Checkouts whose page was never heard of", () => {
  it("do not keep those behind them from their turn, however long Stripe takes for each", async () => {
    const sku = await makeSku(12);
    await failMany(sku, 12);
    const at = await toPaymentPage(5);
    await travel(15 * MINUTE_MS);
    const { asked, services } = hangingStripe(20_000);
    await cronOver(services);
    expect(await order(at)).toMatchObject({ status: "expired" });
    expect(await level(at.sku)).toMatchObject({ reserved: 0 });
    expect(asked.size).toBe(5);
    expect(await level(sku)).toMatchObject({ reserved: 12 });
    await cron();
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("each have their turn, though the ones before them fail again and again", async () => {
    const sku = await makeSku(12);
    await failMany(sku, 12);
    await travel(15 * MINUTE_MS);
    const { asked, services } = hangingStripe(4000);
    for (let minute = 0; minute < 8; minute += 1) {
      await cronOver(services);
      await travel(40_000);
    }
    expect(asked.size).toBe(12);
    await cron();
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});

describe("A checkout whose page was never heard of", () => {
  it("ends by one question when Stripe has been away until it opens none so late", async () => {
    const sku = await makeSku(1);
    await failToCheckOut(sku, AWAY);
    await crowd(101);
    await travel(31 * MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "expired", payment_status: "unpaid" }]);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
    expect(await looks()).toEqual([]);
  });

  it("is asked for again until Stripe has surely closed it", () => {
    const page = { expiresAt: 60 * MINUTE_MS };
    expect(isSessionOver(page, 65 * MINUTE_MS - 1)).toBe(false);
    expect(isSessionOver(page, 65 * MINUTE_MS)).toBe(true);
  });

  it("can be given back when Stripe has been away until it opens none so late", async () => {
    const sku = await makeSku(1);
    const id = await failToCheckOut(sku, AWAY);
    await travel(31 * MINUTE_MS);
    expect((await asHolder("DELETE", id)).status).toBe(204);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("ends behind more pages than one look reaches, once its own would be over", async () => {
    const sku = await makeSku(1);
    const id = await failToCheckOut(sku, KEPT_ERROR);
    await crowd(2001);
    await travel(16 * MINUTE_MS);
    await cron();
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect((await asHolder("DELETE", id)).status).toBe(502);
    await travel(49 * MINUTE_MS);
    await cron();
    // Its end was asked for when Stripe could not be sure.
    expect(await orders()).toEqual([{ status: "canceled", payment_status: "unpaid" }]);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("ends behind more paid pages than one look reaches", async () => {
    const sku = await makeSku(1);
    await failToCheckOut(sku, KEPT_ERROR);
    await crowd(2001, true);
    await travel(65 * MINUTE_MS);
    await cron();
    expect(await looks()).toHaveLength(20);
    expect(await orders()).toEqual([{ status: "expired", payment_status: "unpaid" }]);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("is a sale when its page was paid and looked for once its hour is over", async () => {
    const sku = await makeSku(1);
    await failToCheckOut(sku, { ...KEPT_ERROR, effect: true });
    const [page] = await sessions();
    await stripe.pay(page?.url ?? "");
    await travel(65 * MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "paid", payment_status: "paid" }]);
  });

  it("ends when Stripe has kept an error under each of its keys", async () => {
    const sku = await makeSku(1);
    await failToCheckOut(sku, KEPT_ERROR);
    await travel(15 * MINUTE_MS);
    await stripe.misbehave({ ...KEPT_ERROR, times: 1000 });
    for (let minute = 0; minute < 4; minute += 1) {
      await cron();
      await travel(MINUTE_MS);
    }
    await stripe.misbehave();
    await cron();
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    await travel(46 * MINUTE_MS);
    await cron();
    expect(await orders()).toEqual([{ status: "expired", payment_status: "unpaid" }]);
  });
});
