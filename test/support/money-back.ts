import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { refund } from "./after-sale.ts";
import { deadQueue } from "./faults.ts";
import { idleQueue } from "./queue.ts";
import { shopOver } from "./rig.ts";
import { type Bought, order, toPaymentPage } from "./shop.ts";
import { askStripe, deliverAll, stripe } from "./stripe.ts";
import { cron, rows, settle, travel } from "./world.ts";

export interface Paid extends Bought {
  /** The PaymentIntent. */
  readonly payment: string;
}

/** Delivers what Stripe has to say and waits until it is dealt with. */
export async function arrive(): Promise<void> {
  await deliverAll();
  await settle();
}

/** A unit of a fresh SKU at $25.00, paid by card; the shop has not heard of it yet. */
export async function payUnheard(stock = 5): Promise<Paid> {
  const at = await toPaymentPage(stock);
  const { payment_intent: payment } = await stripe.pay(at.paymentUrl);
  return { ...at, payment };
}

/** The same, and the shop has heard of it. */
export async function buy(stock = 5): Promise<Paid> {
  const at = await payUnheard(stock);
  await arrive();
  return at;
}

/** The same, handed to a bank that takes days; the shop has heard of that. */
export async function handToBank(): Promise<Paid> {
  const at = await toPaymentPage();
  const { payment_intent: payment } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
  await arrive();
  return { ...at, payment };
}

interface StripeObject {
  readonly id: string;
}

/** Takes a dispute about a payment to its next status at Stripe. */
export function dispute({ payment }: Paid, status: string, amount?: number): Promise<StripeObject> {
  return stripe.control(`/payments/${payment}/dispute`, { status, amount });
}

/** Refunds a payment in Stripe's dashboard; all that is left of it, or `amount`. */
export function refundInDashboard({ payment }: Paid, amount?: number): Promise<StripeObject> {
  return stripe.control(`/payments/${payment}/refund`, { amount });
}

/** One that the bank takes back later; the shop hears of both. */
export async function refundInDashboardThatFails(at: Paid, amount: number): Promise<void> {
  const { id } = await refundInDashboard(at, amount);
  await arrive();
  await stripe.control(`/refunds/${id}/fail`, {});
  await arrive();
}

/** A refund that the shop makes. */
export async function refundInShop(at: Paid, amount: number): Promise<void> {
  expect((await refund(at, { amount: { amount, currency: "USD" } })).status).toBe(201);
  await settle();
}

/** A refund that the shop promises, and that only a sweep finds: the queue is not told. */
export async function promiseRefund(at: Paid, amount: number): Promise<void> {
  const rig = shopOver(env.DB, { now: () => Date.now(), bindings: { ...env, JOBS: deadQueue } });
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const path = `/api/v1/orders/${at.orderId}/refunds`;
  expect(
    (await rig.asAdmin("POST", path, { headers, body: { amount: { amount, currency: "USD" } } }))
      .status,
  ).toBe(201);
  await rows("UPDATE outbox SET attempts = 1 WHERE topic = 'refund'"); // what has failed is not waited for
}

interface StripeRefund {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly payment_intent: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export async function refundsAtStripe(): Promise<StripeRefund[]> {
  return (await askStripe<{ data: StripeRefund[] }>("/refunds")).data;
}

/** Stripe takes no refund of the shop's for now. */
export const closeRefunds = () =>
  stripe.misbehave({ method: "POST", path: "/v1/refunds", kind: "rate_limit_429", times: 1000 });

export const bookedRefunds = () =>
  rows("SELECT source, status, amount, reason FROM refunds ORDER BY rowid");

/** How an order stands. */
export async function standing(at: Pick<Bought, "orderId" | "orderToken">) {
  const { status, paymentStatus, attention, refunded } = await order(at);
  return { status, paymentStatus, attention: attention?.reason ?? null, refunded: refunded.amount };
}

/** The types of an order's history, with who acted. */
export async function history({ orderId }: Pick<Bought, "orderId">): Promise<string[]> {
  const events = await rows<{ type: string; actor: string }>(
    "SELECT type, actor FROM order_events WHERE order_id = ? ORDER BY seq",
    orderId,
  );
  return events.map(({ type, actor }) => (actor === "stripe" ? `${type} by stripe` : type));
}

/** By then the queue's next try has come. */
const LATER_MS = 40 * 60_000;

/** Stripe is back, and everything that was left undone is tried until it is done. */
export async function later(): Promise<void> {
  await stripe.misbehave();
  for (let round = 0; round < 10; round += 1) {
    await travel(LATER_MS);
    await cron();
    await idleQueue();
    if ((await undone()) === 0) return;
  }
  throw new Error(`${await undone()} events or promises are still not done`);
}

async function undone(): Promise<number> {
  const [row] = await rows<{ n: number }>(
    "SELECT (SELECT count(*) FROM outbox WHERE status = 'pending') + (SELECT count(*) FROM webhook_events WHERE status IN ('received', 'failed')) AS n",
  );
  return row?.n ?? 0;
}
