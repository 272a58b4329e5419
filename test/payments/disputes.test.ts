import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import {
  arrive,
  buy,
  dispute,
  history,
  later,
  type Paid,
  refundInDashboard,
} from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { mails, order } from "../support/shop.ts";
import { deliver, deliverEvent, stripe } from "../support/stripe.ts";
import { PATIENT, rows, settle, useWorld } from "../support/world.ts";

useWorld();

/** An order whose payment has gone through these statuses of a dispute, each heard of by the shop. */
async function disputed(...statuses: readonly string[]): Promise<Paid> {
  const at = await buy();
  for (const status of statuses) {
    await dispute(at, status);
    await arrive();
  }
  return at;
}

const standing = async (at: Paid) => {
  const { status, paymentStatus, attention, refunded } = await order(at);
  return { status, paymentStatus, attention: attention?.reason ?? null, refunded: refunded.amount };
};
const OPEN = { status: "paid", paymentStatus: "disputed", attention: "dispute", refunded: 0 };
const KEPT = { status: "paid", paymentStatus: "paid", attention: null, refunded: 0 };
const GONE = {
  status: "paid",
  paymentStatus: "refunded",
  attention: "dispute_lost",
  refunded: 2500,
};

describe("A dispute", PATIENT, () => {
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
      await rows("SELECT status, amount, reason, source, actor, stripe_refund_id FROM refunds"),
    ).toEqual([
      {
        status: "succeeded",
        amount: 2500,
        reason: "dispute_lost",
        source: "dispute",
        actor: "stripe",
        stripe_refund_id: found?.id,
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
    expect(await rows("SELECT source FROM refunds")).toEqual([{ source: "stripe" }]);
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

describe("The events of a dispute", PATIENT, () => {
  it.each([
    ["closed before created", [...Array(9).keys()].reverse()],
    ["funds before both", [1, 2, 3, 0, 4]],
  ])("in another order end the same: %s", async (_, first) => {
    const at = await buy();
    for (const status of ["opened", "under_review", "lost"]) await dispute(at, status);
    const events = await stripe.take();
    expect(events.map(({ type }) => type)).toContain("charge.dispute.closed");
    const ordered = first.flatMap((i) => events[i] ?? []);
    for (const event of [...ordered, ...events]) {
      expect((await deliver(event)).status).toBe(200);
      await settle();
    }
    expect(await standing(at)).toEqual(GONE);
    expect(await rows("SELECT status FROM disputes")).toEqual([{ status: "lost" }]);
    expect(await history(at)).toEqual(["order.created", "order.paid", "dispute.lost by stripe"]);
  });

  it("three times each, all at the same time, have one effect", async () => {
    const at = await buy();
    for (const status of ["opened", "under_review", "lost"]) {
      await dispute(at, status);
      await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
      await Promise.all((await stripe.take()).map(deliver));
      await settle();
    }
    expect(await standing(at)).toEqual(GONE);
    expect(await rows("SELECT id FROM refunds")).toHaveLength(1);
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "dispute.opened by stripe",
      "dispute.lost by stripe",
    ]);
  });

  it("worked on by several consumers at once have one effect", async () => {
    const at = await buy();
    await dispute(at, "opened");
    await arrive();
    await rows("UPDATE webhook_events SET status = 'received' WHERE type LIKE 'charge.dispute%'");
    await dispute(at, "lost");
    await Promise.all((await stripe.take()).map(deliver));
    await workOnDisputes();
    await settle();
    expect(await standing(at)).toEqual(GONE);
    expect(await rows("SELECT id FROM refunds")).toHaveLength(1);
  });

  it("read at Stripe before its end, and booked after it, change nothing", async () => {
    const at = await disputed("opened", "lost");
    await bookAs("open");
    expect(await standing(at)).toEqual(GONE);
    expect(await history(at)).toHaveLength(4);
  });

  it("that say another end than is booked call a person", async () => {
    const at = await disputed("opened", "won");
    await bookAs("lost");
    expect(await standing(at)).toEqual({ ...KEPT, attention: "dispute" });
    expect((await history(at)).at(-1)).toBe("dispute.contradicted by stripe");
  });

  it("that is won after an appeal bring the money back", async () => {
    const at = await disputed("opened", "lost");
    await bookAs("won");
    expect(await standing(at)).toEqual(KEPT);
    expect((await history(at)).slice(-2)).toEqual([
      "dispute.lost by stripe",
      "dispute.won by stripe",
    ]);
    expect(await rows("SELECT status FROM disputes")).toEqual([{ status: "won" }]);
    expect(await rows("SELECT source, status FROM refunds")).toEqual([
      { source: "dispute", status: "failed" },
    ]);
  });
});

/** Gives the dispute events of the inbox to the consumer, all in one batch and three times over. */
async function workOnDisputes(services = servicesOf(env)): Promise<void> {
  const found = await rows<{ id: string }>(
    "SELECT id FROM webhook_events WHERE type LIKE 'charge.dispute%'",
  );
  const messages = [1, 2, 3].flatMap((n) =>
    found.map(({ id }) => ({
      id: `${id}-${n}`,
      body: { type: "webhook", id, requestId: "req_again" },
    })),
  );
  await deliverBatch(JOBS, messages, services);
}

/** Works on one event of a dispute once more, with Stripe answering this status. */
async function bookAs(status: "open" | "won" | "lost"): Promise<void> {
  await rows(
    "UPDATE webhook_events SET status = 'received' WHERE id = (SELECT id FROM webhook_events WHERE type = 'charge.dispute.closed' LIMIT 1)",
  );
  const { payments } = servicesOf(env);
  const readDispute = async (id: string) => ({ ...(await payments.readDispute(id)), status });
  await workOnDisputes(servicesWith({}, { payments: { ...payments, readDispute } }));
}

describe("A refund of ours that has not reached Stripe when a dispute is lost", PATIENT, () => {
  it("ends failed, and the bank's taking is booked whole", async () => {
    const at = await buy();
    await stripe.misbehave({
      method: "POST",
      path: "/v1/refunds",
      kind: "rate_limit_429",
      times: 99,
    });
    const answer = await asAdmin("POST", `/api/v1/orders/${at.orderId}/refunds`, {
      headers: { "Idempotency-Key": "k" },
      body: { amount: 1000 },
    });
    expect(answer.status).toBe(201);
    await settle();
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
