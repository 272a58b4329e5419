import { DEAD } from "../world/queue.ts";
import { expectCount, expectOrder, type Scenario, type Staged } from "./scenario.ts";
import type { CrashShop } from "./shop.ts";

const MINUTE_MS = 60_000;

/** Stored events and promises are given their effect: the fault falls into the queue's consumer. */
async function consumer(shop: CrashShop, expect: () => Promise<string[]>): Promise<Staged> {
  for (const { body } of await shop.world.internet.takeEvents()) {
    await shop.ok(await shop.webhook(body));
  }
  return { attempt: () => shop.work().then(() => undefined), expect };
}

/** Each of these mails was sent, once. */
async function expectTold(shop: CrashShop, ...topics: readonly string[]): Promise<string[]> {
  const told = topics.map((topic) =>
    expectCount(shop, 1, "FROM outbox WHERE topic = ? AND status = 'done'", topic),
  );
  return (await Promise.all(told)).flat();
}

/** Everything that the queue brings. */
export const JOB_SCENARIOS: readonly Scenario[] = [
  {
    name: "a webhook arrives",
    route: "POST /webhooks/stripe",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      await shop.pay(ordered.session);
      const [event] = await shop.world.internet.takeEvents();
      const sent = await shop.webhook(event?.body ?? "");
      return {
        attempt: async () => void (await shop.send(sent)),
        retry: async () => {
          await shop.insist(await shop.webhook(event?.body ?? ""));
          await shop.atStripe("/webhooks/behaviour", {});
          return [];
        },
        expect: () =>
          expectCount(shop, 1, "FROM webhook_events WHERE event_id = ?", event?.eventId),
      };
    },
  },
  {
    name: "a payment is taken",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      await shop.pay(ordered.session);
      return consumer(shop, () =>
        expectOrder(shop, ordered, "status = 'paid' AND captured = 5000"),
      );
    },
  },
  {
    name: "a bank transfer is waited for, and fails",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      const intent = await shop.pay(ordered.session, { method: "bank_transfer" });
      await shop.settle();
      await shop.atStripe(`/payments/${intent}/settle`, { outcome: "failed" });
      return consumer(shop, async () => [
        ...(await expectOrder(shop, ordered, "status = 'canceled' AND payment_status = 'failed'")),
        ...(await expectTold(shop, "mail.payment_failed")),
      ]);
    },
  },
  {
    name: "a payment of another amount goes back",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      await shop.pay(ordered.session, { amount: 4000 });
      return consumer(shop, async () => [
        ...(await expectOrder(
          shop,
          ordered,
          "status = 'canceled' AND payment_status = 'refunded' AND refunded = 4000",
        )),
        ...(await expectTold(shop, "mail.payment_returned", "mail.operators")),
      ]);
    },
  },
  {
    name: "late money finds its stock again",
    stage: async (shop) => {
      const ordered = await shop.ordered();
      const intent = await shop.pay(ordered.session, { method: "bank_transfer" });
      await shop.settle();
      shop.world.now += 15 * 24 * 60 * MINUTE_MS;
      await shop.everyCron();
      await shop.atStripe(`/payments/${intent}/settle`, { outcome: "succeeded" });
      return consumer(shop, () =>
        expectOrder(shop, ordered, "status = 'paid' AND captured = 5000"),
      );
    },
  },
  {
    name: "late money finds nothing, and goes back",
    stage: async (shop) => {
      const ordered = await shop.ordered(2, 2);
      const intent = await shop.pay(ordered.session, { method: "bank_transfer" });
      await shop.settle();
      shop.world.now += 15 * 24 * 60 * MINUTE_MS;
      await shop.everyCron();
      const body = { kind: "damage", quantity: 1, reason: "Broken" };
      const path = `/api/v1/inventory/${ordered.sku}/movements`;
      const headers = { "Idempotency-Key": "broken" };
      await shop.ok(shop.asOperator({ method: "POST", path, headers, body }));
      await shop.atStripe(`/payments/${intent}/settle`, { outcome: "succeeded" });
      return consumer(shop, async () => [
        ...(await expectOrder(shop, ordered, "status = 'expired' AND captured = 5000")),
        // A bank takes its time for a refund too.
        ...(await expectCount(shop, 1, "FROM refunds WHERE provider_refund_id IS NOT NULL")),
      ]);
    },
  },
  {
    name: "a refund from Stripe's dashboard is booked",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.atStripe(`/payments/${paid.intent}/refund`, { amount: 1000 });
      return consumer(shop, () => expectOrder(shop, paid, "refunded = 1000"));
    },
  },
  {
    name: "a refund fails at the bank",
    stage: async (shop) => {
      const paid = await shop.paid();
      const path = `/api/v1/orders/${paid.orderId}/refunds`;
      const headers = { "Idempotency-Key": "refund" };
      await shop.ok(shop.asOperator({ method: "POST", path, headers, body: {} }));
      await shop.settle();
      const [refund] = await shop.world.rows<{ provider_refund_id: string }>(
        "SELECT * FROM refunds",
      );
      await shop.atStripe(`/refunds/${refund?.provider_refund_id}/fail`);
      return consumer(shop, async () => [
        ...(await expectOrder(shop, paid, "refunded = 0 AND attention_reason = 'refund_failed'")),
        ...(await expectTold(shop, "mail.operators")),
      ]);
    },
  },
  {
    name: "a refund is sent to Stripe, and told",
    stage: async (shop) => {
      const paid = await shop.paid();
      const path = `/api/v1/orders/${paid.orderId}/refunds`;
      const headers = { "Idempotency-Key": "refund" };
      const body = { amount: { amount: 1000, currency: "USD" } };
      await shop.ok(shop.asOperator({ method: "POST", path, headers, body }));
      return consumer(shop, async () => [
        ...(await expectOrder(shop, paid, "refunded = 1000 AND attention_reason IS NULL")),
        ...(await expectCount(shop, 1, "FROM refunds")),
      ]);
    },
  },
  {
    name: "the index hears of an order's parcel",
    stage: async (shop) => {
      const paid = await shop.paid();
      const path = `/api/v1/orders/${paid.orderId}/fulfillments`;
      const headers = { "Idempotency-Key": "parcel" };
      const body = { trackingNumber: "JD1" };
      await shop.ok(shop.asOperator({ method: "POST", path, headers, body }));
      return consumer(shop, () =>
        expectCount(shop, 2, "FROM outbox WHERE topic = 'search.order' AND status = 'done'"),
      );
    },
  },
  {
    name: "a shipment is told",
    stage: async (shop) => {
      const paid = await shop.paid();
      const path = `/api/v1/orders/${paid.orderId}/fulfillments`;
      const headers = { "Idempotency-Key": "parcel" };
      await shop.ok(shop.asOperator({ method: "POST", path, headers, body: {} }));
      return consumer(shop, () =>
        expectCount(shop, 1, "FROM outbox WHERE topic = 'mail.shipped' AND status = 'done'"),
      );
    },
  },
  {
    name: "links are mailed, and a proved address gets its guest's orders",
    stage: async (shop) => {
      const ordered = await shop.paid();
      const body = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };
      await shop.world.rows(
        "UPDATE users SET email = 'other@example.com' WHERE id = ?",
        shop.customer.id,
      );
      const registered = await shop.ok({ method: "POST", path: "/api/v1/auth/register", body });
      await shop.settle();
      const [mail] = shop.world.internet.mail.mails.filter(({ text }) =>
        text.includes("verify-email"),
      );
      const token = decodeURIComponent(/token=([^\s]+)/.exec(mail?.text ?? "")?.[1] ?? "");
      const path = "/api/v1/auth/email/verify";
      const headers = { Authorization: `Bearer ${registered.body.data.accessToken}` };
      await shop.ok({ method: "POST", path, body: { token }, headers });
      return consumer(shop, () => expectOrder(shop, ordered, "account_id IS NOT NULL"));
    },
  },
  {
    name: "a dispute is opened",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.atStripe(`/payments/${paid.intent}/dispute`, { status: "opened" });
      return consumer(shop, () =>
        expectOrder(shop, paid, "payment_status = 'disputed' AND attention_reason = 'dispute'"),
      );
    },
  },
  {
    name: "a dispute is lost",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.atStripe(`/payments/${paid.intent}/dispute`, { status: "opened" });
      await shop.settle();
      await shop.atStripe(`/payments/${paid.intent}/dispute`, { status: "lost" });
      return consumer(shop, () =>
        expectOrder(shop, paid, "payment_status = 'refunded' AND refunded = 5000"),
      );
    },
  },
  {
    name: "a dispute is won",
    stage: async (shop) => {
      const paid = await shop.paid();
      await shop.atStripe(`/payments/${paid.intent}/dispute`, { status: "opened" });
      await shop.settle();
      await shop.atStripe(`/payments/${paid.intent}/dispute`, { status: "won" });
      return consumer(shop, () =>
        expectOrder(shop, paid, "payment_status = 'paid' AND attention_reason IS NULL"),
      );
    },
  },
  {
    name: "a message that no retry helped is buried",
    stage: async (shop) => {
      await shop.ordered();
      const message = shop.world.queue.add({ type: "webhook", id: "whe_none", requestId: "req" });
      void message;
      for (const one of shop.world.queue.messages) one.queue = DEAD;
      return {
        attempt: () => shop.work().then(() => undefined),
        expect: () => expectCount(shop, 1, "FROM dead_letters"),
      };
    },
  },
];
