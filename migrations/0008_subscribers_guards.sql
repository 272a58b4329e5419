-- ## What subscribers are told of: an event a transition, in the transition's own batch
-- Nothing is written where nobody wants to know. The ids come from what has happened, and from when: after a restore
-- the same number of an order's history is another event.
CREATE TRIGGER order_events_tell AFTER INSERT ON order_events
WHEN NEW.type IN ('order.paid', 'order.canceled', 'order.fulfilled', 'refund.succeeded')
BEGIN
  INSERT INTO outgoing_events (id, type, subject, sequence, request_id, created_at)
  SELECT 'evt_' || printf('%011x%04x', NEW.created_at, NEW.seq) || substr(NEW.order_id, 15), told.type,
    NEW.order_id, NEW.seq, NEW.request_id, NEW.created_at
  FROM (SELECT iif(NEW.type = 'refund.succeeded', 'order.refunded', NEW.type) AS type) told
  WHERE EXISTS (SELECT 1 FROM webhook_endpoints e, json_each(e.events) wanted WHERE wanted.value = told.type);
END;
--> statement-breakpoint
-- Each fall to the threshold is told once. The level was moved by the newest row of the ledger.
CREATE TRIGGER stock_levels_tell AFTER UPDATE OF on_hand, reserved ON stock_levels
WHEN OLD.on_hand - OLD.reserved > OLD.low_stock_threshold AND NEW.on_hand - NEW.reserved <= NEW.low_stock_threshold
BEGIN
  INSERT INTO outgoing_events (id, type, subject, sequence, request_id, created_at)
  SELECT 'evt_' || printf('%011x%016x', NEW.updated_at, m.seq), 'inventory.low', NEW.sku, m.seq, m.request_id, NEW.updated_at
  FROM (SELECT seq, request_id FROM stock_movements ORDER BY seq DESC LIMIT 1) m
  WHERE EXISTS (SELECT 1 FROM webhook_endpoints e, json_each(e.events) wanted WHERE wanted.value = 'inventory.low');
END;
--> statement-breakpoint
-- A paused endpoint gets it too, once it is active again.
CREATE TRIGGER outgoing_events_deliver AFTER INSERT ON outgoing_events BEGIN
  INSERT INTO webhook_deliveries (id, endpoint_id, event_id, status, created_at, wake_at)
  SELECT 'dlv_' || substr(NEW.id, 5) || substr(e.id, -10), e.id, NEW.id, 'pending', NEW.created_at, NEW.created_at
  FROM webhook_endpoints e
  WHERE EXISTS (SELECT 1 FROM json_each(e.events) wanted WHERE wanted.value = NEW.type);
END;
--> statement-breakpoint
CREATE TRIGGER outgoing_events_stay BEFORE UPDATE OF id, type, subject, sequence, created_at ON outgoing_events BEGIN
  SELECT RAISE(ABORT, 'outgoing_events stay');
END;
--> statement-breakpoint
-- What was sent once is sent again as it was. It can be forgotten, and is then written anew.
CREATE TRIGGER outgoing_events_say_one_thing BEFORE UPDATE OF payload ON outgoing_events
WHEN OLD.payload IS NOT NULL AND NEW.payload <> OLD.payload
BEGIN
  SELECT RAISE(ABORT, 'outgoing_events keep what was sent');
END;
--> statement-breakpoint
-- ## Deliveries
INSERT INTO state_transitions (machine, from_state, to_state) VALUES
  ('webhook_delivery', 'pending', 'delivered'),
  ('webhook_delivery', 'pending', 'failed'),
  ('webhook_delivery', 'delivered', 'pending'),
  ('webhook_delivery', 'failed', 'pending');
--> statement-breakpoint
CREATE TRIGGER webhook_deliveries_status_moves BEFORE UPDATE OF status ON webhook_deliveries
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'webhook_delivery' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:webhook_delivery');
END;
--> statement-breakpoint
-- Nothing passes for delivered of which the log has no answer that says so.
CREATE TRIGGER webhook_deliveries_were_taken BEFORE UPDATE OF status ON webhook_deliveries
WHEN NEW.status = 'delivered' AND OLD.status <> 'delivered' AND NOT EXISTS (
  SELECT 1 FROM delivery_attempts
  WHERE delivery_id = NEW.id AND number = NEW.attempts AND status BETWEEN 200 AND 299)
BEGIN
  SELECT RAISE(ABORT, 'webhook_delivery_not_taken');
END;
--> statement-breakpoint
CREATE TRIGGER delivery_attempts_no_update BEFORE UPDATE ON delivery_attempts BEGIN
  SELECT RAISE(ABORT, 'delivery_attempts is append-only');
END;
--> statement-breakpoint
-- ## Endpoints
-- Whoever has an event sent somewhere may read what it carries: an endpoint is no way round a scope.
CREATE TRIGGER webhook_endpoints_within_maker BEFORE INSERT ON webhook_endpoints
WHEN NEW.changed_by GLOB 'usr_*' OR NEW.changed_by GLOB 'key_*'
BEGIN
  SELECT RAISE(ABORT, 'endpoint_exceeds_maker')
  FROM (SELECT CASE WHEN value GLOB 'inventory.*' THEN 'inventory:read' ELSE 'orders:read' END AS scope FROM json_each(NEW.events))
  WHERE scope NOT IN (SELECT scope FROM held_scopes WHERE holder_id = NEW.changed_by);
END;
--> statement-breakpoint
CREATE TRIGGER webhook_endpoints_within_changer BEFORE UPDATE OF url, events, changed_by ON webhook_endpoints
WHEN NEW.changed_by GLOB 'usr_*' OR NEW.changed_by GLOB 'key_*'
BEGIN
  SELECT RAISE(ABORT, 'endpoint_exceeds_maker')
  FROM (SELECT CASE WHEN value GLOB 'inventory.*' THEN 'inventory:read' ELSE 'orders:read' END AS scope FROM json_each(NEW.events))
  WHERE scope NOT IN (SELECT scope FROM held_scopes WHERE holder_id = NEW.changed_by);
END;
--> statement-breakpoint
-- Each of them is looked at with each event, and by each sweep.
CREATE TRIGGER webhook_endpoints_few BEFORE INSERT ON webhook_endpoints
WHEN (SELECT count(*) FROM webhook_endpoints) >= 10
BEGIN
  SELECT RAISE(ABORT, 'webhook_endpoints_full');
END;
--> statement-breakpoint
-- Each of them signs each delivery.
CREATE TRIGGER webhook_secrets_few BEFORE INSERT ON webhook_secrets
WHEN (SELECT count(*) FROM webhook_secrets WHERE endpoint_id = NEW.endpoint_id) >= 5
BEGIN
  SELECT RAISE(ABORT, 'webhook_secrets_full');
END;
--> statement-breakpoint
-- Its secrets go with an endpoint.
CREATE TRIGGER webhook_endpoints_gone AFTER DELETE ON webhook_endpoints BEGIN
  DELETE FROM webhook_secrets WHERE endpoint_id = OLD.id;
END;
--> statement-breakpoint
-- ## What is over goes
INSERT INTO retention (what, after_ms) VALUES ('outgoing_events', 2592000000);
--> statement-breakpoint
CREATE TRIGGER outgoing_events_no_delete BEFORE DELETE ON outgoing_events
WHEN (OLD.created_at <= (SELECT until FROM retention_due WHERE what = 'outgoing_events')) IS NOT TRUE
BEGIN
  SELECT RAISE(ABORT, 'outgoing_events_kept');
END;
--> statement-breakpoint
CREATE TRIGGER outgoing_events_purged AFTER DELETE ON outgoing_events BEGIN
  DELETE FROM webhook_deliveries WHERE event_id = OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER webhook_deliveries_no_delete BEFORE DELETE ON webhook_deliveries
WHEN EXISTS (SELECT 1 FROM outgoing_events WHERE id = OLD.event_id)
BEGIN
  SELECT RAISE(ABORT, 'webhook_deliveries stay with their event');
END;
--> statement-breakpoint
CREATE TRIGGER webhook_deliveries_purged AFTER DELETE ON webhook_deliveries BEGIN
  DELETE FROM delivery_attempts WHERE delivery_id = OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER delivery_attempts_no_delete BEFORE DELETE ON delivery_attempts
WHEN EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = OLD.delivery_id)
BEGIN
  SELECT RAISE(ABORT, 'delivery_attempts stay with their delivery');
END;
