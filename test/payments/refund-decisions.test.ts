import { describe, expect, it } from "vitest";
import { compareRefunds } from "../../src/checkout/refunds/compare-refunds.ts";
import {
  attentionAfterNews,
  attentionAfterRefund,
  type BookedRefund,
} from "../../src/checkout/refunds/refund-attention.ts";
import type { StoredOrder } from "../../src/orders/index.ts";
import type { ProviderRefund } from "../../src/payments/index.ts";

type StoredRefund = StoredOrder["refunds"][number];
type Status = StoredRefund["status"];

const CAPTURED = 2500;
const CALLED_AT = 10_500;

/** A refund on the books, of the shop's; Stripe knows it unless it says otherwise. */
const booked = (id: string, status: Status, amount: number, more: Partial<StoredRefund> = {}) => ({
  ...{ id, status, amount, currency: "USD", reason: "Broken", actor: "usr_1", items: [] },
  ...{ providerRefundId: `re_${id}`, source: "shop" as const, createdAt: 1, ...more },
});

const orderWith = (refunds: readonly StoredRefund[], more: Partial<StoredOrder> = {}) =>
  ({
    ...{ status: "paid", refunds, disputes: [] },
    ...{ attentionReason: "refund_failed", attentionSince: CALLED_AT, ...more },
  }) as unknown as StoredOrder;

/** Why a person is called after news that are no failure. */
const reasonFor = (refunds: readonly BookedRefund[], more: Partial<StoredOrder> = {}) =>
  attentionAfterNews(orderWith([], more), { refunds, captured: CAPTURED, failing: false });

const failed = booked("a", "failed", 800);
const again = booked("b", "succeeded", 800, { createdAt: CALLED_AT });

describe("A person who is called to a refund that failed", () => {
  it("is let go once it was made again", () => {
    expect(reasonFor([failed, again])).toBeNull();
    expect(reasonFor([failed])).toBe("refund_failed");
  });

  it("is let go by a refund that was made within the same second", () => {
    expect(reasonFor([failed, { ...again, createdAt: CALLED_AT - 500 }])).toBeNull();
    expect(reasonFor([failed, { ...again, createdAt: CALLED_AT - 501 }])).toBe("refund_failed");
  });

  it("stays called while another refund has not reached Stripe", () => {
    const stuck = booked("c", "pending", 100, { providerRefundId: null });
    expect(reasonFor([failed, again, stuck])).toBe("refund_failed");
  });

  it("stays called when a bank has taken as much as the refund was for", () => {
    expect(reasonFor([failed, { ...again, source: "dispute" }])).toBe("refund_failed");
  });

  it("stays called when two have failed and one was made again", () => {
    const two = [failed, booked("c", "failed", 900, { createdAt: 2 })];
    const one = booked("d", "succeeded", 900, { createdAt: CALLED_AT });
    const small = booked("e", "failed", 100, { createdAt: 3 });
    expect(reasonFor([...two, one])).toBeNull();
    expect(reasonFor([...two, small, one])).toBe("refund_failed");
  });

  it("of a canceled order stays called until all of its money is back", () => {
    const canceled = { status: "canceled" as const };
    expect(reasonFor([failed, again], canceled)).toBe("refund_failed");
    expect(reasonFor([failed, { ...again, amount: CAPTURED }], canceled)).toBeNull();
  });

  it("stays called by another refund while one is under way", () => {
    const underWay = orderWith([failed, booked("b", "pending", 100)]);
    expect(attentionAfterRefund(underWay, 0)).toBeUndefined();
    expect(attentionAfterRefund(orderWith([failed]), 0)).toMatchObject({ attentionReason: null });
  });

  it("is let go of nothing else by a refund", () => {
    const other = orderWith([failed], { attentionReason: "dispute" });
    expect(attentionAfterRefund(other, 0)).toBeUndefined();
  });

  it.each(["open", "lost"] as const)(
    "is called to a dispute again, that is %s, once the refund is made",
    (status) => {
      const disputes = [{ status }] as unknown as StoredOrder["disputes"];
      const attentionReason = status === "open" ? "dispute" : "dispute_lost";
      const then = attentionAfterRefund(orderWith([failed], { disputes }), 0);
      expect(then).toMatchObject({ attentionReason });
    },
  );

  it("is not called to what staff have written as a reason", () => {
    const reason = "amount_mismatch";
    const byStaff = orderWith([booked("a", "failed", 800, { reason })]);
    expect(attentionAfterRefund(byStaff, 0)).toMatchObject({ attentionReason: null });
    const byItself = orderWith([booked("a", "failed", 800, { reason, actor: "system" })]);
    expect(attentionAfterRefund(byItself, 0)).toMatchObject({ attentionReason: reason });
  });
});

/** A refund at Stripe. */
const atStripe = (id: string, status: Status, amount: number, refundId: string | null = null) => ({
  ...{ id, status, money: { amount, currency: "USD" }, reason: null },
  ...{ refundId, createdAt: 1 },
});

/** What the books have yet to learn of these refunds at Stripe. */
const newsOf = (own: readonly StoredRefund[], refunds: readonly ProviderRefund[]) =>
  compareRefunds(orderWith(own), {
    paymentId: "pay_1",
    captured: CAPTURED,
    refundable: true,
    refunds,
  }).map((one) =>
    one.kind === "outcome" ? [one.refundId, one.status] : [one.refund.id, one.refund.status],
  );

const unsent = (amount: number) => booked("a", "pending", amount, { providerRefundId: null });

describe("A refund of ours that Stripe has not made yet", () => {
  it("of which Stripe could still make just all is not given up", () => {
    expect(newsOf([unsent(1500)], [atStripe("re_1", "succeeded", 1000)])).toEqual([
      ["re_1", "succeeded"],
    ]);
    expect(newsOf([unsent(1501)], [atStripe("re_1", "succeeded", 1000)])).toEqual([
      ["a", "failed"],
      ["re_1", "succeeded"],
    ]);
  });

  it("has the room of one in the dashboard that has failed", () => {
    expect(newsOf([unsent(2000)], [atStripe("re_1", "failed", 1000)])).toEqual([]);
  });

  it("gets its name there while it is under way", () => {
    expect(newsOf([unsent(1000)], [atStripe("re_1", "pending", 1000, "a")])).toEqual([
      ["a", "pending"],
    ]);
  });

  it("is one of the two that bear its id", () => {
    const both = ["re_1", "re_2"].map((id) => atStripe(id, "succeeded", 1000, "a"));
    expect(newsOf([unsent(1000)], both)).toEqual([
      ["a", "succeeded"],
      ["re_2", "succeeded"],
    ]);
  });

  it("takes no room from itself once Stripe has made it", () => {
    expect(newsOf([unsent(2000)], [atStripe("re_1", "succeeded", 2000, "a")])).toEqual([
      ["a", "succeeded"],
    ]);
  });
});

describe("A refund in the dashboard that has failed before the shop hears of it", () => {
  it("is booked, before those that have not, where there is room", () => {
    const refunds = [atStripe("re_1", "succeeded", 2500), atStripe("re_2", "failed", 2500)];
    expect(newsOf([], refunds)).toEqual([
      ["re_2", "failed"],
      ["re_1", "succeeded"],
    ]);
  });

  it("is not booked where nothing is left", () => {
    const whole = booked("a", "succeeded", 2500);
    const refunds = [atStripe("re_a", "succeeded", 2500, "a"), atStripe("re_2", "failed", 1000)];
    expect(newsOf([whole], refunds)).toEqual([]);
  });
});
