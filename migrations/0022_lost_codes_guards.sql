-- ## Codes of orders that are written again after a restore
DROP TRIGGER discount_uses_of_goods;
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
