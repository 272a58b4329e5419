-- The state machines, as data. The same tables stand in the features' *-state.ts files.
INSERT INTO state_transitions (machine, from_state, to_state) VALUES
  ('reservation', 'held', 'committed'),
  ('reservation', 'held', 'released'),
  ('reservation', 'held', 'expired'),
  ('order.status', 'pending_payment', 'paid'),
  ('order.status', 'pending_payment', 'canceled'),
  ('order.status', 'pending_payment', 'expired'),
  ('order.status', 'paid', 'canceled'),
  ('order.status', 'expired', 'paid'),
  ('order.payment_status', 'unpaid', 'processing'),
  ('order.payment_status', 'unpaid', 'paid'),
  ('order.payment_status', 'unpaid', 'failed'),
  ('order.payment_status', 'processing', 'paid'),
  ('order.payment_status', 'processing', 'failed'),
  ('order.payment_status', 'failed', 'paid'),
  ('order.payment_status', 'paid', 'partially_refunded'),
  ('order.payment_status', 'paid', 'refunded'),
  ('order.payment_status', 'paid', 'disputed'),
  ('order.payment_status', 'partially_refunded', 'paid'),
  ('order.payment_status', 'partially_refunded', 'refunded'),
  ('order.payment_status', 'partially_refunded', 'disputed'),
  ('order.payment_status', 'refunded', 'paid'),
  ('order.payment_status', 'refunded', 'partially_refunded'),
  ('order.payment_status', 'refunded', 'disputed'),
  ('order.payment_status', 'disputed', 'paid'),
  ('order.payment_status', 'disputed', 'partially_refunded'),
  ('order.payment_status', 'disputed', 'refunded'),
  ('order.fulfillment_status', 'unfulfilled', 'partially_fulfilled'),
  ('order.fulfillment_status', 'unfulfilled', 'fulfilled'),
  ('order.fulfillment_status', 'partially_fulfilled', 'fulfilled'),
  ('payment', 'pending', 'processing'),
  ('payment', 'pending', 'succeeded'),
  ('payment', 'pending', 'failed'),
  ('payment', 'pending', 'expired'),
  ('payment', 'processing', 'succeeded'),
  ('payment', 'processing', 'failed'),
  ('payment', 'failed', 'succeeded'),
  ('payment', 'expired', 'processing'),
  ('payment', 'expired', 'succeeded'),
  ('refund', 'pending', 'succeeded'),
  ('refund', 'pending', 'failed'),
  ('refund', 'succeeded', 'failed');
--> statement-breakpoint
CREATE TRIGGER reservations_status_moves BEFORE UPDATE OF status ON reservations
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'reservation' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:reservation');
END;
--> statement-breakpoint
CREATE TRIGGER orders_status_moves BEFORE UPDATE OF status ON orders
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'order.status' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:order.status');
END;
--> statement-breakpoint
CREATE TRIGGER orders_payment_status_moves BEFORE UPDATE OF payment_status ON orders
WHEN OLD.payment_status <> NEW.payment_status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'order.payment_status' AND from_state = OLD.payment_status AND to_state = NEW.payment_status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:order.payment_status');
END;
--> statement-breakpoint
CREATE TRIGGER orders_fulfillment_status_moves BEFORE UPDATE OF fulfillment_status ON orders
WHEN OLD.fulfillment_status <> NEW.fulfillment_status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'order.fulfillment_status' AND from_state = OLD.fulfillment_status AND to_state = NEW.fulfillment_status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:order.fulfillment_status');
END;
--> statement-breakpoint
CREATE TRIGGER payments_status_moves BEFORE UPDATE OF status ON payments
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'payment' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:payment');
END;
--> statement-breakpoint
CREATE TRIGGER refunds_status_moves BEFORE UPDATE OF status ON refunds
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'refund' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:refund');
END;
--> statement-breakpoint
-- Full-text search over what shoppers read.
CREATE VIRTUAL TABLE products_search USING fts5(title, description, content='products', content_rowid='seq', tokenize='unicode61 remove_diacritics 2');
--> statement-breakpoint
CREATE TRIGGER products_search_add AFTER INSERT ON products BEGIN
  INSERT INTO products_search (rowid, title, description) VALUES (NEW.seq, NEW.title, NEW.description);
END;
--> statement-breakpoint
CREATE TRIGGER products_search_change AFTER UPDATE OF title, description ON products BEGIN
  INSERT INTO products_search (products_search, rowid, title, description) VALUES ('delete', OLD.seq, OLD.title, OLD.description);
  INSERT INTO products_search (rowid, title, description) VALUES (NEW.seq, NEW.title, NEW.description);
END;
--> statement-breakpoint
-- Every variant has a stock level from its first moment, and its opening stock is the ledger's first row.
CREATE TRIGGER variants_open_stock AFTER INSERT ON variants BEGIN
  INSERT INTO stock_levels (sku, updated_at) VALUES (NEW.sku, NEW.created_at);
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at)
  SELECT NEW.sku, 'receive', NEW.opening_stock, 0, 'Opening stock', 'system', NEW.created_at WHERE NEW.opening_stock > 0;
END;
--> statement-breakpoint
-- The ledger moves the level. The level's CHECKs then judge, and a violation takes the whole batch back.
CREATE TRIGGER stock_movements_apply AFTER INSERT ON stock_movements BEGIN
  UPDATE stock_levels
  SET on_hand = on_hand + NEW.on_hand_delta, reserved = reserved + NEW.reserved_delta, updated_at = NEW.created_at
  WHERE sku = NEW.sku;
END;
--> statement-breakpoint
CREATE TRIGGER stock_movements_count_sales AFTER INSERT ON stock_movements WHEN NEW.kind = 'sale' BEGIN
  UPDATE products SET units_sold = units_sold - NEW.on_hand_delta
  WHERE id = (SELECT product_id FROM variants WHERE sku = NEW.sku);
END;
--> statement-breakpoint
CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements BEGIN
  SELECT RAISE(ABORT, 'stock_movements is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements BEGIN
  SELECT RAISE(ABORT, 'stock_movements is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN
  SELECT RAISE(ABORT, 'order_events is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN
  SELECT RAISE(ABORT, 'order_events is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER order_lines_no_update BEFORE UPDATE ON order_lines BEGIN
  SELECT RAISE(ABORT, 'order_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER order_lines_no_delete BEFORE DELETE ON order_lines BEGIN
  SELECT RAISE(ABORT, 'order_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_no_update BEFORE UPDATE ON reservation_lines BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_no_delete BEFORE DELETE ON reservation_lines BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
-- What shoppers are told of the stock is a word, rewritten only when the word changes.
CREATE TRIGGER stock_levels_availability AFTER UPDATE ON stock_levels
WHEN CASE WHEN OLD.on_hand - OLD.reserved <= 0 THEN 'sold_out' WHEN OLD.on_hand - OLD.reserved <= OLD.low_stock_threshold THEN 'low' ELSE 'in_stock' END
  <> CASE WHEN NEW.on_hand - NEW.reserved <= 0 THEN 'sold_out' WHEN NEW.on_hand - NEW.reserved <= NEW.low_stock_threshold THEN 'low' ELSE 'in_stock' END
BEGIN
  UPDATE variants SET availability = CASE WHEN NEW.on_hand - NEW.reserved <= 0 THEN 'sold_out' WHEN NEW.on_hand - NEW.reserved <= NEW.low_stock_threshold THEN 'low' ELSE 'in_stock' END
  WHERE sku = NEW.sku;
END;
--> statement-breakpoint
-- A hold is taken line by line, only on what is for sale.
CREATE TRIGGER reservation_lines_for_sale BEFORE INSERT ON reservation_lines
WHEN NOT EXISTS (
  SELECT 1 FROM variants v JOIN products p ON p.id = v.product_id WHERE v.sku = NEW.sku AND p.status = 'active'
)
BEGIN
  SELECT RAISE(ABORT, 'sku_not_for_sale');
END;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_hold AFTER INSERT ON reservation_lines BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, actor, request_id, created_at)
  SELECT NEW.sku, 'reserve', 0, NEW.quantity, 'Reservation', r.id, r.actor, r.request_id, r.created_at
  FROM reservations r WHERE r.id = NEW.reservation_id;
END;
--> statement-breakpoint
-- Leaving `held` is the one moment at which a hold turns into a sale or into free stock.
CREATE TRIGGER reservations_leave_held AFTER UPDATE OF status ON reservations
WHEN OLD.status = 'held' AND NEW.status <> 'held'
BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, order_id, actor, request_id, created_at)
  SELECT
    l.sku,
    CASE NEW.status WHEN 'committed' THEN 'sale' ELSE 'release' END,
    CASE NEW.status WHEN 'committed' THEN -l.quantity ELSE 0 END,
    -l.quantity,
    CASE NEW.status WHEN 'committed' THEN 'Sold' WHEN 'expired' THEN 'Reservation expired' ELSE 'Reservation released' END,
    NEW.id, NEW.order_id, CASE NEW.status WHEN 'released' THEN NEW.actor ELSE 'system' END, NEW.request_id, NEW.ended_at
  FROM reservation_lines l WHERE l.reservation_id = NEW.id;
END;
--> statement-breakpoint
-- An order takes over a live hold that no other order has. Each refusal has its own word.
CREATE TRIGGER orders_claim_reservation BEFORE INSERT ON orders BEGIN
  SELECT RAISE(ABORT, 'reservation_not_found') WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE id = NEW.reservation_id);
  SELECT RAISE(ABORT, 'reservation_claimed') FROM reservations WHERE id = NEW.reservation_id AND order_id IS NOT NULL;
  SELECT RAISE(ABORT, 'reservation_expired') FROM reservations
  WHERE id = NEW.reservation_id AND (status = 'expired' OR (status = 'held' AND expires_at <= NEW.created_at));
  SELECT RAISE(ABORT, 'reservation_ended') FROM reservations WHERE id = NEW.reservation_id AND status <> 'held';
END;
--> statement-breakpoint
CREATE TRIGGER orders_mark_reservation AFTER INSERT ON orders BEGIN
  UPDATE reservations SET order_id = NEW.id WHERE id = NEW.reservation_id;
END;
--> statement-breakpoint
-- Refunds that are under way count against what was captured, however many ask at once.
CREATE TRIGGER refunds_within_captured BEFORE INSERT ON refunds
WHEN NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE payment_id = NEW.payment_id AND status <> 'failed')
  > (SELECT captured FROM payments WHERE id = NEW.payment_id)
BEGIN
  SELECT RAISE(ABORT, 'refund_exceeds_captured');
END;
