import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { readDispute } from "../../src/payments/stripe/disputes.ts";
import { disputed, GONE, KEPT, OPEN } from "../support/disputes.ts";
import {
  arrive,
  buy,
  closeRefunds,
  dispute,
  history,
  later,
  refundInDashboard,
  refundInShop,
  standing,
} from "../support/money-back.ts";
import { mails, order } from "../support/shop.ts";
import { deliverEvent, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

describe("A dispute", () => {
  it.each([
    ["opened", ["opened"], OPEN],
    ["answered", ["opened", "under_review"], OPEN],
    ["won", ["opened", "under_review", "won"], KEPT],
    ["lost", ["opened", "under_review", "lost"], GONE],
    ["lost without an answer", ["opened", "lost"], GONE],
    ["asked about", ["warning_needs_response", "warning_under_review"], OPEN],
    ["asked about, and no more", ["warning_needs_response", "warning_closed"], KEPT],
    ["asked about, opened and lost", ["warning_needs_response", "opened", "lost"], GONE],
    [
      "asked about, closed, and opened again",
      ["warning_needs_response", "warning_closed", "opened"],
      OPEN,
    ],
  ])("that is %s stands so on its order", async (_, statuses, end) => {
    const at = await disputed(...statuses);
    expect(await standing(at)).toEqual(end);
  });

  it("writes each step into the order's history once, and calls the operators once", async () => {
    const at = await disputed("opened", "under_review", "lost");
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "dispute.opened by stripe",
      "dispute.lost by stripe",
    ]);
    const [mail, ...more] = (await mails()).filter(({ text }) => text.includes(at.payment));
    expect(more).toEqual([]);
    expect(mail?.to).toEqual(["operators@holdfast.test"]);
    expect(mail?.subject).toMatch(/^A customer disputes the payment of order #\d+$/);
    expect(mail?.text).toContain("$25.00");
    expect(mail?.text).toContain("fraudulent");
  });

  it("that is lost is a refund by the bank, under the dispute's own id", async () => {
    const at = await disputed("opened", "lost");
    const [found] = await rows<{ id: string }>("SELECT id FROM disputes");
    expect(
      await rows("SELECT status, amount, reason, source, actor, provider_refund_id FROM refunds"),
    ).toEqual([
      {
        status: "succeeded",
        amount: 2500,
        reason: "dispute_lost",
        source: "dispute",
        actor: "stripe",
        provider_refund_id: found?.id,
      },
    ]);
    expect((await order(at)).refunds).toMatchObject([{ amount: { amount: 2500 } }]);
  });

  it("over a part of the payment takes that part", async () => {
    const at = await buy();
    await dispute(at, "opened", 1000);
    await arrive();
    expect(await standing(at)).toEqual(OPEN);
    await dispute(at, "lost");
    await arrive();
    expect(await standing(at)).toEqual({
      ...GONE,
      paymentStatus: "partially_refunded",
      refunded: 1000,
    });
  });

  it.each([
    ["won", { ...KEPT, paymentStatus: "partially_refunded", refunded: 900 }],
    ["lost", GONE],
  ])("after a partial refund, %s, leaves the refund as it is", async (outcome, end) => {
    const at = await buy();
    await refundInDashboard(at, 900);
    await arrive();
    await dispute(at, "opened", 2500);
    await arrive();
    expect(await standing(at)).toEqual({ ...OPEN, refunded: 900 });
    await dispute(at, outcome);
    await arrive();
    expect(await standing(at)).toEqual(end);
  });

  it("lost over what has gone back already takes nothing twice", async () => {
    const at = await buy();
    await dispute(at, "warning_needs_response");
    await refundInDashboard(at);
    await dispute(at, "opened");
    await dispute(at, "lost");
    await arrive();
    expect(await standing(at)).toEqual(GONE);
    expect(await rows("SELECT source FROM refunds")).toEqual([{ source: "provider" }]);
  });

  it("that is won can be refunded after all", async () => {
    const at = await disputed("opened", "won");
    await refundInDashboard(at, 500);
    await arrive();
    expect(await standing(at)).toEqual({
      ...KEPT,
      paymentStatus: "partially_refunded",
      refunded: 500,
    });
  });

  it("stays one while a refund of before succeeds", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await buy();
    const { id } = await refundInDashboard(at, 700);
    await arrive();
    await dispute(at, "opened", 1800);
    await arrive();
    await stripe.control(`/refunds/${id}/succeed`, {});
    await arrive();
    expect(await standing(at)).toEqual({ ...OPEN, refunded: 700 });
    await dispute(at, "won");
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "partially_refunded" });
  });

  it("leaves a mark that calls a person to something else where it is", async () => {
    const at = await buy();
    await rows("UPDATE orders SET attention_reason = 'amount_mismatch', attention_since = 1");
    await dispute(at, "opened");
    await arrive();
    expect(await standing(at)).toEqual({ ...OPEN, attention: "amount_mismatch" });
    await dispute(at, "won");
    await arrive();
    expect(await standing(at)).toEqual({ ...KEPT, attention: "amount_mismatch" });
  });

  it("of a payment that the shop knows nothing of is ignored", async () => {
    const object = { id: "dp_other", payment_intent: "pi_other", metadata: {} };
    const type = "charge.dispute.created";
    await deliverEvent({ id: "evt_other", object: "event", type, data: { object } });
    await settle();
    expect(await rows("SELECT status FROM webhook_events")).toEqual([{ status: "ignored" }]);
  });
});

describe("The status of a dispute at Stripe", () => {
  it.each([
    ["needs_response", "open"],
    ["under_review", "open"],
    ["won", "won"],
    ["lost", "lost"],
    ["warning_needs_response", "open"],
    ["warning_closed", "won"],
    ["prevented", "won"],
  ])("%s is %s to the shop", (status, ours) => {
    const dispute = { status, currency: "usd", evidence_details: { due_by: null } };
    expect(readDispute(dispute as Stripe.Dispute)).toMatchObject({ status: ours, answerBy: null });
  });
});

describe("A refund of ours that has not reached Stripe when a dispute is lost", () => {
  it("ends failed, and the bank's taking is booked whole", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 1000);
    await dispute(at, "opened");
    await dispute(at, "lost");
    await arrive();
    await later();
    expect(await standing(at)).toEqual(GONE);
    expect(await rows("SELECT source, status, amount FROM refunds ORDER BY source DESC")).toEqual([
      { source: "shop", status: "failed", amount: 1000 },
      { source: "dispute", status: "succeeded", amount: 2500 },
    ]);
  });
});
