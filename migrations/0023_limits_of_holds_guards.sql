-- ## A hold keeps the limit that it was made with
DROP TRIGGER order_lines_per_customer;
--> statement-breakpoint
-- The order's own hold is claimed by now, and its line is not there yet: neither counts twice. A limit that was lowered since
-- it was held does not judge it; a higher one does.
CREATE TRIGGER order_lines_per_customer BEFORE INSERT ON order_lines
WHEN (SELECT max_per_customer FROM variants WHERE sku = NEW.sku) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'customer_unknown') FROM orders WHERE id = NEW.order_id AND account_id IS NULL AND email IS NULL;
  SELECT RAISE(ABORT, 'max_per_customer') FROM orders o CROSS JOIN variants v ON v.sku = NEW.sku
    LEFT JOIN reservation_lines held ON held.reservation_id = o.reservation_id AND held.sku = NEW.sku
  WHERE o.id = NEW.order_id AND held.max_per_customer IS NOT 0
    AND max(v.max_per_customer, coalesce(held.max_per_customer, 0)) < NEW.quantity
    + (SELECT coalesce(sum(l.quantity), 0) FROM reservations h JOIN reservation_lines l ON l.reservation_id = h.id
       WHERE h.account_id = o.account_id AND h.status = 'held' AND h.order_id IS NULL AND l.sku = NEW.sku)
    + (SELECT coalesce(sum(units), 0) FROM bought_units WHERE sku = NEW.sku AND order_id IN (
        SELECT id FROM orders WHERE account_id = o.account_id UNION SELECT id FROM orders WHERE email = o.email
        UNION SELECT id FROM orders WHERE account_id IN (SELECT account_id FROM users WHERE email = o.email)
        UNION SELECT id FROM orders WHERE email IN (SELECT email FROM users WHERE account_id = o.account_id)));
END;
