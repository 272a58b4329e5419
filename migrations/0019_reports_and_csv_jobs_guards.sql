-- ## The shop's days
-- UTC, until the shop has said otherwise.
INSERT INTO zone_offsets (since, offset_ms) VALUES (0, 0);
--> statement-breakpoint
-- What was counted by the clocks stays on its day: nothing is said anew of a moment at or after which something was counted.
CREATE TRIGGER zone_offsets_no_insert BEFORE INSERT ON zone_offsets
WHEN NEW.since > 0 AND (EXISTS (SELECT 1 FROM order_events WHERE type = 'order.paid' AND created_at >= NEW.since)
  OR EXISTS (SELECT 1 FROM refunds WHERE counted_at IS NOT NULL AND counted_at >= NEW.since))
BEGIN
  SELECT RAISE(ABORT, 'zone_offsets_stay');
END;
--> statement-breakpoint
CREATE TRIGGER zone_offsets_no_update BEFORE UPDATE ON zone_offsets BEGIN
  SELECT RAISE(ABORT, 'zone_offsets_stay');
END;
--> statement-breakpoint
CREATE TRIGGER zone_offsets_no_delete BEFORE DELETE ON zone_offsets
WHEN OLD.since = 0 OR EXISTS (SELECT 1 FROM order_events WHERE type = 'order.paid' AND created_at >= OLD.since)
  OR EXISTS (SELECT 1 FROM refunds WHERE counted_at IS NOT NULL AND counted_at >= OLD.since)
BEGIN
  SELECT RAISE(ABORT, 'zone_offsets_stay');
END;
--> statement-breakpoint
-- ## What was sold on a day
-- The entry of the history is written before the order is paid, in the same batch, and its moment says which day it is.
CREATE TRIGGER orders_count_sale AFTER UPDATE OF status ON orders
WHEN NEW.status = 'paid' AND OLD.status <> 'paid'
BEGIN
  INSERT INTO sales_days (day, currency, orders, units, subtotal, discount, shipping, tax, total)
  SELECT date((e.created_at + (SELECT offset_ms FROM zone_offsets WHERE since <= e.created_at ORDER BY since DESC LIMIT 1)) / 1000, 'unixepoch'),
    NEW.currency, 1, (SELECT coalesce(sum(quantity), 0) FROM order_lines WHERE order_id = NEW.id),
    NEW.subtotal, NEW.discount, NEW.shipping, NEW.tax, NEW.total
  FROM order_events e WHERE e.order_id = NEW.id AND e.type = 'order.paid'
  ON CONFLICT (day, currency) DO UPDATE SET orders = orders + 1, units = units + excluded.units,
    subtotal = subtotal + excluded.subtotal, discount = discount + excluded.discount,
    shipping = shipping + excluded.shipping, tax = tax + excluded.tax, total = total + excluded.total;
  INSERT INTO product_days (day, sku, currency, units, revenue)
  SELECT date((e.created_at + (SELECT offset_ms FROM zone_offsets WHERE since <= e.created_at ORDER BY since DESC LIMIT 1)) / 1000, 'unixepoch'),
    l.sku, NEW.currency, l.quantity, l.quantity * l.unit_amount
  FROM order_events e CROSS JOIN order_lines l ON l.order_id = e.order_id WHERE e.order_id = NEW.id AND e.type = 'order.paid'
  ON CONFLICT (day, sku, currency) DO UPDATE SET units = units + excluded.units, revenue = revenue + excluded.revenue;
END;
--> statement-breakpoint
-- ## What went back on a day, of orders that were sold: money that came too late was never a sale
CREATE TRIGGER refunds_count AFTER UPDATE OF status ON refunds
WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded'
  AND EXISTS (SELECT 1 FROM order_events WHERE order_id = NEW.order_id AND type = 'order.paid')
BEGIN
  UPDATE refunds SET counted_at = NEW.updated_at WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER refunds_count_at_once AFTER INSERT ON refunds
WHEN NEW.status = 'succeeded' AND NEW.counted_at IS NULL
  AND EXISTS (SELECT 1 FROM order_events WHERE order_id = NEW.order_id AND type = 'order.paid')
BEGIN
  UPDATE refunds SET counted_at = NEW.updated_at WHERE id = NEW.id;
END;
--> statement-breakpoint
-- One that has failed after all is taken out of the day that it was counted on.
CREATE TRIGGER refunds_count_off AFTER UPDATE OF status ON refunds
WHEN OLD.status = 'succeeded' AND NEW.status <> 'succeeded' AND NEW.counted_at IS NOT NULL
BEGIN
  UPDATE refunds SET counted_at = NULL WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER refunds_counted AFTER UPDATE OF counted_at ON refunds
WHEN OLD.counted_at IS NULL AND NEW.counted_at IS NOT NULL
BEGIN
  INSERT INTO sales_days (day, currency, refunds, refunded)
  SELECT date((NEW.counted_at + (SELECT offset_ms FROM zone_offsets WHERE since <= NEW.counted_at ORDER BY since DESC LIMIT 1)) / 1000, 'unixepoch'),
    NEW.currency, 1, NEW.amount
  WHERE true
  ON CONFLICT (day, currency) DO UPDATE SET refunds = refunds + 1, refunded = refunded + excluded.refunded;
END;
--> statement-breakpoint
CREATE TRIGGER refunds_counted_off AFTER UPDATE OF counted_at ON refunds
WHEN OLD.counted_at IS NOT NULL AND NEW.counted_at IS NULL
BEGIN
  UPDATE sales_days SET refunds = refunds - 1, refunded = refunded - NEW.amount
  WHERE currency = NEW.currency
    AND day = date((OLD.counted_at + (SELECT offset_ms FROM zone_offsets WHERE since <= OLD.counted_at ORDER BY since DESC LIMIT 1)) / 1000, 'unixepoch');
END;
--> statement-breakpoint
-- The books stay.
CREATE TRIGGER sales_days_no_delete BEFORE DELETE ON sales_days BEGIN
  SELECT RAISE(ABORT, 'sales_days stay');
END;
--> statement-breakpoint
CREATE TRIGGER product_days_no_delete BEFORE DELETE ON product_days BEGIN
  SELECT RAISE(ABORT, 'product_days stay');
END;
--> statement-breakpoint
-- ## What was sold before there were reports, by days of UTC
INSERT INTO sales_days (day, currency, orders, units, subtotal, discount, shipping, tax, total)
SELECT date(e.created_at / 1000, 'unixepoch'), o.currency, count(*), sum((SELECT coalesce(sum(quantity), 0) FROM order_lines WHERE order_id = o.id)),
  sum(o.subtotal), sum(o.discount), sum(o.shipping), sum(o.tax), sum(o.total)
FROM order_events e JOIN orders o ON o.id = e.order_id WHERE e.type = 'order.paid' GROUP BY 1, 2;
--> statement-breakpoint
INSERT INTO product_days (day, sku, currency, units, revenue)
SELECT date(e.created_at / 1000, 'unixepoch'), l.sku, o.currency, sum(l.quantity), sum(l.quantity * l.unit_amount)
FROM order_events e JOIN orders o ON o.id = e.order_id JOIN order_lines l ON l.order_id = o.id WHERE e.type = 'order.paid' GROUP BY 1, 2, 3;
--> statement-breakpoint
UPDATE refunds SET counted_at = updated_at
WHERE status = 'succeeded' AND EXISTS (SELECT 1 FROM order_events WHERE order_id = refunds.order_id AND type = 'order.paid');
--> statement-breakpoint
-- An agent reads the reports, but not how the shop's promises stand.
INSERT INTO role_scopes (role, scope, whole) VALUES ('agent', 'reports:read', 0);
--> statement-breakpoint
-- ## Exports and imports: each step moves a job on by one, so that none is done twice
INSERT INTO state_transitions (machine, from_state, to_state) VALUES
  ('csv_job', 'queued', 'running'),
  ('csv_job', 'queued', 'succeeded'),
  ('csv_job', 'queued', 'failed'),
  ('csv_job', 'running', 'succeeded'),
  ('csv_job', 'running', 'failed');
--> statement-breakpoint
CREATE TRIGGER csv_jobs_status_moves BEFORE UPDATE OF status ON csv_jobs
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'csv_job' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:csv_job');
END;
--> statement-breakpoint
CREATE TRIGGER csv_jobs_one_step BEFORE UPDATE OF version ON csv_jobs
WHEN NEW.version <> OLD.version + 1
BEGIN
  SELECT RAISE(ABORT, 'csv_job_moved');
END;
--> statement-breakpoint
-- What is kept for an import is what was read, until it is over.
CREATE TRIGGER import_rows_no_update BEFORE UPDATE ON import_rows BEGIN
  SELECT RAISE(ABORT, 'import_rows stay as they were read');
END;
--> statement-breakpoint
-- ## What is over goes
INSERT INTO retention (what, after_ms) VALUES ('csv_jobs', 604800000);
--> statement-breakpoint
CREATE TRIGGER csv_jobs_no_delete BEFORE DELETE ON csv_jobs
WHEN (OLD.created_at <= (SELECT until FROM retention_due WHERE what = 'csv_jobs')) IS NOT TRUE
BEGIN
  SELECT RAISE(ABORT, 'csv_jobs_kept');
END;
--> statement-breakpoint
CREATE TRIGGER csv_jobs_purged AFTER DELETE ON csv_jobs BEGIN
  DELETE FROM import_rows WHERE job_id = OLD.id;
END;
