import { eq, sql } from "drizzle-orm";
import { query, type Statement } from "../../platform/db.ts";
import { disputes } from "../disputes/schema.ts";
import { orders } from "../schema.ts";
import type { AttentionMark } from "../steps/attention.ts";
import type { RefundLine } from "./refund-line.ts";
import { refunds } from "./schema.ts";

/** A refund that the shop is going to send, with what it is for. Amounts in minor units. */
export interface NewRefund
  extends Pick<
    typeof refunds.$inferSelect,
    "id" | "paymentId" | "amount" | "currency" | "reason" | "actor" | "createdAt" | "updatedAt"
  > {
  /** Nothing has to be sent anywhere to be done. */
  readonly status: "pending" | "succeeded";
  readonly items: RefundLine[];
}

/** Money that goes back: pending, and counted against what was captured from now on. */
export function insertRefund(orderId: string, { items, ...row }: NewRefund): Statement[] {
  return [
    query.insert(refunds).values({ ...row, orderId, source: "shop" }),
    ...(items.length === 0 ? [] : [insertRefundLines({ id: row.id, orderId }, items)]),
  ];
}

/** What a refund is for. Triggers refuse more than was bought, and put what came back on the shelf. */
function insertRefundLines(
  refund: { readonly id: string; readonly orderId: string },
  lines: readonly RefundLine[],
) {
  return query.run(sql`
    INSERT INTO refund_lines (refund_id, order_id, sku, quantity, restock, unsent)
    SELECT ${refund.id}, ${refund.orderId}, value ->> 'sku', value ->> 'quantity', value ->> 'restock', value ->> 'unsent'
    FROM json_each(${JSON.stringify(lines)})`);
}

/** A refund with what Stripe needs to know of its payment. */
export function findRefund(id: string) {
  return query.all<{
    id: string;
    orderId: string;
    status: string;
    amount: number;
    currency: string;
    providerPaymentId: string | null;
  }>(sql`
    SELECT r.id, r.order_id AS orderId, r.status, r.amount, r.currency, p.provider_payment_id AS providerPaymentId
    FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = ${id}`);
}

type ForeignRefund = typeof refunds.$inferInsert & {
  readonly source: "provider" | "dispute";
  readonly providerRefundId: string;
};

/** Money that went back without the shop; what Stripe calls it is on the books once. */
export function insertForeignRefund(row: ForeignRefund) {
  return query.insert(refunds).values(row);
}

export function settleRefund(
  id: string,
  outcome: { status: "pending" | "succeeded" | "failed"; providerRefundId: string | null },
  now: number,
) {
  return query
    .update(refunds)
    .set({ ...outcome, updatedAt: now })
    .where(eq(refunds.id, id));
}

/**
 * Books the money that has gone back and says what that makes of the payment, from the facts alone: an open dispute
 * before all, else the refunds' own sums. One that failed after all is taken out again. `mark` calls a person, or lets
 * them go; without it, that stays as it is.
 */
export function bookRefunds(
  orderId: string,
  mark: AttentionMark | undefined,
  { version, now }: { readonly version: number; readonly now: number },
) {
  const done = sql`FROM refunds WHERE order_id = ${orderId} AND status = 'succeeded'`;
  const back = sql`(SELECT coalesce(sum(amount), 0) ${done} AND currency = orders.currency)`;
  return query
    .update(orders)
    .set({
      ...mark,
      refunded: back,
      paymentStatus: sql`CASE
        WHEN payment_status IN ('unpaid', 'processing', 'failed') THEN payment_status
        WHEN EXISTS (SELECT 1 FROM ${disputes} WHERE order_id = ${orderId} AND status = 'open') THEN 'disputed'
        WHEN NOT EXISTS (SELECT 1 ${done}) THEN 'paid'
        WHEN ${back} >= captured THEN 'refunded' ELSE 'partially_refunded' END`,
      version,
      updatedAt: now,
    })
    .where(eq(orders.id, orderId));
}
