import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { DEAD_JOBS, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { mailTo } from "../support/mailbox.ts";
import {
  arrive,
  buy,
  closeRefunds,
  later,
  type Paid,
  refundInDashboard,
  refundInShop,
  refundsAtStripe,
  standing,
} from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { type Bought, order, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const OPERATORS = "operators@holdfast.test";

/** What the operators were told of this order, oldest first. */
const calls = async ({ orderId }: Bought) =>
  (await mailTo(OPERATORS)).filter(({ text }) => text.includes(orderId));
const subjects = async (at: Bought) => (await calls(at)).map(({ subject }) => subject);

const FAILED = /^A refund for order #\d+ failed$/;
const STUCK = /^A refund for order #\d+ could not be sent$/;

async function failAtBank(nth = 0): Promise<void> {
  const refund = (await refundsAtStripe()).toReversed()[nth];
  await stripe.control(`/refunds/${refund?.id}/fail`, {});
  await arrive();
}

const refundPromises = () =>
  rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund' ORDER BY rowid");

/** The queue gives up on the refunds that were promised. */
async function bury(services = servicesWith()): Promise<void> {
  const promised = await refundPromises();
  const messages = promised.map(({ id }, i) => {
    return { id: `m${i}`, body: { type: "outbox", id, requestId: "r" } };
  });
  await deliverBatch(DEAD_JOBS, messages, services);
}

describe("The operators", () => {
  it.each<[string, (at: Paid) => Promise<unknown>]>([
    ["the shop made", (at) => refundInShop(at, 1000)],
    ["somebody made in Stripe's dashboard", (at) => refundInDashboard(at, 1000).then(arrive)],
  ])("are called once to a refund that %s and that fails at the bank", async (_, make) => {
    const at = await buy();
    await make(at);
    await stripe.control("/webhooks/behaviour", { duplicate: 2 });
    await failAtBank();
    const [mail, ...more] = await calls(at);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(FAILED);
    expect(mail?.text).toContain("$10.00");
    expect(mail?.text).toContain("Refund it again.");
    expect(mail?.text).toContain(`https://shop.test/orders/${at.orderId}\n`);
    expect(mail?.text).toContain(`https://dashboard.stripe.com/payments/${at.payment}`);
  });

  it("are called to each refund that fails", async () => {
    const at = await buy();
    await refundInShop(at, 1000);
    await refundInShop(at, 500);
    await failAtBank(0);
    await failAtBank(1);
    const told = (await calls(at)).map(({ text }) => /\$\d+\.\d\d/.exec(text)?.[0]);
    expect(told.sort()).toEqual(["$10.00", "$5.00"]);
  });

  it("are not called to a refund that fails because all of the money is back already", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 2500);
    await refundInDashboard(at);
    await arrive();
    await later();
    expect(await standing(at)).toMatchObject({ paymentStatus: "refunded", attention: null });
    expect(await calls(at)).toEqual([]);
  });

  it("are called to each refund that no retry brings to Stripe, once", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 1000);
    await refundInShop(at, 500);
    await bury();
    await bury();
    expect(await subjects(at)).toEqual([
      expect.stringMatching(STUCK),
      expect.stringMatching(STUCK),
    ]);
    const [mail] = await calls(at);
    expect(mail?.text).toContain("replay it");
    expect(mail?.text).toContain(`https://shop.test/orders/${at.orderId}\n`);
  });

  it("are not called to a refund that is made, when its message dies after all", async () => {
    const at = await buy();
    await refundInShop(at, 1000);
    await rows("UPDATE outbox SET status = 'pending', wake_at = 1 WHERE topic = 'refund'");
    await bury();
    expect(await standing(at)).toMatchObject({ attention: null, refunded: 1000 });
    expect(await calls(at)).toEqual([]);
  });

  it("are called once to a refund that is stuck, is replayed, and fails then", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 1000);
    await bury();
    await stripe.misbehave();
    const [promised] = await refundPromises();
    await asAdmin("POST", `/api/v1/dead-letters/${promised?.id}/replay`);
    await expect.poll(async () => (await refundsAtStripe()).length).toBe(1);
    await failAtBank();
    expect(await standing(at)).toMatchObject({ attention: "refund_failed", refunded: 0 });
    expect(await subjects(at)).toEqual([expect.stringMatching(STUCK)]);
  });

  it.each([
    ["amount", { amount: 9900 }, "$99.00 came for order #"],
    ["currency", { currency: "eur" }, "€25.00 came for order #"],
  ])("are called once to a payment of another %s than was asked for", async (_, how, words) => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, how);
    await stripe.control("/webhooks/behaviour", { duplicate: 2 });
    await arrive();
    expect((await order(at)).attention.reason).toBe("amount_mismatch");
    const [mail, ...more] = await calls(at);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^The payment for order #\d+ is not what it asks for$/);
    expect(mail?.text).toContain(words);
    expect(mail?.text).toContain("which asks for $25.00");
    expect(mail?.text).toContain(`https://shop.test/orders/${at.orderId}\n`);
    expect(mail?.text).toContain(`https://dashboard.stripe.com/payments/${payment_intent}`);
  });

  it("are told nothing, and nothing is tried again, once none are configured any more", async () => {
    const at = await buy();
    await refundInShop(at, 1000);
    await failAtBank();
    const promised = "WHERE topic = 'mail.operators'";
    await rows(`UPDATE outbox SET status = 'pending', wake_at = 1, done_at = NULL ${promised}`);
    const [row] = await rows<{ id: string }>(`SELECT id FROM outbox ${promised}`);
    const body = { type: "outbox", id: row?.id, requestId: "r" };
    const config = { ...servicesOf(env).config, operatorEmail: undefined };
    await deliverBatch(JOBS, [{ id: "m1", body }], servicesWith({}, { config }));
    expect(await rows(`SELECT status FROM outbox ${promised}`)).toEqual([{ status: "dead" }]);
  });

  it("are promised nothing where none are configured, and the refund is booked the same", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 1000);
    const { config } = servicesOf(env);
    await bury(servicesWith({}, { config: { ...config, operatorEmail: undefined } }));
    expect(await standing(at)).toMatchObject({ attention: "refund_failed" });
    expect(await rows("SELECT id FROM outbox WHERE topic = 'mail.operators'")).toEqual([]);
    expect(await calls(at)).toEqual([]);
  });
});

const REFUNDED = expect.stringMatching(/^Your refund for order #\d+ is on its way$/);
const CANCELED = expect.stringMatching(/^Order #\d+ was canceled$/);

/** What the buyer of this order was told after the receipt, by subject. */
const told = async ({ orderId }: Bought) =>
  (await mailTo("ada@example.com"))
    .filter(({ html, subject }) => html.includes(orderId) && !subject.includes("receipt"))
    .map(({ subject }) => subject)
    .sort();

describe("A refund of a reason that the shop uses itself", () => {
  it.each(["order_canceled", "amount_mismatch", "sold_out"])(
    "(%s) is told to the customer like any other, once",
    async (reason) => {
      const at = await buy();
      const answer = await asAdmin("POST", `/api/v1/orders/${at.orderId}/refunds`, {
        headers: { "Idempotency-Key": "k" },
        body: { amount: { amount: 700, currency: "USD" }, reason },
      });
      expect(answer.status).toBe(201);
      await arrive();
      const again = await refundPromises();
      await deliverBatch(
        JOBS,
        again.map(({ id }) => ({ id, body: { type: "outbox", id, requestId: "r" } })),
      );
      expect(await told(at)).toEqual([REFUNDED]);
    },
  );

  it("is told beside the cancellation that comes after it, which tells of its own", async () => {
    const at = await buy();
    const path = `/api/v1/orders/${at.orderId}`;
    const headers = { "Idempotency-Key": "k" };
    const body = { amount: { amount: 700, currency: "USD" }, reason: "order_canceled" };
    expect((await asAdmin("POST", `${path}/refunds`, { headers, body })).status).toBe(201);
    expect((await asAdmin("POST", `${path}/cancel`, { headers: {} })).status).toBe(200);
    await arrive();
    expect(await told(at)).toEqual([CANCELED, REFUNDED]);
  });
});
