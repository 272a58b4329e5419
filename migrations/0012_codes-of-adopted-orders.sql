-- A guest's order that joins an account takes the use of its code along: the limit per customer counts it there.
CREATE TRIGGER orders_code_follows_account AFTER UPDATE OF account_id ON orders
WHEN OLD.account_id IS NOT NEW.account_id
BEGIN
  UPDATE discount_uses SET account_id = NEW.account_id WHERE order_id = NEW.id;
END;
--> statement-breakpoint
UPDATE discount_uses SET account_id = (SELECT o.account_id FROM orders o WHERE o.id = discount_uses.order_id)
WHERE account_id IS NULL;
