import { describe, expect, it } from "vitest";
import { DEAD_JOBS, deliverBatch } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { roundsOf } from "../support/sample.ts";
import { checkOut, makeSku, order, toPaymentPage } from "../support/shop.ts";
import { deliver, deliverAll, sessionOf, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

/** More than the queue puts into a batch. */
const MANY = roundsOf(30, 100);
const HOUR_MS = 60 * 60_000;
const COMPLETED = "checkout.session.completed";

interface Stored {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_error: string | null;
}
const COLUMNS = "id, subject, status, attempts, last_error";
const eventsOf = (type: string) =>
  rows<Stored>(`SELECT ${COLUMNS} FROM webhook_events WHERE type = ?`, type);

/** Stripe does not answer for this one page. */
const poison = (paymentUrl: string) =>
  stripe.misbehave({
    path: `/v1/checkout/sessions/${sessionOf(paymentUrl)}`,
    kind: "error_500",
    stored: false,
    times: 100_000,
  });

async function replay(id: string | undefined): Promise<void> {
  expect((await asAdmin("POST", `/api/v1/webhook-events/${id}/replay`)).status).toBe(202);
}

describe(`One poison event among ${MANY}`, () => {
  it("fails by itself: the others have their effect at once, and it has its own when healed", async () => {
    const sku = await makeSku(MANY);
    const bought: { orderId: string; orderToken: string; paymentUrl: string }[] = [];
    for (let i = 0; i < MANY; i += 1) {
      const { body } = await checkOut({ items: [{ sku, quantity: 1 }] });
      bought.push(body.data);
      await stripe.pay(body.data.paymentUrl);
    }
    const [, , bad] = bought;
    if (bad === undefined) throw new Error("Nobody bought anything.");
    await poison(bad.paymentUrl);
    const deliveries = (await stripe.take()).filter(({ type }) => type === COMPLETED);
    expect(deliveries).toHaveLength(MANY);
    for (let start = 0; start < deliveries.length; start += 20)
      await Promise.all(deliveries.slice(start, start + 20).map(deliver));
    await expect
      .poll(() => rows("SELECT status, count(*) AS n FROM orders GROUP BY 1 ORDER BY 1"))
      .toEqual([
        { status: "paid", n: MANY - 1 },
        { status: "pending_payment", n: 1 },
      ]);
    const unprocessed = (await eventsOf(COMPLETED)).filter(({ status }) => status !== "processed");
    expect(unprocessed).toMatchObject([{ subject: bad.orderId, status: "failed" }]);
    await stripe.misbehave();
    await replay(unprocessed[0]?.id);
    await expect.poll(async () => (await order(bad)).status).toBe("paid");
    expect(await rows("SELECT on_hand, reserved FROM stock_levels WHERE sku = ?", sku)).toEqual([
      { on_hand: 0, reserved: 0 },
    ]);
  });
});

const LATE = "checkout.session.async_payment_succeeded";
const lateEvent = async () => (await eventsOf(LATE))[0];

/** An order whose bank has paid, and Stripe does not say so when it is asked. */
async function paidBehindAWall() {
  const at = await toPaymentPage(5);
  const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
  await deliverAll();
  await settle();
  await poison(at.paymentUrl);
  await stripe.settle(payment_intent, "succeeded");
  await deliverAll();
  await expect.poll(async () => (await lateEvent())?.status).toBe("failed");
  return at;
}

describe("An event that fails for a day", () => {
  it("is tried again every hour at least, and has its effect once when Stripe is back", async () => {
    const at = await paidBehindAWall();
    for (let hour = 0; hour < 24; hour += 1) {
      const before = (await lateEvent())?.attempts ?? 0;
      await travel(HOUR_MS);
      await cron();
      await expect.poll(async () => (await lateEvent())?.attempts).toBeGreaterThan(before);
    }
    expect(await lateEvent()).toMatchObject({
      status: "failed",
      last_error: "PaymentUnavailable: Stripe could not be asked",
    });
    const healthy = await toPaymentPage(5);
    await stripe.pay(healthy.paymentUrl);
    await deliverAll();
    await settle();
    expect((await order(healthy)).status).toBe("paid");
    await stripe.misbehave();
    await travel(HOUR_MS);
    await cron();
    await expect.poll(async () => (await lateEvent())?.status).toBe("processed");
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect((await lateEvent())?.last_error).toBeNull();
  });

  it("and that the queue gave up on is dead in the inbox, with its reason, and replayed by a person", async () => {
    const at = await paidBehindAWall();
    const id = (await lateEvent())?.id;
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body: { type: "webhook", id, requestId: "r" } }]);
    await travel(HOUR_MS);
    await cron();
    const { data } = (await asAdmin("GET", "/api/v1/webhook-events?status=dead")).body;
    expect(data).toMatchObject([
      { id, type: LATE, lastError: "PaymentUnavailable: Stripe could not be asked" },
    ]);
    await stripe.misbehave();
    await replay(id);
    await expect.poll(async () => (await order(at)).status).toBe("paid");
    expect((await asAdmin("GET", "/api/v1/webhook-events?status=dead")).body.data).toEqual([]);
    expect(await lateEvent()).toMatchObject({ status: "processed", last_error: null });
  });
});
