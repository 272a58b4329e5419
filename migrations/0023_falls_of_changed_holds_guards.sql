-- ## Falls of stock by holds that are changed
DROP TRIGGER stock_levels_fall;
--> statement-breakpoint
-- What a fall is stands here alone, for all who are told of it. Goods in a hold are not available, so the hold is the fall.
-- Subscribers are told of each; the operators, who would fill the shelf, once a filling: what holds take and give back is
-- anybody's doing. The level was moved by the newest row of the ledger. A hold of which more is asked gives back what it
-- had and takes all of it at the same moment: where it was low before that, nothing has fallen.
CREATE TRIGGER stock_levels_fall AFTER UPDATE OF on_hand, reserved ON stock_levels
WHEN OLD.on_hand - OLD.reserved > OLD.low_stock_threshold
  AND NEW.on_hand - NEW.reserved <= NEW.low_stock_threshold
  AND NOT EXISTS (
    SELECT 1 FROM (SELECT reservation_id, created_at FROM stock_movements WHERE sku = NEW.sku ORDER BY seq DESC LIMIT 1) taken
    CROSS JOIN (SELECT reserved_delta, reservation_id, created_at FROM stock_movements WHERE sku = NEW.sku
      ORDER BY seq DESC LIMIT 1 OFFSET 1) given
    WHERE given.reservation_id = taken.reservation_id AND given.created_at = taken.created_at
      AND OLD.on_hand - OLD.reserved + given.reserved_delta <= OLD.low_stock_threshold)
BEGIN
  INSERT INTO outgoing_events (id, type, subject, sequence, request_id, created_at)
  SELECT 'evt_' || printf('%011x%016x', NEW.updated_at, m.seq), 'inventory.low', NEW.sku, m.seq, m.request_id, NEW.updated_at
  FROM (SELECT seq, request_id FROM stock_movements ORDER BY seq DESC LIMIT 1) m
  WHERE EXISTS (SELECT 1 FROM webhook_endpoints e, json_each(e.events) wanted WHERE wanted.value = 'inventory.low');
  INSERT INTO outbox (id, topic, payload, dedupe_key, status, request_id, created_at, wake_at)
  SELECT 'obx_' || printf('%011x%016x', NEW.updated_at, m.seq), 'mail.low_stock', json_object('sku', NEW.sku),
    'low_stock:' || NEW.sku || ':' || NEW.fillings, 'pending', m.request_id, NEW.updated_at, NEW.updated_at
  FROM (SELECT seq, request_id FROM stock_movements ORDER BY seq DESC LIMIT 1) m
  WHERE (SELECT settings ->> '$.operatorMails.lowStock' FROM shop_settings WHERE id = 1) IS NOT 0
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'low_stock:' || NEW.sku || ':' || NEW.fillings);
END;
