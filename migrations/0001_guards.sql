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
  ('refund', 'succeeded', 'failed'),
  ('dispute', 'open', 'won'),
  ('dispute', 'open', 'lost'),
  ('dispute', 'lost', 'won');
--> statement-breakpoint
-- What each role holds, as data. A test holds it against the table of access.
INSERT INTO role_scopes (role, scope) VALUES
  ('agent', 'inventory:read'),
  ('agent', 'orders:read'),
  ('agent', 'tickets:read'),
  ('agent', 'tickets:write'),
  ('admin', 'catalog:write'),
  ('admin', 'inventory:read'),
  ('admin', 'inventory:write'),
  ('admin', 'orders:read'),
  ('admin', 'orders:write'),
  ('admin', 'discounts:read'),
  ('admin', 'discounts:write'),
  ('admin', 'identity:read'),
  ('admin', 'identity:write'),
  ('admin', 'webhooks:read'),
  ('admin', 'webhooks:write'),
  ('admin', 'tickets:read'),
  ('admin', 'tickets:write'),
  ('admin', 'reports:read');
--> statement-breakpoint
-- Of these it can do a part: an agent cancels orders and reads drafts. It does not hold them; who gives the role does.
INSERT INTO role_scopes (role, scope, whole) VALUES
  ('agent', 'catalog:write', 0),
  ('agent', 'orders:write', 0);
--> statement-breakpoint
-- ## Who holds what at this moment: users by their role, API keys by their scopes
CREATE VIEW held_scopes AS
  SELECT u.id AS holder_id, r.scope AS scope FROM users u JOIN role_scopes r ON r.role = u.role
  WHERE u.disabled_at IS NULL AND r.whole = 1
  UNION ALL
  SELECT k.id, s.value FROM api_keys k JOIN json_each(k.scopes) s
  WHERE k.revoked_at IS NULL;
--> statement-breakpoint
-- ## States move only as state_transitions says
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
CREATE TRIGGER disputes_status_moves BEFORE UPDATE OF status ON disputes
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'dispute' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:dispute');
END;
--> statement-breakpoint
-- ## Catalog
-- What a product says, and whether it is for sale, has a version, by which the index of words tells late news.
CREATE TRIGGER products_version AFTER UPDATE OF title, description, status ON products BEGIN
  UPDATE products SET version = version + 1 WHERE seq = NEW.seq;
END;
--> statement-breakpoint
-- Every variant has a stock level from its first moment, and its opening stock is the ledger's first row.
CREATE TRIGGER variants_open_stock AFTER INSERT ON variants BEGIN
  INSERT INTO stock_levels (sku, updated_at) VALUES (NEW.sku, NEW.created_at);
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at)
  SELECT NEW.sku, 'receive', NEW.opening_stock, 0, 'Opening stock', 'system', NEW.created_at WHERE NEW.opening_stock > 0;
END;
--> statement-breakpoint
-- ## Stock: the ledger moves the levels, and the levels judge
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
-- What shoppers are told of the stock is a word, rewritten only when the word changes.
CREATE TRIGGER stock_levels_availability AFTER UPDATE ON stock_levels
WHEN CASE WHEN OLD.on_hand - OLD.reserved <= 0 THEN 'sold_out' WHEN OLD.on_hand - OLD.reserved <= OLD.low_stock_threshold THEN 'low' ELSE 'in_stock' END
  <> CASE WHEN NEW.on_hand - NEW.reserved <= 0 THEN 'sold_out' WHEN NEW.on_hand - NEW.reserved <= NEW.low_stock_threshold THEN 'low' ELSE 'in_stock' END
BEGIN
  UPDATE variants SET availability = CASE WHEN NEW.on_hand - NEW.reserved <= 0 THEN 'sold_out' WHEN NEW.on_hand - NEW.reserved <= NEW.low_stock_threshold THEN 'low' ELSE 'in_stock' END
  WHERE sku = NEW.sku;
END;
--> statement-breakpoint
-- REPLACE deletes a row without its triggers, so a row of the ledger that exists must not be written again either.
CREATE TRIGGER stock_movements_no_replace BEFORE INSERT ON stock_movements
WHEN NEW.seq IS NOT NULL AND EXISTS (SELECT 1 FROM stock_movements WHERE seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'stock_movements is append-only');
END;
--> statement-breakpoint
-- Nothing comes back of an order that was not sold, or is back already, whichever way it is written down.
CREATE TRIGGER stock_movements_return_sold BEFORE INSERT ON stock_movements
WHEN NEW.kind = 'return' AND NEW.order_id IS NOT NULL AND NEW.on_hand_delta + (
    SELECT coalesce(sum(on_hand_delta), 0) FROM stock_movements
    WHERE order_id = NEW.order_id AND sku = NEW.sku AND kind IN ('sale', 'return')) > 0
BEGIN
  SELECT RAISE(ABORT, 'restock_exceeds_items');
END;
--> statement-breakpoint
-- ## Holds
CREATE TRIGGER reservation_lines_no_update BEFORE UPDATE ON reservation_lines BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_no_delete BEFORE DELETE ON reservation_lines BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
-- A caller has so many holds that are not paid, at a bank included. One that is over counts no more, swept or not.
CREATE TRIGGER reservations_per_caller BEFORE INSERT ON reservations
WHEN NEW.status = 'held' AND NEW.caller_limit <= (
  SELECT count(*) FROM reservations
  WHERE caller = NEW.caller AND status = 'held' AND (order_id IS NOT NULL OR expires_at > NEW.created_at))
BEGIN
  SELECT RAISE(ABORT, 'holds_per_caller');
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
-- A line has all of a SKU that its hold has, and an order has one hold.
CREATE TRIGGER reservation_lines_per_order BEFORE INSERT ON reservation_lines
WHEN NEW.quantity > (SELECT max_per_order FROM variants WHERE sku = NEW.sku)
BEGIN
  SELECT RAISE(ABORT, 'max_per_order');
END;
--> statement-breakpoint
-- What customers have of each line: what waits for its payment, and what was paid. Only what they gave back, or what is
-- refunded and was never sent, is not theirs: money by itself takes nothing away from them.
CREATE VIEW bought_units AS
  SELECT l.order_id, l.sku, iif(o.payment_status = 'refunded',
    (SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f WHERE f.order_id = l.order_id AND f.sku = l.sku), l.quantity) - (
    SELECT coalesce(sum(CASE WHEN x.restock = 'return' THEN x.quantity WHEN o.payment_status = 'refunded' THEN 0 ELSE x.unsent END), 0)
    FROM refund_lines x JOIN refunds r ON r.id = x.refund_id
    WHERE x.order_id = l.order_id AND x.sku = l.sku AND r.status <> 'failed') AS units
  FROM order_lines l CROSS JOIN orders o ON o.id = l.order_id -- from a customer's lines to their orders, not from all that is paid
  WHERE o.status IN ('pending_payment', 'paid');
--> statement-breakpoint
-- A customer is an account, and whoever gives the same address, or the account's own. A hold knows the account alone.
CREATE TRIGGER reservation_lines_per_customer BEFORE INSERT ON reservation_lines
WHEN (SELECT max_per_customer FROM variants WHERE sku = NEW.sku) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'max_per_customer') FROM reservations r
  WHERE r.id = NEW.reservation_id AND (SELECT max_per_customer FROM variants WHERE sku = NEW.sku) < NEW.quantity
    + (SELECT coalesce(sum(l.quantity), 0) FROM reservations h JOIN reservation_lines l ON l.reservation_id = h.id
       WHERE h.account_id = r.account_id AND h.status = 'held' AND h.order_id IS NULL AND l.sku = NEW.sku)
    + (SELECT coalesce(sum(units), 0) FROM bought_units
       WHERE sku = NEW.sku AND order_id IN (SELECT id FROM orders WHERE account_id = r.account_id));
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
-- ## Orders
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
-- The order's own hold is claimed by now, and its line is not there yet: neither counts twice.
CREATE TRIGGER order_lines_per_customer BEFORE INSERT ON order_lines
WHEN (SELECT max_per_customer FROM variants WHERE sku = NEW.sku) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'customer_unknown') FROM orders WHERE id = NEW.order_id AND account_id IS NULL AND email IS NULL;
  SELECT RAISE(ABORT, 'max_per_customer') FROM orders o
  WHERE o.id = NEW.order_id AND (SELECT max_per_customer FROM variants WHERE sku = NEW.sku) < NEW.quantity
    + (SELECT coalesce(sum(l.quantity), 0) FROM reservations h JOIN reservation_lines l ON l.reservation_id = h.id
       WHERE h.account_id = o.account_id AND h.status = 'held' AND h.order_id IS NULL AND l.sku = NEW.sku)
    + (SELECT coalesce(sum(units), 0) FROM bought_units WHERE sku = NEW.sku AND order_id IN (
        SELECT id FROM orders WHERE account_id = o.account_id UNION SELECT id FROM orders WHERE email = o.email
        UNION SELECT id FROM orders WHERE account_id IN (SELECT account_id FROM users WHERE email = o.email)
        UNION SELECT id FROM orders WHERE email IN (SELECT email FROM users WHERE account_id = o.account_id)));
END;
--> statement-breakpoint
-- Late money does not make an order of what its customer has got elsewhere since.
CREATE TRIGGER orders_late_per_customer BEFORE UPDATE OF status ON orders
WHEN OLD.status = 'expired' AND NEW.status = 'paid'
BEGIN
  SELECT RAISE(ABORT, 'max_per_customer') FROM order_lines n JOIN variants v ON v.sku = n.sku
  WHERE n.order_id = NEW.id AND v.max_per_customer < n.quantity
    + (SELECT coalesce(sum(l.quantity), 0) FROM reservations h JOIN reservation_lines l ON l.reservation_id = h.id
       WHERE h.account_id = OLD.account_id AND h.status = 'held' AND h.order_id IS NULL AND l.sku = n.sku)
    + (SELECT coalesce(sum(units), 0) FROM bought_units WHERE sku = n.sku AND order_id IN (
        SELECT id FROM orders WHERE account_id = OLD.account_id UNION SELECT id FROM orders WHERE email = OLD.email
        UNION SELECT id FROM orders WHERE account_id IN (SELECT account_id FROM users WHERE email = OLD.email)
        UNION SELECT id FROM orders WHERE email IN (SELECT email FROM users WHERE account_id = OLD.account_id)));
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
-- A hold made with an account can only become an order of that account.
CREATE TRIGGER orders_of_the_holder BEFORE INSERT ON orders
WHEN EXISTS (
  SELECT 1 FROM reservations r WHERE r.id = NEW.reservation_id AND r.account_id IS NOT NULL AND r.account_id IS NOT NEW.account_id
)
BEGIN
  SELECT RAISE(ABORT, 'reservation_not_found');
END;
--> statement-breakpoint
-- A number is given out once: the row of the next one only grows, whatever becomes of the orders.
INSERT INTO order_numbers (id, next) VALUES (1, 1001);
--> statement-breakpoint
CREATE TRIGGER orders_take_number AFTER INSERT ON orders BEGIN
  UPDATE order_numbers SET next = NEW.number + 1 WHERE id = 1 AND next <= NEW.number;
END;
--> statement-breakpoint
CREATE TRIGGER order_numbers_never_back BEFORE UPDATE OF next ON order_numbers WHEN NEW.next < OLD.next BEGIN
  SELECT RAISE(ABORT, 'order_numbers_go_back');
END;
--> statement-breakpoint
CREATE TRIGGER order_numbers_no_delete BEFORE DELETE ON order_numbers BEGIN
  SELECT RAISE(ABORT, 'order_numbers_go_back');
END;
--> statement-breakpoint
-- ## The opening
-- Whoever takes stock or a number asks whether this is the database that the shop is open with: one that was put back is not.
INSERT INTO opening (id, opened_from, asked_from) VALUES (1, 1001, 1001);
--> statement-breakpoint
CREATE TRIGGER opening_asked BEFORE UPDATE OF asked_from ON opening BEGIN
  SELECT RAISE(ABORT, 'shop_not_open') WHERE NEW.asked_from <> OLD.opened_from;
  SELECT RAISE(IGNORE);
END;
--> statement-breakpoint
CREATE TRIGGER opening_no_delete BEFORE DELETE ON opening BEGIN
  SELECT RAISE(ABORT, 'shop_not_open');
END;
--> statement-breakpoint
-- A guest's order that is paid with a proved address joins the account that has proved it, also when it is paid later.
CREATE TRIGGER orders_join_account AFTER UPDATE OF status, captured ON orders
WHEN NEW.account_id IS NULL AND (NEW.status = 'paid' OR NEW.captured > 0)
BEGIN
  UPDATE orders SET account_id = (SELECT account_id FROM users WHERE email = NEW.email AND email_verified_at IS NOT NULL)
  WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER orders_join_account_at_once AFTER INSERT ON orders
WHEN NEW.account_id IS NULL AND NEW.status = 'paid'
BEGIN
  UPDATE orders SET account_id = (SELECT account_id FROM users WHERE email = NEW.email AND email_verified_at IS NOT NULL)
  WHERE id = NEW.id;
END;
--> statement-breakpoint
-- ## Money back
-- Refunds that are under way count against what was captured, however many ask at once.
CREATE TRIGGER refunds_within_captured BEFORE INSERT ON refunds
WHEN NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE payment_id = NEW.payment_id AND status <> 'failed')
  > (SELECT captured FROM payments WHERE id = NEW.payment_id)
BEGIN
  SELECT RAISE(ABORT, 'refund_exceeds_captured');
END;
--> statement-breakpoint
-- No unit is refunded twice; one whose refund failed may be again.
CREATE TRIGGER refund_lines_within_order BEFORE INSERT ON refund_lines BEGIN
  SELECT RAISE(ABORT, 'refund_exceeds_items') FROM order_lines l
  WHERE l.order_id = NEW.order_id AND l.sku = NEW.sku AND NEW.quantity + (
    SELECT coalesce(sum(x.quantity), 0) FROM refund_lines x JOIN refunds r ON r.id = x.refund_id
    WHERE x.order_id = NEW.order_id AND x.sku = NEW.sku AND r.status <> 'failed') > l.quantity;
END;
--> statement-breakpoint
-- What an order still owes of each line. What is on the shelf is owed to nobody, also where its refund failed.
CREATE VIEW owed_units AS
  SELECT l.order_id, l.sku, l.quantity
    - (SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f WHERE f.order_id = l.order_id AND f.sku = l.sku)
    - (SELECT coalesce(sum(x.unsent), 0) FROM refund_lines x JOIN refunds r ON r.id = x.refund_id
       WHERE x.order_id = l.order_id AND x.sku = l.sku AND (r.status <> 'failed' OR x.restock = 'cancel')) AS owed
  FROM order_lines l;
--> statement-breakpoint
-- Only what was not sent leaves what is owed, and it does so first; only what was sent comes back from the customer.
CREATE TRIGGER refund_lines_of_owed BEFORE INSERT ON refund_lines BEGIN
  SELECT RAISE(ABORT, 'units_exceed_items') FROM owed_units
  WHERE order_id = NEW.order_id AND sku = NEW.sku AND (
    NEW.unsent > owed OR (NEW.restock = 'none' AND NEW.unsent < min(NEW.quantity, owed)));
  SELECT RAISE(ABORT, 'units_exceed_items') WHERE NEW.restock = 'return' AND NEW.quantity
    + (SELECT coalesce(sum(quantity), 0) FROM refund_lines WHERE order_id = NEW.order_id AND sku = NEW.sku AND restock = 'return')
    > (SELECT coalesce(sum(quantity), 0) FROM fulfillment_lines WHERE order_id = NEW.order_id AND sku = NEW.sku);
END;
--> statement-breakpoint
CREATE TRIGGER refund_lines_restock AFTER INSERT ON refund_lines WHEN NEW.restock <> 'none' BEGIN
  INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, created_at)
  SELECT NEW.sku, 'return', NEW.quantity, 0, iif(NEW.restock = 'cancel', 'Not sent', 'Returned'), NEW.order_id, r.actor, r.created_at
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
-- ## Shipments
CREATE TRIGGER fulfillments_of_paid_orders BEFORE INSERT ON fulfillments
WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'paid'
BEGIN
  SELECT RAISE(ABORT, 'order_not_paid');
END;
--> statement-breakpoint
-- Nothing is sent of an order whose money is back, or before a bank, unless whoever sends it says so.
CREATE TRIGGER fulfillments_of_kept_money BEFORE INSERT ON fulfillments BEGIN
  SELECT RAISE(ABORT, 'order_disputed') FROM disputes
  WHERE order_id = NEW.order_id AND status = 'open' AND NEW.despite IS NOT 'disputed';
  SELECT RAISE(ABORT, 'order_refunded') FROM payments p
  WHERE p.order_id = NEW.order_id AND p.status = 'succeeded' AND NEW.despite IS NULL AND p.captured <= (
    SELECT coalesce(sum(amount), 0) FROM refunds WHERE payment_id = p.id AND status <> 'failed');
END;
--> statement-breakpoint
CREATE TRIGGER fulfillment_lines_within_owed BEFORE INSERT ON fulfillment_lines
WHEN NEW.quantity > (SELECT owed FROM owed_units WHERE order_id = NEW.order_id AND sku = NEW.sku)
BEGIN
  SELECT RAISE(ABORT, 'units_exceed_items');
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
-- ## Discount codes
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
-- A guest's order that joins an account takes the use of its code along: the limit per customer counts it there.
CREATE TRIGGER orders_code_follows_account AFTER UPDATE OF account_id ON orders
WHEN OLD.account_id IS NOT NEW.account_id
BEGIN
  UPDATE discount_uses SET account_id = NEW.account_id WHERE order_id = NEW.id;
END;
--> statement-breakpoint
-- ## People: links, sessions
-- A link in a mail is good once, and only in time.
CREATE TRIGGER email_tokens_used_once BEFORE UPDATE OF used_at ON email_tokens
WHEN OLD.used_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'email_token_used');
END;
--> statement-breakpoint
CREATE TRIGGER email_tokens_in_time BEFORE UPDATE OF used_at ON email_tokens
WHEN NEW.used_at >= OLD.expires_at
BEGIN
  SELECT RAISE(ABORT, 'email_token_expired');
END;
--> statement-breakpoint
-- A session that has ended stays ended.
CREATE TRIGGER sessions_stay_ended BEFORE UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'session_ended');
END;
--> statement-breakpoint
-- ## API keys
-- Nobody makes a key that may do more than they do, lives longer, or belongs to somebody else.
CREATE TRIGGER api_keys_within_maker BEFORE INSERT ON api_keys
WHEN NEW.created_by GLOB 'usr_*' OR NEW.created_by GLOB 'key_*'
BEGIN
  SELECT RAISE(ABORT, 'key_exceeds_maker') FROM (SELECT value FROM json_each(NEW.scopes) UNION SELECT 'identity:write')
  WHERE value NOT IN (SELECT scope FROM held_scopes WHERE holder_id = NEW.created_by);
  SELECT RAISE(ABORT, 'key_exceeds_maker') FROM api_keys maker
  WHERE maker.id = NEW.created_by AND maker.expires_at < coalesce(NEW.expires_at, maker.expires_at + 1);
  SELECT RAISE(ABORT, 'key_exceeds_maker') WHERE NEW.owner_id IS NOT CASE WHEN NEW.created_by GLOB 'usr_*'
    THEN NEW.created_by ELSE (SELECT owner_id FROM api_keys WHERE id = NEW.created_by) END;
END;
--> statement-breakpoint
-- Who keeps a key is a user, and holds what it may do; nobody holds anything, so a key that had an owner is never nobody's.
CREATE TRIGGER api_keys_within_owner BEFORE UPDATE OF owner_id ON api_keys
WHEN OLD.owner_id IS NOT NEW.owner_id AND EXISTS (
  SELECT 1 FROM json_each(NEW.scopes) WHERE value NOT IN (SELECT scope FROM held_scopes WHERE holder_id = NEW.owner_id))
BEGIN
  SELECT RAISE(ABORT, 'key_exceeds_owner');
END;
--> statement-breakpoint
-- A key that has ended stays ended, and what it may do stays as it is.
CREATE TRIGGER api_keys_stay_ended BEFORE UPDATE OF revoked_at ON api_keys
WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'api_key_ended');
END;
--> statement-breakpoint
CREATE TRIGGER api_keys_scopes_stay BEFORE UPDATE OF scopes ON api_keys
WHEN OLD.scopes <> NEW.scopes
BEGIN
  SELECT RAISE(ABORT, 'the scopes of a key stay');
END;
--> statement-breakpoint
-- A key dies with its owner: when they are disabled, or may do less than it may.
CREATE TRIGGER users_take_keys_along AFTER UPDATE OF role, disabled_at ON users
BEGIN
  UPDATE api_keys SET revoked_at = NEW.updated_at
  WHERE owner_id = NEW.id AND revoked_at IS NULL AND EXISTS (
    SELECT 1 FROM json_each(api_keys.scopes)
    WHERE value NOT IN (SELECT scope FROM held_scopes WHERE holder_id = NEW.id));
END;
--> statement-breakpoint
-- ## The audit log
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
-- REPLACE deletes a row without its triggers, so a line that exists must not be written again either.
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
