import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { cancel, refund } from "../support/after-sale.ts";
import { disputed } from "../support/disputes.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { arrive, buy, dispute } from "../support/money-back.ts";
import { orderWords } from "../support/page-words.ts";
import { order, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

/** A bank decides for the shop after all, as Stripe says it of a dispute that was lost. */
async function winAppeal(): Promise<void> {
  const [event] = await rows<{ id: string }>(
    "SELECT id FROM webhook_events WHERE type = 'charge.dispute.closed'",
  );
  await rows("UPDATE webhook_events SET status = 'received' WHERE id = ?", event?.id);
  const { payments } = servicesOf(env);
  const readDispute = async (id: string) => ({
    ...(await payments.readDispute(id)),
    status: "won" as const,
  });
  const services = servicesWith({}, { payments: { ...payments, readDispute } });
  const body = { type: "webhook", id: event?.id, requestId: "req_appeal" };
  await deliverBatch(JOBS, [{ id: "appeal", body }], services);
}

describe("The page of an order whose dispute is lost", () => {
  it("says that the bank took the payment back, and not that the shop sent it", async () => {
    const words = await orderWords(await disputed("opened", "lost"));
    expect(words).toContain("Your bank took the payment back It took $25.00 back from us.");
    expect(words).toContain("Payment Taken back by your bank");
    expect(words).toContain("Taken back by your bank −$25.00");
    expect(words).toContain("$25.00 taken back by your bank");
    for (const untrue of ["sent to your bank", "We have sent", "5 to 10 days", "Refunded"])
      expect(words).not.toContain(untrue);
  });

  it("says so of a part", async () => {
    const at = await buy();
    await dispute(at, "opened", 1000);
    await dispute(at, "lost");
    await arrive();
    const words = await orderWords(at);
    expect(words).toContain(
      "Your bank took part of the payment back It took $10.00 of $25.00 back from us.",
    );
    expect(words).toContain("Payment Partly taken back by your bank");
  });

  it("knows what the shop sent by who sent it, whatever its reason reads", async () => {
    const at = await buy();
    await refund(at, { amount: { amount: 900, currency: "USD" }, reason: "dispute_lost" });
    await settle();
    const words = await orderWords(at);
    expect(words).toContain("We have sent $9.00 of $25.00 back to you.");
    expect(words).not.toContain("taken back by your bank");
  });

  it("tells what the shop had sent before apart from what the bank took", async () => {
    const at = await buy();
    await refund(at, { amount: { amount: 900, currency: "USD" } });
    await settle();
    await dispute(at, "opened");
    await dispute(at, "lost");
    await arrive();
    const words = await orderWords(at);
    expect(words).toContain("We have sent $9.00 back to you.");
    expect(words).toContain("Your bank took $16.00 back from us itself.");
    expect(words).toContain("Refunded −$9.00 Taken back by your bank −$16.00");
    expect(words).toContain("$9.00 sent to your bank $16.00 taken back by your bank");
  });

  it("says what is still to come when the rest is refunded by the shop's cancellation", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await buy();
    await dispute(at, "opened", 1000);
    await dispute(at, "lost");
    await arrive();
    expect((await cancel(at)).status).toBe(200);
    const words = await orderWords(at);
    expect(words).toContain("We are sending $15.00 back to you.");
    expect(words).toContain("Your bank took $10.00 back from us itself.");
    expect(words).not.toContain("We have sent");
  });

  it("and won by an appeal says that the money was returned to the shop, and no refund has failed", async () => {
    const at = await disputed("opened", "lost");
    await winAppeal();
    expect((await order(at)).paymentStatus).toBe("paid");
    const words = await orderWords(at);
    expect(words).toContain(
      "$25.00 was taken back by your bank, and returned to the shop when it decided again",
    );
    expect(words).not.toContain("did not go through");
    expect(words).not.toContain("Taken back by your bank");
  });
});

describe("The page of an order that was paid in another currency", () => {
  it("says what went back in that currency", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl, { currency: "EUR" });
    await arrive();
    expect((await order(at)).refunded).toEqual({ amount: 0, currency: "USD" });
    const words = await orderWords(at);
    expect(words).toContain("Your money is on its way back We have sent €25.00 back to you.");
    expect(words).toContain("€25.00 sent to your bank");
    expect(words).not.toContain("$0.00");
  });
});
