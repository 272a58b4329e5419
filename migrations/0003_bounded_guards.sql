-- ## What is over goes, each kind after its time: the policy as data. A test holds it against the policy in code.
INSERT INTO retention (what, after_ms) VALUES
  ('holds', 2592000000),
  ('orders', 2592000000),
  ('promises', 2592000000),
  ('ignored_events', 604800000),
  ('unpaid_events', 2678400000),
  ('event_payloads', 7776000000),
  ('processed_events', 31536000000),
  ('sessions', 7776000000),
  ('email_tokens', 604800000),
  ('dead_letters', 2592000000),
  ('unreadable_messages', 7776000000);
--> statement-breakpoint
-- It is changed by a migration alone.
CREATE TRIGGER retention_no_update BEFORE UPDATE ON retention BEGIN
  SELECT RAISE(ABORT, 'retention_stays');
END;
--> statement-breakpoint
CREATE TRIGGER retention_no_delete BEFORE DELETE ON retention BEGIN
  SELECT RAISE(ABORT, 'retention_stays');
END;
--> statement-breakpoint
-- REPLACE deletes a row without its triggers.
CREATE TRIGGER retention_no_replace BEFORE INSERT ON retention
WHEN EXISTS (SELECT 1 FROM retention WHERE what = NEW.what)
BEGIN
  SELECT RAISE(ABORT, 'retention_stays');
END;
--> statement-breakpoint
INSERT INTO retention_clock (id, now) VALUES (1, 0);
--> statement-breakpoint
-- One wrong clock takes nothing along: the purge's time goes on by a day at most, and back, but not to its beginning, from
-- which it would go anywhere.
CREATE TRIGGER retention_clock_steps BEFORE UPDATE OF now ON retention_clock
WHEN NEW.now <= 0 OR (OLD.now > 0 AND NEW.now > OLD.now + 86400000)
BEGIN
  SELECT RAISE(ABORT, 'retention_clock_leaps');
END;
--> statement-breakpoint
CREATE TRIGGER retention_clock_no_delete BEFORE DELETE ON retention_clock BEGIN
  SELECT RAISE(ABORT, 'retention_clock_leaps');
END;
--> statement-breakpoint
CREATE TRIGGER retention_clock_no_replace BEFORE INSERT ON retention_clock
WHEN EXISTS (SELECT 1 FROM retention_clock WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'retention_clock_leaps');
END;
--> statement-breakpoint
-- The moment before which something of each kind must be over to go. Nothing is before the purge has set its clock.
CREATE VIEW retention_due AS
  SELECT r.what AS what, c.now - r.after_ms AS until FROM retention r JOIN retention_clock c ON c.id = 1;
--> statement-breakpoint
-- ## Holds that have ended without an order
-- Lines and ledger stay as long as their hold does. So a hold goes in this one way, whenever the foreign keys are judged.
CREATE TRIGGER reservations_no_delete BEFORE DELETE ON reservations
WHEN (OLD.status IN ('released', 'expired') AND OLD.ended_at <= (SELECT until FROM retention_due WHERE what = 'holds')) IS NOT TRUE
  OR EXISTS (SELECT 1 FROM orders WHERE reservation_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'reservations_kept');
END;
--> statement-breakpoint
-- REPLACE deletes a row without its triggers, so the database says itself what would be twice.
CREATE TRIGGER reservations_no_replace BEFORE INSERT ON reservations
WHEN EXISTS (SELECT 1 FROM reservations WHERE id = NEW.id OR ref = NEW.ref OR order_id = NEW.order_id)
BEGIN
  SELECT RAISE(ABORT, 'reservations_kept');
END;
--> statement-breakpoint
-- What is called by another id is not there any more for what belongs to it.
CREATE TRIGGER reservations_stay_themselves BEFORE UPDATE OF id, ref, order_id ON reservations BEGIN
  SELECT RAISE(ABORT, 'reservations_kept') WHERE NEW.id <> OLD.id OR NEW.ref <> OLD.ref;
  SELECT RAISE(ABORT, 'reservations.order_id') FROM reservations WHERE order_id = NEW.order_id AND id <> OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER reservations_purged AFTER DELETE ON reservations BEGIN
  DELETE FROM reservation_lines WHERE reservation_id = OLD.id;
  DELETE FROM stock_movements WHERE reservation_id = OLD.id;
END;
--> statement-breakpoint
DROP TRIGGER reservation_lines_no_delete;
--> statement-breakpoint
CREATE TRIGGER reservation_lines_no_delete BEFORE DELETE ON reservation_lines
WHEN EXISTS (SELECT 1 FROM reservations WHERE id = OLD.reservation_id)
BEGIN
  SELECT RAISE(ABORT, 'reservation_lines is append-only');
END;
--> statement-breakpoint
DROP TRIGGER stock_movements_no_delete;
--> statement-breakpoint
-- What a hold took and gave back goes with it, both at once. What was received, sold or counted stays.
CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements
WHEN OLD.kind NOT IN ('reserve', 'release') OR OLD.reservation_id IS NULL
  OR EXISTS (SELECT 1 FROM reservations WHERE id = OLD.reservation_id)
BEGIN
  SELECT RAISE(ABORT, 'stock_movements is append-only');
END;
--> statement-breakpoint
-- The checkpoint stands for what is gone: it and the rows after it are the level, always.
CREATE TRIGGER stock_movements_stood_for AFTER DELETE ON stock_movements BEGIN
  INSERT INTO stock_checkpoints (sku) SELECT OLD.sku
  WHERE NOT EXISTS (SELECT 1 FROM stock_checkpoints WHERE sku = OLD.sku);
  UPDATE stock_checkpoints SET
    purged = purged + 1,
    on_hand = on_hand + iif(OLD.seq > through_seq, OLD.on_hand_delta, 0),
    reserved = reserved + iif(OLD.seq > through_seq, OLD.reserved_delta, 0)
  WHERE sku = OLD.sku;
END;
--> statement-breakpoint
CREATE TRIGGER stock_checkpoints_no_delete BEFORE DELETE ON stock_checkpoints BEGIN
  SELECT RAISE(ABORT, 'stock_checkpoints stay');
END;
--> statement-breakpoint
CREATE TRIGGER stock_checkpoints_never_back BEFORE UPDATE OF sku, through_seq ON stock_checkpoints
WHEN NEW.sku <> OLD.sku OR NEW.through_seq < OLD.through_seq
BEGIN
  SELECT RAISE(ABORT, 'stock_checkpoints never go back');
END;
--> statement-breakpoint
CREATE TRIGGER stock_checkpoints_no_replace BEFORE INSERT ON stock_checkpoints
WHEN EXISTS (SELECT 1 FROM stock_checkpoints WHERE sku = NEW.sku)
BEGIN
  SELECT RAISE(ABORT, 'stock_checkpoints never go back');
END;
--> statement-breakpoint
-- ## Orders that nobody has paid
-- Their parts stay as long as they do, and so does an order with a refund, a dispute or a parcel.
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders
WHEN (OLD.status IN ('expired', 'canceled') AND OLD.captured = 0 AND OLD.attention_reason IS NULL
  AND OLD.updated_at <= (SELECT until FROM retention_due WHERE what = 'orders')
  AND NOT EXISTS (SELECT 1 FROM payments WHERE order_id = OLD.id AND (captured > 0 OR status IN ('processing', 'succeeded')))
  AND NOT EXISTS (SELECT 1 FROM order_events WHERE order_id = OLD.id AND type = 'order.paid')
  AND NOT EXISTS (SELECT 1 FROM refunds WHERE order_id = OLD.id)
  AND NOT EXISTS (SELECT 1 FROM disputes WHERE order_id = OLD.id)
  AND NOT EXISTS (SELECT 1 FROM fulfillments WHERE order_id = OLD.id)
  AND NOT EXISTS (SELECT 1 FROM discount_uses WHERE order_id = OLD.id AND given_back_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM outbox
    WHERE dedupe_key IN ('payment_failed:' || OLD.id, 'order_canceled:' || OLD.id) AND status <> 'done')) IS NOT TRUE
BEGIN
  SELECT RAISE(ABORT, 'orders_kept');
END;
--> statement-breakpoint
-- A hold that has an order says so itself; one that was freed by hand does not.
CREATE TRIGGER orders_no_replace BEFORE INSERT ON orders BEGIN
  SELECT RAISE(ABORT, 'orders.id') FROM orders WHERE id = NEW.id;
  SELECT RAISE(ABORT, 'orders.number') FROM orders WHERE number = NEW.number;
  SELECT RAISE(ABORT, 'orders.reservation_id') FROM orders o JOIN reservations r ON r.id = o.reservation_id
  WHERE o.reservation_id = NEW.reservation_id AND r.order_id IS NULL;
END;
--> statement-breakpoint
CREATE TRIGGER orders_stay_themselves BEFORE UPDATE OF id, number, reservation_id ON orders BEGIN
  SELECT RAISE(ABORT, 'orders_kept') WHERE NEW.id <> OLD.id;
  SELECT RAISE(ABORT, 'orders.number') FROM orders WHERE number = NEW.number AND id <> OLD.id;
  SELECT RAISE(ABORT, 'orders.reservation_id') FROM orders WHERE reservation_id = NEW.reservation_id AND id <> OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER orders_purged AFTER DELETE ON orders BEGIN
  DELETE FROM order_events WHERE order_id = OLD.id;
  DELETE FROM order_lines WHERE order_id = OLD.id;
  DELETE FROM payments WHERE order_id = OLD.id;
  DELETE FROM discount_uses WHERE order_id = OLD.id;
  DELETE FROM reservations WHERE id = OLD.reservation_id;
END;
--> statement-breakpoint
DROP TRIGGER order_events_no_delete;
--> statement-breakpoint
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events
WHEN EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id)
BEGIN
  SELECT RAISE(ABORT, 'order_events is append-only');
END;
--> statement-breakpoint
DROP TRIGGER order_lines_no_delete;
--> statement-breakpoint
CREATE TRIGGER order_lines_no_delete BEFORE DELETE ON order_lines
WHEN EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id)
BEGIN
  SELECT RAISE(ABORT, 'order_lines is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments
WHEN EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id)
BEGIN
  SELECT RAISE(ABORT, 'payments stay with their order');
END;
--> statement-breakpoint
CREATE TRIGGER payments_same_order BEFORE UPDATE OF order_id ON payments
WHEN NEW.order_id <> OLD.order_id
BEGIN
  SELECT RAISE(ABORT, 'payments stay with their order');
END;
--> statement-breakpoint
DROP TRIGGER discount_uses_no_delete;
--> statement-breakpoint
CREATE TRIGGER discount_uses_no_delete BEFORE DELETE ON discount_uses
WHEN EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id)
BEGIN
  SELECT RAISE(ABORT, 'discount_uses is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER discount_uses_same_order BEFORE UPDATE OF order_id ON discount_uses
WHEN NEW.order_id <> OLD.order_id
BEGIN
  SELECT RAISE(ABORT, 'discount_uses is append-only');
END;
--> statement-breakpoint
-- ## What was promised, and is done
-- A refund that the bank still has keeps its promise, and so does a call to what the books do not agree on.
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
WHEN (OLD.status = 'done' AND OLD.done_at <= (SELECT until FROM retention_due WHERE what = 'promises')) IS NOT TRUE
  OR OLD.dedupe_key GLOB 'control_total:*'
  OR EXISTS (SELECT 1 FROM refunds WHERE id = substr(OLD.dedupe_key, 8) AND status = 'pending' AND OLD.topic = 'refund')
BEGIN
  SELECT RAISE(ABORT, 'outbox_kept');
END;
--> statement-breakpoint
CREATE TRIGGER outbox_no_replace BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE id = NEW.id OR dedupe_key = NEW.dedupe_key)
BEGIN
  SELECT RAISE(ABORT, 'outbox_kept');
END;
--> statement-breakpoint
CREATE TRIGGER outbox_same_promise BEFORE UPDATE OF id, dedupe_key ON outbox
WHEN NEW.id <> OLD.id OR NEW.dedupe_key <> OLD.dedupe_key
BEGIN
  SELECT RAISE(ABORT, 'outbox_kept');
END;
--> statement-breakpoint
-- ## The inbox
-- An event goes when it was not for us, its unpaid order is gone, or what it said is archived for long, and not before the reconciliation has read on past
-- it: that would put it back.
CREATE TRIGGER webhook_events_no_delete BEFORE DELETE ON webhook_events
WHEN (CASE OLD.status
    WHEN 'ignored' THEN OLD.received_at <= (SELECT until FROM retention_due WHERE what = 'ignored_events')
    WHEN 'processed' THEN (OLD.payload = '' AND OLD.received_at <= (SELECT until FROM retention_due WHERE what = 'processed_events'))
      OR (OLD.received_at <= (SELECT until FROM retention_due WHERE what = 'unpaid_events')
        AND OLD.subject GLOB 'ord_*' AND NOT EXISTS (SELECT 1 FROM orders WHERE id = OLD.subject))
    ELSE 0 END) IS NOT TRUE
  OR EXISTS (SELECT 1 FROM reconciliations
    WHERE name = OLD.provider AND state ->> '$.events.readUntil' < OLD.received_at + 86400000)
BEGIN
  SELECT RAISE(ABORT, 'webhook_events_kept');
END;
--> statement-breakpoint
CREATE TRIGGER webhook_events_no_replace BEFORE INSERT ON webhook_events
WHEN EXISTS (SELECT 1 FROM webhook_events WHERE id = NEW.id OR (provider = NEW.provider AND event_id = NEW.event_id))
BEGIN
  SELECT RAISE(ABORT, 'webhook_events_kept');
END;
--> statement-breakpoint
CREATE TRIGGER webhook_events_same_event BEFORE UPDATE OF id, provider, event_id ON webhook_events
WHEN NEW.id <> OLD.id OR NEW.provider <> OLD.provider OR NEW.event_id <> OLD.event_id
BEGIN
  SELECT RAISE(ABORT, 'webhook_events_kept');
END;
--> statement-breakpoint
-- What a provider sent stays as it came, until it has been dealt with for long.
CREATE TRIGGER webhook_events_payload_stays BEFORE UPDATE OF payload ON webhook_events
WHEN NEW.payload <> OLD.payload AND (NEW.payload = '' AND OLD.status = 'processed'
  AND OLD.received_at <= (SELECT until FROM retention_due WHERE what = 'event_payloads')) IS NOT TRUE
BEGIN
  SELECT RAISE(ABORT, 'webhook_events keep what was sent');
END;
--> statement-breakpoint
-- Without it, there is nothing to work on again.
CREATE TRIGGER webhook_events_archived_stay BEFORE UPDATE OF status ON webhook_events
WHEN OLD.payload = '' AND NEW.status <> OLD.status
BEGIN
  SELECT RAISE(ABORT, 'event_archived');
END;
--> statement-breakpoint
-- ## Sessions that are over
CREATE TRIGGER sessions_no_delete BEFORE DELETE ON sessions
WHEN (min(coalesce(OLD.ended_at, OLD.expires_at), OLD.expires_at) <= (SELECT until FROM retention_due WHERE what = 'sessions')) IS NOT TRUE
BEGIN
  SELECT RAISE(ABORT, 'sessions_kept');
END;
--> statement-breakpoint
CREATE TRIGGER sessions_purged AFTER DELETE ON sessions BEGIN
  DELETE FROM session_secrets WHERE session_id = OLD.id;
END;
