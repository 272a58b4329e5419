import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { refund } from "../support/after-sale.ts";
import { arrive, history, payUnheard, refundsAtStripe } from "../support/money-back.ts";
import { pageByHand } from "../support/pages-by-hand.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { askStripe, deliverEvent, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const STRANGER = `ord_${"0".repeat(36)}`;
const inbox = () => rows("SELECT type, status, attempts FROM webhook_events ORDER BY rowid");
const ignored = { type: "checkout.session.completed", status: "ignored", attempts: 1 };

/** What Stripe says of a paid page, not delivered yet. */
async function completed() {
  const taken = await stripe.take();
  const delivery = taken.find(({ type }) => type === "checkout.session.completed");
  return JSON.parse(delivery?.body ?? "null");
}

describe("Another shop on the same Stripe account", () => {
  it.each([
    ["with its own mark", { "metadata[shop]": "other.test" }],
    ["that writes no mark", {}],
  ])("%s is ignored at once, its orders are not waited for", async (_, mark) => {
    await stripe.pay(await pageByHand(STRANGER, { "metadata[orderId]": STRANGER, ...mark }));
    await deliverEvent(await completed());
    await settle();
    expect(await inbox()).toEqual([ignored]);
  });

  it("is ignored also in what it says of refunds", async () => {
    const named = { "metadata[orderId]": STRANGER, "metadata[shop]": "other.test" };
    const { payment_intent: payment } = await stripe.pay(await pageByHand(STRANGER, named));
    await stripe.control(`/payments/${payment}/refund`, {});
    await arrive();
    expect(new Set((await inbox()).map(({ status }) => status))).toEqual(new Set(["ignored"]));
  });

  it("cannot pay for an order of ours, whatever order it names", async () => {
    const at = await toPaymentPage(5);
    const named = { "metadata[orderId]": at.orderId, "metadata[shop]": "other.test" };
    await stripe.pay(await pageByHand(at.orderId, named));
    await deliverEvent(await completed());
    await settle();
    expect(await inbox()).toEqual([ignored]);
    expect((await order(at)).status).toBe("pending_payment");
  });

  it("is not asked about in events of a connected account", async () => {
    const at = await payUnheard();
    await deliverEvent({ ...(await completed()), account: "acct_other" });
    await settle();
    expect(await inbox()).toEqual([ignored]);
    expect((await order(at)).status).toBe("pending_payment");
  });
});

describe("The shop's own mark", () => {
  it("is on the session, the payment and the refunds, and is the shop's host unless it is said", async () => {
    expect(servicesOf(env).config.shopId).toBe("shop.test");
    const at = await payUnheard();
    const { data } = await askStripe<{ data: { metadata: object; payment_intent: string }[] }>(
      "/checkout/sessions",
    );
    const metadata = { orderId: at.orderId, shop: "shop.test" };
    expect(data).toMatchObject([{ metadata }]);
    expect(await askStripe(`/payment_intents/${at.payment}`)).toMatchObject({ metadata });
    await arrive();
    await refund(at);
    await settle();
    expect(await refundsAtStripe()).toMatchObject([{ metadata }]);
  });

  it("may have been another one when the session was made: what the shop wrote down is its own", async () => {
    const at = await payUnheard();
    const event = await completed();
    event.data.object.metadata.shop = "before-the-move.test";
    await deliverEvent(event);
    await settle();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });
});
