-- ## Codes for some products, and from a minimum on

CREATE TRIGGER discounts_minimum BEFORE INSERT ON discounts
WHEN (NEW.minimum IS NULL) <> (NEW.minimum_currency IS NULL) OR NEW.minimum <= 0
  OR NEW.minimum_currency <> NEW.currency BEGIN
  SELECT RAISE(ABORT, 'a minimum is an amount above 0, in the currency of what is taken off');
END;
--> statement-breakpoint
-- Orders are made with it.
CREATE TRIGGER discounts_minimum_stays BEFORE UPDATE OF minimum, minimum_currency ON discounts BEGIN
  SELECT RAISE(ABORT, 'what a code asks of an order stays');
END;
--> statement-breakpoint
CREATE TRIGGER discount_products_stay BEFORE UPDATE ON discount_products BEGIN
  SELECT RAISE(ABORT, 'what a code is for stays');
END;
--> statement-breakpoint
CREATE TRIGGER discount_products_stay_there BEFORE DELETE ON discount_products BEGIN
  SELECT RAISE(ABORT, 'what a code is for stays');
END;
--> statement-breakpoint
-- A code that is for everything is not made one for some products: orders are made with it.
CREATE TRIGGER discount_products_of_a_new_code BEFORE INSERT ON discount_products
WHEN EXISTS (SELECT 1 FROM discount_uses WHERE discount_id = NEW.discount_id)
  OR (SELECT version FROM discounts WHERE id = NEW.discount_id) > 1 BEGIN
  SELECT RAISE(ABORT, 'what a code is for stays');
END;
--> statement-breakpoint
DROP TRIGGER order_lines_no_update;
--> statement-breakpoint
-- But for what a code is for, which is said once, before there is anything to pay.
CREATE TRIGGER order_lines_no_update BEFORE UPDATE ON order_lines
WHEN NOT (NEW.discounted = 0
  AND (NEW.order_id, NEW.sku, NEW.product_id, NEW.title, NEW.variant_title, NEW.quantity, NEW.unit_amount, NEW.requires_shipping)
    = (OLD.order_id, OLD.sku, OLD.product_id, OLD.title, OLD.variant_title, OLD.quantity, OLD.unit_amount, OLD.requires_shipping)
  AND (SELECT status = 'pending_payment' AND discount = 0 FROM orders WHERE id = OLD.order_id)) BEGIN
  SELECT RAISE(ABORT, 'order_lines is append-only');
END;
--> statement-breakpoint
-- The order's lines say what its code is for, and the code is judged by those. One that is written again has its code
-- already, and its lines say what that was for when it was paid: that stands, whatever has become of the code since.
CREATE TRIGGER discount_uses_of_goods AFTER INSERT ON discount_uses BEGIN
  UPDATE order_lines SET discounted = 0
  WHERE order_id = NEW.order_id AND (SELECT discount_code FROM orders WHERE id = NEW.order_id) IS NULL
    AND EXISTS (SELECT 1 FROM discount_products WHERE discount_id = NEW.discount_id)
    AND product_id NOT IN (SELECT product_id FROM discount_products WHERE discount_id = NEW.discount_id);
  SELECT RAISE(ABORT, 'discount_other_goods')
  WHERE EXISTS (SELECT 1 FROM discount_products WHERE discount_id = NEW.discount_id)
    AND NOT EXISTS (SELECT 1 FROM order_lines WHERE order_id = NEW.order_id AND discounted);
  SELECT RAISE(ABORT, 'discount_currency') FROM discounts d JOIN orders o ON o.id = NEW.order_id
  WHERE d.id = NEW.discount_id AND d.minimum_currency <> o.currency;
  SELECT RAISE(ABORT, 'discount_below_minimum') FROM discounts d
  WHERE d.id = NEW.discount_id AND d.minimum > (
    SELECT sum(quantity * unit_amount) FROM order_lines WHERE order_id = NEW.order_id AND discounted);
END;
--> statement-breakpoint
-- Nothing is taken off goods that the code is not for.
CREATE TRIGGER orders_discount_of_goods BEFORE UPDATE OF discount ON orders
WHEN NEW.discount > OLD.discount AND NEW.discount > (
  SELECT coalesce(sum(quantity * unit_amount), 0) FROM order_lines WHERE order_id = NEW.id AND discounted) BEGIN
  SELECT RAISE(ABORT, 'more is taken off than the goods that the code is for');
END;
