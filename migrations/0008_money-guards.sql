INSERT INTO state_transitions (machine, from_state, to_state) VALUES
  ('dispute', 'open', 'won'),
  ('dispute', 'open', 'lost');
--> statement-breakpoint
CREATE TRIGGER disputes_status_moves BEFORE UPDATE OF status ON disputes
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'dispute' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:dispute');
END;
--> statement-breakpoint
-- A code is good within its window and its limits, judged at the moment of its use. Each refusal has its own word.
CREATE TRIGGER discount_uses_allowed BEFORE INSERT ON discount_uses BEGIN
  SELECT RAISE(ABORT, 'discount_unknown') WHERE NOT EXISTS (SELECT 1 FROM discounts WHERE id = NEW.discount_id AND active = 1);
  SELECT RAISE(ABORT, 'discount_not_started') FROM discounts WHERE id = NEW.discount_id AND starts_at > NEW.created_at;
  SELECT RAISE(ABORT, 'discount_ended') FROM discounts WHERE id = NEW.discount_id AND ends_at <= NEW.created_at;
  SELECT RAISE(ABORT, 'discount_currency') FROM discounts d JOIN orders o ON o.id = NEW.order_id
  WHERE d.id = NEW.discount_id AND d.kind = 'fixed' AND d.currency <> o.currency;
  SELECT RAISE(ABORT, 'discount_needs_customer') FROM discounts
  WHERE id = NEW.discount_id AND max_uses_per_customer IS NOT NULL AND NEW.account_id IS NULL AND NEW.email IS NULL;
  SELECT RAISE(ABORT, 'discount_used_by_customer') FROM discounts d
  WHERE d.id = NEW.discount_id AND d.max_uses_per_customer <= max(
    (SELECT count(*) FROM discount_uses u WHERE u.discount_id = NEW.discount_id AND u.account_id = NEW.account_id AND u.given_back_at IS NULL),
    (SELECT count(*) FROM discount_uses u WHERE u.discount_id = NEW.discount_id AND u.email = NEW.email AND u.given_back_at IS NULL));
END;
--> statement-breakpoint
CREATE TRIGGER discount_uses_count AFTER INSERT ON discount_uses BEGIN
  UPDATE discounts SET uses = uses + 1 WHERE id = NEW.discount_id;
END;
--> statement-breakpoint
CREATE TRIGGER discount_uses_given_back AFTER UPDATE OF given_back_at ON discount_uses
WHEN (OLD.given_back_at IS NULL) <> (NEW.given_back_at IS NULL)
BEGIN
  UPDATE discounts SET uses = uses + iif(NEW.given_back_at IS NULL, 1, -1) WHERE id = NEW.discount_id;
END;
--> statement-breakpoint
-- An order that ends unpaid gives its code back, and takes it again when its money comes after all.
CREATE TRIGGER orders_give_discount_back AFTER UPDATE OF status ON orders
WHEN OLD.status = 'pending_payment' AND NEW.status IN ('canceled', 'expired')
BEGIN
  UPDATE discount_uses SET given_back_at = NEW.updated_at WHERE order_id = NEW.id AND given_back_at IS NULL;
END;
--> statement-breakpoint
CREATE TRIGGER orders_take_discount_again AFTER UPDATE OF status ON orders
WHEN OLD.status = 'expired' AND NEW.status = 'paid'
BEGIN
  UPDATE discount_uses SET given_back_at = NULL WHERE order_id = NEW.id AND given_back_at IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER discount_uses_taken_again BEFORE UPDATE OF given_back_at ON discount_uses
WHEN OLD.given_back_at IS NOT NULL AND NEW.given_back_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'discount_used_by_customer') FROM discounts d
  WHERE d.id = NEW.discount_id AND d.max_uses_per_customer <= max(
    (SELECT count(*) FROM discount_uses u WHERE u.discount_id = NEW.discount_id AND u.account_id = NEW.account_id AND u.given_back_at IS NULL),
    (SELECT count(*) FROM discount_uses u WHERE u.discount_id = NEW.discount_id AND u.email = NEW.email AND u.given_back_at IS NULL));
END;
--> statement-breakpoint
CREATE TRIGGER discount_uses_no_delete BEFORE DELETE ON discount_uses BEGIN
  SELECT RAISE(ABORT, 'discount_uses is append-only');
END;
--> statement-breakpoint
-- No unit is refunded twice, and none comes back to the shelf twice: a refund that failed does not count, what it brought back does.
CREATE TRIGGER refund_lines_within_order BEFORE INSERT ON refund_lines BEGIN
  SELECT RAISE(ABORT, 'refund_exceeds_items') FROM order_lines l
  WHERE l.order_id = NEW.order_id AND l.sku = NEW.sku AND NEW.quantity + (
    SELECT coalesce(sum(x.quantity), 0) FROM refund_lines x JOIN refunds r ON r.id = x.refund_id
    WHERE x.order_id = NEW.order_id AND x.sku = NEW.sku AND r.status <> 'failed') > l.quantity;
  SELECT RAISE(ABORT, 'restock_exceeds_items') FROM order_lines l
  WHERE NEW.restock = 1 AND l.order_id = NEW.order_id AND l.sku = NEW.sku AND NEW.quantity + (
    SELECT coalesce(sum(on_hand_delta), 0) FROM stock_movements
    WHERE order_id = NEW.order_id AND sku = NEW.sku AND kind = 'return') > l.quantity;
END;
--> statement-breakpoint
CREATE TRIGGER refund_lines_restock AFTER INSERT ON refund_lines WHEN NEW.restock = 1 BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, created_at)
  SELECT NEW.sku, 'return', NEW.quantity, 0, 'Returned', NEW.order_id, r.actor, r.created_at
  FROM refunds r WHERE r.id = NEW.refund_id;
END;
--> statement-breakpoint
CREATE TRIGGER refund_lines_no_update BEFORE UPDATE ON refund_lines BEGIN
  SELECT RAISE(ABORT, 'refund_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER refund_lines_no_delete BEFORE DELETE ON refund_lines BEGIN
  SELECT RAISE(ABORT, 'refund_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER fulfillments_of_paid_orders BEFORE INSERT ON fulfillments
WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'paid'
BEGIN
  SELECT RAISE(ABORT, 'order_not_paid');
END;
--> statement-breakpoint
CREATE TRIGGER fulfillment_lines_within_order BEFORE INSERT ON fulfillment_lines
WHEN NEW.quantity + (
    SELECT coalesce(sum(quantity), 0) FROM fulfillment_lines WHERE order_id = NEW.order_id AND sku = NEW.sku)
  > (SELECT quantity FROM order_lines WHERE order_id = NEW.order_id AND sku = NEW.sku)
BEGIN
  SELECT RAISE(ABORT, 'fulfillment_exceeds_items');
END;
--> statement-breakpoint
CREATE TRIGGER fulfillment_lines_no_update BEFORE UPDATE ON fulfillment_lines BEGIN
  SELECT RAISE(ABORT, 'fulfillment_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER fulfillment_lines_no_delete BEFORE DELETE ON fulfillment_lines BEGIN
  SELECT RAISE(ABORT, 'fulfillment_lines is append-only');
END;
--> statement-breakpoint
-- REPLACE deletes a row without its triggers, so a row of the ledger that exists must not be written again either.
CREATE TRIGGER stock_movements_no_replace BEFORE INSERT ON stock_movements
WHEN NEW.seq IS NOT NULL AND EXISTS (SELECT 1 FROM stock_movements WHERE seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'stock_movements is append-only');
END;
