import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { Money } from "../../platform/money.ts";

const within = (ids: readonly string[]) =>
  sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;

/** A payment or a refund in the shop's books, by its id at the provider. */
export interface Booked extends Money {
  readonly id: string;
}

export function bookedPayments(providerIds: readonly string[]) {
  return query.all<Booked>(sql`
    SELECT provider_payment_id AS id, captured AS amount, currency FROM payments
    WHERE provider_payment_id IN ${within(providerIds)} AND status = 'succeeded'`);
}

export function bookedRefunds(providerIds: readonly string[]) {
  return query.all<Booked>(sql`
    SELECT provider_refund_id AS id, amount, currency FROM refunds
    WHERE provider_refund_id IN ${within(providerIds)}`);
}

/** Writes down that these are on the provider's books too. */
export function markControlled(
  ids: { readonly payments: readonly string[]; readonly refunds: readonly string[] },
  now: number,
) {
  return [
    query.all(sql`UPDATE payments SET controlled_at = ${now}
      WHERE provider_payment_id IN ${within(ids.payments)} AND controlled_at IS NULL`),
    query.all(sql`UPDATE refunds SET controlled_at = ${now}
      WHERE provider_refund_id IN ${within(ids.refunds)} AND controlled_at IS NULL`),
  ];
}

/** What the shop booked between these times, in milliseconds, and the provider does not list. */
export function notControlled(from: number, before: number, limit: number) {
  return query.all<Booked>(sql`
    SELECT provider_payment_id AS id, captured AS amount, currency FROM payments
    WHERE status = 'succeeded' AND controlled_at IS NULL AND updated_at >= ${from} AND updated_at < ${before}
      AND provider_payment_id IS NOT NULL
    UNION ALL
    SELECT provider_refund_id, amount, currency FROM refunds
    WHERE provider_refund_id IS NOT NULL AND controlled_at IS NULL AND updated_at >= ${from} AND updated_at < ${before}
      AND status <> 'failed'
    LIMIT ${limit}`);
}
