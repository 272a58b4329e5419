import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { expectError } from "../support/expect-error.ts";
import { databaseFailingOnce, deadQueue } from "../support/faults.ts";
import { call } from "../support/http.ts";
import { brokenDatabase, shopOver } from "../support/rig.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { deliver, deliverAll, deliverEvent, signedDelivery, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const post = (delivery: { body: string; headers: Record<string, string> }) =>
  call("POST", "/webhooks/stripe", delivery);
const stored = () => rows("SELECT event_id, type, status FROM webhook_events");
const notSigned = {
  code: "INVALID_SIGNATURE",
  message: "The signature is missing, wrong or older than 5 minutes.",
};
const notAnEvent = { code: "MALFORMED_JSON", message: "The body is not a Stripe event." };

/** The sweep finds what the queue has never heard of. */
async function wakeLater(): Promise<void> {
  await travel(MINUTE_MS);
  await cron();
  await settle();
}

function anEvent(type = "checkout.session.completed", object: object = {}) {
  return { id: `evt_${crypto.randomUUID()}`, object: "event", type, data: { object } };
}

describe("A webhook that Stripe did not send", () => {
  it.each([
    ["without a signature", async (body: string) => ({ body, headers: {} })],
    ["signed with another secret", (body: string) => signedDelivery(body, { secret: "whsec_x" })],
    [
      "signed 6 minutes ago",
      (body: string) => signedDelivery(body, { at: Date.now() - 6 * MINUTE_MS }),
    ],
    [
      "with another body than was signed",
      async (body: string) => ({ ...(await signedDelivery(body)), body: `${body} ` }),
    ],
    [
      "with a signature that is none",
      async (body: string) => ({ body, headers: { "Stripe-Signature": "t=1,v1=,v0=,,=" } }),
    ],
    ["with no body at all", () => signedDelivery("")],
    [
      "signed under an older scheme only",
      async (body: string) => {
        const { headers } = await signedDelivery(body);
        const signature = headers["Stripe-Signature"]?.replace("v1=", "v0=") ?? "";
        return { body, headers: { "Stripe-Signature": signature } };
      },
    ],
  ])("(%s) is refused and leaves nothing behind", async (_, forge) => {
    const at = await toPaymentPage(5);
    const body = JSON.stringify(
      anEvent("checkout.session.completed", {
        id: "cs_forged",
        client_reference_id: at.orderId,
        payment_status: "paid",
      }),
    );
    expectError(await post(await forge(body)), 400, notSigned);
    expect(await stored()).toEqual([]);
    expect((await order(at)).status).toBe("pending_payment");
  });

  it("4 minutes old is still taken, for a slow network", async () => {
    const body = JSON.stringify(anEvent());
    const answer = await post(await signedDelivery(body, { at: Date.now() - 4 * MINUTE_MS }));
    expect(answer.body).toEqual({ data: { received: true } });
    await settle();
  });
});

describe("A signed body that is no event", () => {
  it.each([
    ["no JSON", "{"],
    ["a word", '"evt"'],
    ["without a type", JSON.stringify({ id: "evt_1", data: { object: {} } })],
  ])("(%s) is refused and leaves nothing behind", async (_, body) => {
    expectError(await post(await signedDelivery(body)), 400, notAnEvent);
    expect(await stored()).toEqual([]);
  });
});

describe("An event that is not for us", () => {
  it.each([
    ["of an unknown type", anEvent("product.created", { id: "prod_1" })],
    ["of a type that Stripe has yet to invent", anEvent("quantum.entangled")],
    ["without metadata", anEvent("checkout.session.completed", { id: "cs_1", metadata: null })],
    [
      "of another integration",
      anEvent("checkout.session.completed", {
        id: "cs_other",
        client_reference_id: "cart-4711",
        payment_status: "paid",
      }),
    ],
    [
      "about an order that does not exist",
      anEvent("checkout.session.completed", {
        id: "cs_other",
        metadata: { orderId: "ord_unknown" },
      }),
    ],
    [
      "in its thin form",
      {
        id: "evt_thin",
        object: "v2.core.event",
        type: "v1.checkout.session.completed",
        related_object: { id: "cs_1", type: "checkout.session", url: "/v1/checkout/sessions/cs_1" },
      },
    ],
    ["without an object", { id: "evt_bare", type: "x", data: {} }],
    ["with metadata of its own kind", anEvent("charge.succeeded", { metadata: { a: "1" } })],
  ])("(%s) is kept and ignored, not an error", async (_, event) => {
    expect((await deliverEvent(event)).status).toBe(200);
    await settle();
    expect(await stored()).toEqual([{ event_id: event.id, type: event.type, status: "ignored" }]);
  });
});

describe("A webhook", () => {
  it("is only stored when it is answered: everything else comes from the queue", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const queued: unknown[] = [];
    const send = async (message: unknown) => {
      queued.push(message);
      return { metadata: { metrics: await env.JOBS.metrics() } };
    };
    const JOBS: Queue = { ...deadQueue, send };
    const rig = shopOver(env.DB, { now: () => Date.now(), bindings: { ...env, JOBS } });
    const asked = (await stripe.requests()).length;
    for (const delivery of await stripe.take())
      expect((await rig.call("POST", "/webhooks/stripe", delivery)).status).toBe(200);
    expect(await stripe.requests()).toHaveLength(asked);
    expect((await order(at)).status).toBe("pending_payment");
    const events = await rows(
      "SELECT 'webhook' AS type, id, request_id AS requestId FROM webhook_events ORDER BY rowid",
    );
    expect(events.length).toBeGreaterThan(0);
    expect(queued).toEqual(events);
    await wakeLater();
    expect((await order(at)).status).toBe("paid");
  });

  it("of 200 KB is kept whole, because messages carry ids and not payloads", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const deliveries = await stripe.take();
    for (const { body } of deliveries) {
      const event = JSON.parse(body);
      event.data.object.padding = "ä".repeat(100_000);
      expect((await deliverEvent(event)).status).toBe(200);
    }
    await settle();
    expect((await order(at)).status).toBe("paid");
    const sizes = await rows<{ bytes: number }>(
      "SELECT length(CAST(payload AS BLOB)) AS bytes FROM webhook_events",
    );
    expect(sizes).toHaveLength(deliveries.length);
    for (const { bytes } of sizes) expect(bytes).toBeGreaterThan(200_000);
  });

  it("that cannot be stored is answered 503, so that Stripe sends it again", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const deliveries = await stripe.take();
    const rig = shopOver(brokenDatabase("D1_ERROR: anything at all"), { now: () => Date.now() });
    for (const delivery of deliveries) {
      const answer = await rig.call("POST", "/webhooks/stripe", delivery);
      expectError(answer, 503, {
        code: "UNAVAILABLE",
        message: "The event could not be stored. Please send it again.",
      });
      expect(answer.headers.get("Retry-After")).toBe("5");
    }
    expect(await stored()).toEqual([]);
    for (const delivery of deliveries) await deliver(delivery);
    await settle();
    expect((await order(at)).status).toBe("paid");
  });

  it("that was stored although the answer was 503 has its effect once", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    for (const delivery of await stripe.take()) {
      const { database, failed } = databaseFailingOnce({ when: "after", about: /webhook_events/ });
      const rig = shopOver(database, { now: () => Date.now() });
      expect((await rig.call("POST", "/webhooks/stripe", delivery)).status).toBe(503);
      expect(failed()).toBe(true);
      expect((await deliver(delivery)).status).toBe(200);
    }
    expect((await stored()).every(({ status }) => status === "received")).toBe(true);
    expect((await order(at)).status).toBe("pending_payment");
    await wakeLater();
    expect((await order(at)).status).toBe("paid");
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });
});

describe("The same webhook", () => {
  it("three times in parallel is one event and one sale", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const deliveries = await stripe.take();
    await Promise.all(deliveries.flatMap((one) => [deliver(one), deliver(one), deliver(one)]));
    await settle();
    expect(await stored()).toHaveLength(deliveries.length);
    expect((await order(at)).status).toBe("paid");
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    const sales = await rows("SELECT sku FROM stock_movements WHERE kind = 'sale'");
    expect(sales).toHaveLength(1);
  });

  it("days later changes nothing", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const events = await deliverAll();
    await settle();
    const before = await rows("SELECT * FROM orders");
    for (const { eventId } of events) await stripe.control(`/events/${eventId}/resend`, {});
    await deliverAll();
    await settle();
    expect(await rows("SELECT * FROM orders")).toEqual(before);
    expect(at.orderId).toBe(before[0]?.["id"]);
  });
});

describe("A webhook with a large body", () => {
  it("(a payload over the 128 KB limit of a message) is kept whole, and the message only says where", async () => {
    const text = "x".repeat(200 * 1024);
    const event = anEvent("customer.created", { id: "cus_1", description: text });
    expect((await deliverEvent(event)).status).toBe(200);
    await settle();
    const [row] = await rows<{ size: number; status: string }>(
      "SELECT length(payload) AS size, status FROM webhook_events",
    );
    expect(row?.size).toBeGreaterThan(text.length);
    expect(row?.status).toBe("ignored");
  });
});
