-- ## Settings: pages show them, so a change of them is one of what shoppers see
CREATE TRIGGER tag_catalog_settings_new AFTER INSERT ON shop_settings BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_settings AFTER UPDATE ON shop_settings BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
-- ## Stock that runs low
CREATE TRIGGER stock_movements_count_fillings AFTER INSERT ON stock_movements WHEN NEW.on_hand_delta > 0 BEGIN
  UPDATE stock_levels SET fillings = fillings + 1 WHERE sku = NEW.sku;
END;
--> statement-breakpoint
DROP TRIGGER stock_levels_tell;
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
--> statement-breakpoint
-- ## Holds: their holder may ask for other items as long as they are held and no order has them. Each refusal has its own word.
CREATE TRIGGER reservations_changed_in_time BEFORE UPDATE OF changed_at ON reservations BEGIN
  SELECT RAISE(ABORT, 'reservation_claimed') WHERE OLD.order_id IS NOT NULL;
  SELECT RAISE(ABORT, 'reservation_expired') WHERE OLD.status = 'expired' OR (OLD.status = 'held' AND OLD.expires_at <= NEW.changed_at);
  SELECT RAISE(ABORT, 'reservation_ended') WHERE OLD.status <> 'held';
END;
--> statement-breakpoint
DROP TRIGGER reservation_lines_no_update;
--> statement-breakpoint
-- Of a line some may be given back. More of it is another line, which is judged as each line is.
CREATE TRIGGER reservation_lines_no_update BEFORE UPDATE ON reservation_lines
WHEN NEW.quantity >= OLD.quantity OR NEW.reservation_id <> OLD.reservation_id OR NEW.sku <> OLD.sku
  OR NEW.title IS NOT OLD.title OR NEW.variant_title IS NOT OLD.variant_title OR NEW.unit_amount IS NOT OLD.unit_amount
  OR NEW.currency IS NOT OLD.currency OR NEW.requires_shipping IS NOT OLD.requires_shipping
  OR NOT EXISTS (SELECT 1 FROM reservations
    WHERE id = OLD.reservation_id AND status = 'held' AND order_id IS NULL AND changed_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
DROP TRIGGER reservation_lines_no_delete;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_no_delete BEFORE DELETE ON reservation_lines
WHEN EXISTS (SELECT 1 FROM reservations
  WHERE id = OLD.reservation_id AND (status <> 'held' OR order_id IS NOT NULL OR changed_at IS NULL))
BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
-- What is given back of a hold is on the shelf at once. A line that goes with its hold has given all back before.
CREATE TRIGGER reservation_lines_less AFTER UPDATE OF quantity ON reservation_lines BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, actor, request_id, created_at)
  SELECT NEW.sku, 'release', 0, NEW.quantity - OLD.quantity, 'Reservation changed', r.id, r.actor, r.request_id, r.changed_at
  FROM reservations r WHERE r.id = NEW.reservation_id;
END;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_gone AFTER DELETE ON reservation_lines BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, actor, request_id, created_at)
  SELECT OLD.sku, 'release', 0, -OLD.quantity, 'Reservation changed', r.id, r.actor, r.request_id, r.changed_at
  FROM reservations r WHERE r.id = OLD.reservation_id;
END;
--> statement-breakpoint
DROP TRIGGER reservation_lines_hold;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_hold AFTER INSERT ON reservation_lines BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, actor, request_id, created_at)
  SELECT NEW.sku, 'reserve', 0, NEW.quantity, 'Reservation', r.id, r.actor, r.request_id, coalesce(r.changed_at, r.created_at)
  FROM reservations r WHERE r.id = NEW.reservation_id;
END;
--> statement-breakpoint
DROP TRIGGER reservation_lines_in_time;
--> statement-breakpoint
-- The moment decides at which it was asked for. What the shop writes again after a restore was held in time.
CREATE TRIGGER reservation_lines_in_time BEFORE INSERT ON reservation_lines
WHEN EXISTS (
  SELECT 1 FROM variants v JOIN products p ON p.id = v.product_id JOIN reservations r ON r.id = NEW.reservation_id
  WHERE v.sku = NEW.sku AND r.actor <> 'system'
    AND (coalesce(r.changed_at, r.created_at) < p.opens_at OR coalesce(r.changed_at, r.created_at) >= p.closes_at)
)
BEGIN
  SELECT RAISE(ABORT, 'sku_not_on_sale');
END;
--> statement-breakpoint
-- ## Receipts: how often staff may have one sent again
CREATE TRIGGER order_events_few_receipts BEFORE INSERT ON order_events
WHEN NEW.type = 'receipt.requested' AND (
  SELECT count(*) FROM order_events
  WHERE order_id = NEW.order_id AND type = 'receipt.requested' AND created_at > NEW.created_at - 3600000) >= 5
BEGIN
  SELECT RAISE(ABORT, 'receipts_too_many');
END;
