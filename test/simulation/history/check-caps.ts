import { LIMITED } from "./goods.ts";
import type { Play } from "./play.ts";

/** I18, counted here from the holds alone: it holds at every instant. The shop's own, for lost orders, are not counted. */
export async function checkCaps(play: Play): Promise<void> {
  const { perOrder, perCustomer } = LIMITED;
  const over = await play.world.rows<{ what: string }>(
    `SELECT 'one hold has ' || l.quantity || ' of ' || l.sku AS what FROM reservation_lines l
      WHERE l.sku = ? AND l.quantity > ?
     UNION ALL
     SELECT r.account_id || ' holds ' || sum(l.quantity) || ' of ' || l.sku FROM reservation_lines l
      JOIN reservations r ON r.id = l.reservation_id
      WHERE l.sku = ? AND r.status = 'held' AND r.account_id IS NOT NULL GROUP BY r.account_id HAVING sum(l.quantity) > ?
     UNION ALL
     SELECT r.caller || ' has the hold ' || r.rowid || ' besides its ' || ? FROM reservations r
      WHERE r.status = 'held' AND r.actor <> 'system' AND ? <= (SELECT count(*) FROM reservations h
        WHERE h.caller = r.caller AND h.status = 'held' AND h.rowid < r.rowid
          AND (h.order_id IS NOT NULL OR h.expires_at > r.created_at))`,
    ...[perOrder.sku, perOrder.limit, perCustomer.sku, perCustomer.limit],
    ...[play.holdsPerCaller, play.holdsPerCaller],
  );
  for (const { what } of over) play.records.breach(`I18: ${what}`);
}
