import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { disputed, GONE, KEPT, OPEN } from "../support/disputes.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import {
  arrive,
  buy,
  dispute,
  history,
  refundInDashboard,
  refundInShop,
  refundsAtStripe,
  standing,
} from "../support/money-back.ts";
import { deliver, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

describe("The events of a dispute", () => {
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

  it("book the refunds that no event has told of", async () => {
    const at = await buy();
    await refundInDashboard(at, 1000);
    for (const status of ["opened", "lost"]) await dispute(at, status);
    const events = await stripe.take();
    for (const event of events.filter(({ type }) => type.startsWith("charge.dispute")))
      await deliver(event);
    await settle();
    expect(await standing(at)).toEqual(GONE);
    expect(await rows("SELECT source, amount FROM refunds ORDER BY amount")).toEqual([
      { source: "provider", amount: 1000 },
      { source: "dispute", amount: 1500 },
    ]);
  });

  it("call a person to a refund that has failed and that no event has told of", async () => {
    const at = await buy();
    await refundInShop(at, 2000);
    const [made] = await refundsAtStripe();
    await stripe.take();
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await dispute(at, "opened", 500);
    const events = await stripe.take();
    for (const event of events.filter(({ type }) => type.startsWith("charge.dispute")))
      await deliver(event);
    await settle();
    expect(await standing(at)).toMatchObject({ attention: "refund_failed", refunded: 0 });
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

describe("One of two disputes about a payment", () => {
  /** The other one, which Stripe has nothing new to say of. */
  async function another(status: "open" | "lost"): Promise<void> {
    await rows(
      `INSERT INTO disputes (id, order_id, payment_id, status, reason, amount, currency, created_at, updated_at)
      SELECT 'du_other', order_id, id, ?, 'general', 500, currency, created_at, created_at FROM payments`,
      status,
    );
    if (status === "open") return;
    await rows(
      `INSERT INTO refunds (id, order_id, payment_id, status, amount, currency, reason, provider_refund_id, source, actor, created_at, updated_at)
      SELECT 'ref_other', order_id, id, 'succeeded', 500, currency, 'dispute_lost', 'du_other', 'dispute', 'stripe', created_at, created_at FROM payments`,
    );
    await rows("UPDATE orders SET refunded = refunded + 500");
  }

  it("that is won after an appeal brings back its own money, not the other's", async () => {
    const at = await buy();
    await dispute(at, "opened", 1000);
    await dispute(at, "lost");
    await arrive();
    await another("lost");
    await bookAs("won");
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "partially_refunded",
      attention: "dispute_lost",
      refunded: 500,
    });
    expect(await rows("SELECT amount, status FROM refunds ORDER BY amount")).toEqual([
      { amount: 500, status: "succeeded" },
      { amount: 1000, status: "failed" },
    ]);
  });

  it("that is won leaves a person called while the other is open", async () => {
    const at = await disputed("opened");
    await another("open");
    await dispute(at, "won");
    await arrive();
    expect(await standing(at)).toEqual(OPEN);
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
