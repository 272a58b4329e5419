-- ## When a line was ordered is when its order was made
DROP TRIGGER order_lines_no_update;
--> statement-breakpoint
UPDATE order_lines SET ordered_at = (SELECT created_at FROM orders WHERE id = order_id);
--> statement-breakpoint
-- But for what a code is for, which is said once, before there is anything to pay.
CREATE TRIGGER order_lines_no_update BEFORE UPDATE ON order_lines
WHEN NOT (NEW.discounted = 0
  AND (NEW.order_id, NEW.sku, NEW.product_id, NEW.title, NEW.variant_title, NEW.quantity, NEW.unit_amount, NEW.requires_shipping, NEW.ordered_at)
    = (OLD.order_id, OLD.sku, OLD.product_id, OLD.title, OLD.variant_title, OLD.quantity, OLD.unit_amount, OLD.requires_shipping, OLD.ordered_at)
  AND (SELECT status = 'pending_payment' AND discount = 0 FROM orders WHERE id = OLD.order_id)) BEGIN
  SELECT RAISE(ABORT, 'order_lines is append-only');
END;
--> statement-breakpoint
-- Else the orders of a SKU would be found in another order than they came, or not at all.
CREATE TRIGGER order_lines_as_old_as_their_order BEFORE INSERT ON order_lines
WHEN NEW.ordered_at <> (SELECT created_at FROM orders WHERE id = NEW.order_id)
BEGIN
  SELECT RAISE(ABORT, 'order_lines.ordered_at');
END;
