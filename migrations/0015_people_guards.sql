-- ## Customers: what each has bought, kept with each step of their orders
-- An order of an account is its first user's, any other is of whoever has its address. Nobody's are those of an account
-- that nobody is left of, and those that say no address.
CREATE VIEW customer_accounts AS
  SELECT u.email AS email, u.account_id AS account_id FROM users u
  WHERE u.deleted_at IS NULL
    AND u.id = (SELECT id FROM users WHERE account_id = u.account_id AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1);
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
  FROM (SELECT iif(NEW.account_id IS NULL, NEW.email, (SELECT email FROM customer_accounts WHERE account_id = NEW.account_id)) AS email) who
  WHERE who.email IS NOT NULL
  ON CONFLICT (email) DO UPDATE SET
    orders = orders + excluded.orders,
    spent = json_set(spent, '$.' || NEW.currency, coalesce(spent ->> NEW.currency, 0) + (excluded.spent ->> NEW.currency)),
    last_order_at = coalesce(max(last_order_at, excluded.last_order_at), last_order_at, excluded.last_order_at);
END;
--> statement-breakpoint
-- A guest's order that joins an account is its first user's from then on. Mostly that is who has its address: then nothing moves.
CREATE TRIGGER orders_customer_follows_account AFTER UPDATE OF account_id ON orders
WHEN OLD.account_id IS NOT NEW.account_id AND (NEW.status = 'paid' OR NEW.captured <> NEW.refunded)
BEGIN
  INSERT INTO customers (id, email, orders, spent, last_order_at, created_at)
  SELECT 'cus_' || substr(NEW.id, 5, 10) || lower(hex(randomblob(13))), who.email, who.sign * (NEW.status = 'paid'),
    json_object(NEW.currency, who.sign * (NEW.captured - NEW.refunded)), iif(who.sign = 1 AND NEW.status = 'paid', NEW.created_at, NULL), NEW.created_at
  FROM (
    SELECT 1 AS sign, iif(NEW.account_id IS NULL, NEW.email, (SELECT email FROM customer_accounts WHERE account_id = NEW.account_id)) AS email
    UNION ALL
    SELECT -1, iif(OLD.account_id IS NULL, OLD.email, (SELECT email FROM customer_accounts WHERE account_id = OLD.account_id))) who
  WHERE who.email IS NOT NULL AND NEW.email IS NOT (SELECT email FROM customer_accounts WHERE account_id = coalesce(NEW.account_id, OLD.account_id))
  ON CONFLICT (email) DO UPDATE SET
    orders = orders + excluded.orders,
    spent = json_set(spent, '$.' || NEW.currency, coalesce(spent ->> NEW.currency, 0) + (excluded.spent ->> NEW.currency)),
    last_order_at = coalesce(max(last_order_at, excluded.last_order_at), last_order_at, excluded.last_order_at);
END;
--> statement-breakpoint
-- Whose address is another one, or who is gone: what those have bought whom it touches is counted anew. The old address stays
-- a customer's where a guest has bought with it.
CREATE TRIGGER users_are_other_customers AFTER UPDATE OF email, deleted_at ON users
WHEN OLD.email <> NEW.email OR OLD.deleted_at IS NOT NEW.deleted_at
BEGIN
  UPDATE customers SET email = NEW.email
  WHERE email = OLD.email AND NEW.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM customers WHERE email = NEW.email);
  INSERT INTO customers (id, email, created_at)
  SELECT 'cus_' || substr(min(id), 5, 10) || lower(hex(randomblob(13))), OLD.email, min(created_at) FROM orders
  WHERE account_id IS NULL AND email = OLD.email AND (status = 'paid' OR captured <> refunded)
  HAVING count(*) > 0 AND NOT EXISTS (SELECT 1 FROM customers WHERE email = OLD.email);
  UPDATE customers SET (orders, spent, last_order_at) = (
    SELECT coalesce(sum(bought), 0), json_group_object(currency, amount), max(last_at)
    FROM (SELECT currency, sum(status = 'paid') AS bought, sum(captured - refunded) AS amount, max(iif(status = 'paid', created_at, NULL)) AS last_at
      FROM (SELECT * FROM orders WHERE account_id IS NULL AND email = customers.email
        UNION ALL SELECT * FROM orders WHERE account_id = (SELECT account_id FROM customer_accounts WHERE email = customers.email))
      WHERE status = 'paid' OR captured <> refunded GROUP BY currency))
  WHERE email IN (OLD.email, NEW.email, (SELECT email FROM customer_accounts WHERE account_id = NEW.account_id));
  DELETE FROM customers WHERE email = OLD.email AND OLD.email <> NEW.email AND orders = 0 AND spent = '{}';
END;
--> statement-breakpoint
-- Who was here before: all who have registered, and all who have bought.
INSERT INTO customers (id, email, name, name_folded, created_at)
SELECT 'cus_' || substr(id, 5, 10) || lower(hex(randomblob(13))), email, name, lower(name), created_at FROM users;
--> statement-breakpoint
INSERT INTO customers (id, email, name, name_folded, orders, spent, last_order_at, created_at)
SELECT 'cus_' || substr(min(id), 5, 10) || lower(hex(randomblob(13))), customer, max(name), lower(max(name)), sum(bought),
  json_group_object(currency, amount), max(last_at), min(created_at)
FROM (SELECT customer, currency, min(id) AS id, max(shipping_address ->> 'name') AS name, sum(status = 'paid') AS bought,
    sum(captured - refunded) AS amount, max(iif(status = 'paid', created_at, NULL)) AS last_at, min(created_at) AS created_at
  FROM (SELECT o.*, iif(o.account_id IS NULL, o.email, (SELECT email FROM customer_accounts WHERE account_id = o.account_id)) AS customer FROM orders o)
  WHERE customer IS NOT NULL AND (status = 'paid' OR captured <> refunded) GROUP BY customer, currency)
GROUP BY customer
ON CONFLICT (email) DO UPDATE SET orders = excluded.orders, spent = excluded.spent, last_order_at = excluded.last_order_at;
