-- ## Customers: what each has bought, kept with each step of their orders
-- An order of an account is its first user's, any other is of whoever has its address. Nobody's are those of an account
-- that nobody is left of, and those that say no address.
CREATE VIEW customer_orders AS
  SELECT email, id, status, currency, captured, refunded, created_at FROM orders
  WHERE account_id IS NULL AND email IS NOT NULL
  UNION ALL
  SELECT u.email, o.id, o.status, o.currency, o.captured, o.refunded, o.created_at
  FROM users u JOIN orders o ON o.account_id = u.account_id
  WHERE u.id = (SELECT id FROM users WHERE account_id = u.account_id AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1);
--> statement-breakpoint
CREATE TRIGGER users_are_customers AFTER INSERT ON users BEGIN
  INSERT INTO customers (id, email, name, name_folded, created_at)
  SELECT 'cus_' || substr(NEW.id, 5, 10) || lower(hex(randomblob(13))), NEW.email, NEW.name, lower(NEW.name), NEW.created_at
  WHERE NOT EXISTS (SELECT 1 FROM customers WHERE email = NEW.email);
END;
--> statement-breakpoint
-- One row, of one customer: that they have bought one more, or one less, and what they have spent by it.
CREATE TRIGGER orders_count_for_customer AFTER UPDATE OF status, captured, refunded ON orders
WHEN (NEW.status = 'paid') <> (OLD.status = 'paid') OR NEW.captured - NEW.refunded <> OLD.captured - OLD.refunded
BEGIN
  INSERT INTO customers (id, email, orders, spent, last_order_at, created_at)
  SELECT 'cus_' || substr(NEW.id, 5, 10) || lower(hex(randomblob(13))), who.email, (NEW.status = 'paid') - (OLD.status = 'paid'),
    json_object(NEW.currency, NEW.captured - NEW.refunded - OLD.captured + OLD.refunded), iif(NEW.status = 'paid', NEW.created_at, NULL), NEW.created_at
  FROM (SELECT CASE WHEN NEW.account_id IS NULL THEN NEW.email
    ELSE (SELECT email FROM users WHERE account_id = NEW.account_id AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1) END AS email) who
  WHERE who.email IS NOT NULL
  ON CONFLICT (email) DO UPDATE SET
    orders = orders + excluded.orders,
    spent = json_set(spent, '$.' || NEW.currency, coalesce(spent ->> NEW.currency, 0) + (excluded.spent ->> NEW.currency)),
    last_order_at = coalesce(max(last_order_at, excluded.last_order_at), last_order_at, excluded.last_order_at);
END;
--> statement-breakpoint
-- A guest's order that joins an account is its first user's from then on, who mostly has the order's address.
CREATE TRIGGER orders_customer_follows_account AFTER UPDATE OF account_id ON orders
WHEN OLD.account_id IS NOT NEW.account_id AND (NEW.status = 'paid' OR NEW.captured <> NEW.refunded)
BEGIN
  INSERT INTO customers (id, email, orders, spent, last_order_at, created_at)
  SELECT 'cus_' || substr(NEW.id, 5, 10) || lower(hex(randomblob(13))), who.email, who.sign * (NEW.status = 'paid'),
    json_object(NEW.currency, who.sign * (NEW.captured - NEW.refunded)), iif(who.sign = 1 AND NEW.status = 'paid', NEW.created_at, NULL), NEW.created_at
  FROM (SELECT 1 AS sign, CASE WHEN NEW.account_id IS NULL THEN NEW.email
      ELSE (SELECT email FROM users WHERE account_id = NEW.account_id AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1) END AS email
    UNION ALL SELECT -1, CASE WHEN OLD.account_id IS NULL THEN OLD.email
      ELSE (SELECT email FROM users WHERE account_id = OLD.account_id AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1) END) who
  WHERE who.email IS NOT NULL AND NEW.email IS NOT (SELECT email FROM users
    WHERE account_id = coalesce(NEW.account_id, OLD.account_id) AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1)
  ON CONFLICT (email) DO UPDATE SET
    orders = orders + excluded.orders,
    spent = json_set(spent, '$.' || NEW.currency, coalesce(spent ->> NEW.currency, 0) + (excluded.spent ->> NEW.currency)),
    last_order_at = coalesce(max(last_order_at, excluded.last_order_at), last_order_at, excluded.last_order_at);
END;
--> statement-breakpoint
-- Who was here before: all who have registered, and all who have bought.
INSERT INTO customers (id, email, name, name_folded, created_at)
SELECT 'cus_' || substr(id, 5, 10) || lower(hex(randomblob(13))), email, name, lower(name), created_at FROM users;
--> statement-breakpoint
INSERT INTO customers (id, email, name, name_folded, orders, spent, last_order_at, created_at)
SELECT 'cus_' || substr(min(id), 5, 10) || lower(hex(randomblob(13))), email, max(name), lower(max(name)), sum(orders),
  json_group_object(currency, amount), max(last_order_at), min(created_at)
FROM (SELECT c.email, c.currency, min(c.id) AS id, max(o.shipping_address ->> 'name') AS name, sum(c.status = 'paid') AS orders,
    sum(c.captured - c.refunded) AS amount, max(iif(c.status = 'paid', c.created_at, NULL)) AS last_order_at, min(c.created_at) AS created_at
  FROM customer_orders c JOIN orders o ON o.id = c.id WHERE c.status = 'paid' OR c.captured <> c.refunded GROUP BY c.email, c.currency)
GROUP BY email
ON CONFLICT (email) DO UPDATE SET orders = excluded.orders, spent = excluded.spent, last_order_at = excluded.last_order_at;
--> statement-breakpoint
-- Whose address is another one, or who is gone: what there is to know of each of those is counted anew.
CREATE VIEW customer_sums AS
  SELECT email, sum(orders) AS orders, json_group_object(currency, amount) AS spent, max(last_order_at) AS last_order_at
  FROM (SELECT email, currency, sum(status = 'paid') AS orders, sum(captured - refunded) AS amount, max(iif(status = 'paid', created_at, NULL)) AS last_order_at
    FROM customer_orders WHERE status = 'paid' OR captured <> refunded GROUP BY email, currency)
  GROUP BY email;
--> statement-breakpoint
CREATE TRIGGER users_are_other_customers AFTER UPDATE OF email, deleted_at ON users
WHEN OLD.email <> NEW.email OR OLD.deleted_at IS NOT NEW.deleted_at
BEGIN
  UPDATE customers SET email = NEW.email
  WHERE email = OLD.email AND NEW.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM customers WHERE email = NEW.email);
  INSERT INTO customers (id, email, created_at)
  SELECT 'cus_' || substr(min(id), 5, 10) || lower(hex(randomblob(13))), email, min(created_at) FROM customer_orders
  WHERE email = OLD.email AND (status = 'paid' OR captured <> refunded) AND NOT EXISTS (SELECT 1 FROM customers WHERE email = OLD.email)
  GROUP BY email;
  UPDATE customers SET
    orders = coalesce((SELECT orders FROM customer_sums s WHERE s.email = customers.email), 0),
    spent = coalesce((SELECT spent FROM customer_sums s WHERE s.email = customers.email), '{}'),
    last_order_at = (SELECT last_order_at FROM customer_sums s WHERE s.email = customers.email)
  WHERE email IN (OLD.email, NEW.email, (SELECT email FROM users
    WHERE account_id = NEW.account_id AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1));
  DELETE FROM customers WHERE email = OLD.email AND OLD.email <> NEW.email
    AND NOT EXISTS (SELECT 1 FROM customer_sums s WHERE s.email = customers.email);
END;
