import { describe, expect, it } from "vitest";
import { DEAD_JOBS, deliverBatch } from "../support/jobs.ts";
import {
  arrive,
  buy,
  closeRefunds,
  dispute,
  later,
  type Paid,
  refundInDashboard,
  refundInShop,
  refundsAtStripe,
  standing,
} from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { stripe } from "../support/stripe.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;

describe("A person who is called to a refund that failed", () => {
  const attention = async (at: Paid) => (await standing(at)).attention;

  it("is let go once it was made again in the dashboard, and by nothing less or before", async () => {
    const at = await buy();
    await refundInShop(at, 800);
    await refundInDashboard(at, 800);
    await arrive();
    const [first] = await rows<{ id: string }>(
      "SELECT provider_refund_id AS id FROM refunds WHERE source = 'shop'",
    );
    await travel(MINUTE_MS);
    await stripe.control(`/refunds/${first?.id}/fail`, {});
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await refundInDashboard(at, 500);
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await refundInDashboard(at, 800);
    await arrive();
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "partially_refunded",
      attention: null,
      refunded: 2100,
    });
  });

  it("is let go as soon as they have sent it again", async () => {
    const at = await buy();
    await refundInShop(at, 800);
    const [first] = await refundsAtStripe();
    await stripe.control(`/refunds/${first?.id}/fail`, {});
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await closeRefunds();
    await refundInShop(at, 800);
    expect(await attention(at)).toBeNull();
    await later();
  });

  it("is let go once the refund that died was replayed and is made", async () => {
    const at = await buy();
    await closeRefunds();
    await refundInShop(at, 1000);
    const [promise] = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = 'refund'");
    const body = { type: "outbox", id: promise?.id, requestId: "r" };
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
    expect(await attention(at)).toBe("refund_failed");
    await stripe.misbehave();
    await asAdmin("POST", `/api/v1/dead-letters/${promise?.id}/replay`);
    await expect
      .poll(() => standing(at))
      .toEqual({
        status: "paid",
        paymentStatus: "partially_refunded",
        attention: null,
        refunded: 1000,
      });
  });

  it("stays called while a dispute about it is decided, until somebody makes it again", async () => {
    const at = await buy();
    await refundInShop(at, 2000);
    const [first] = await refundsAtStripe();
    await dispute(at, "opened", 500);
    await stripe.control(`/refunds/${first?.id}/fail`, {});
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await dispute(at, "won");
    await arrive();
    expect(await attention(at)).toBe("refund_failed");
    await refundInShop(at, 2000);
    expect(await attention(at)).toBeNull();
  });
});
