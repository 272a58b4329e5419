import { rows } from "./world.ts";

/** As if nobody had paid for any order in time, and the purge had taken them all. Stripe has not forgotten. */
export async function purgeAllOrders(): Promise<void> {
  for (const sql of [
    "UPDATE orders SET status = 'expired', updated_at = 1",
    "UPDATE payments SET status = 'expired'",
    "UPDATE reservations SET status = 'expired', ended_at = 1",
    "UPDATE retention_clock SET now = 9999999999",
    "DELETE FROM idempotency_keys",
    "DELETE FROM orders",
  ])
    await rows(sql);
}
