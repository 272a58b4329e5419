-- ## Customers: what each has bought, kept with each step of their orders
-- An order of an account is its first user's, any other is of whoever has its address. Nobody's are those of an account
-- that nobody is left of, and those that say no address.
CREATE VIEW customer_accounts AS
  SELECT u.email AS email, u.account_id AS account_id FROM users u
  WHERE u.deleted_at IS NULL
    AND u.id = (SELECT id FROM users WHERE account_id = u.account_id AND deleted_at IS NULL ORDER BY rowid LIMIT 1);
--> statement-breakpoint
-- Whoever has registered is called as they say there, also where a guest has bought with the address before.
CREATE TRIGGER users_are_customers AFTER INSERT ON users BEGIN
  INSERT INTO customers (id, email, name, created_at)
  SELECT 'cus_' || substr(NEW.id, 5, 10) || lower(hex(randomblob(13))), NEW.email, NEW.name, NEW.created_at WHERE true
  ON CONFLICT (email) DO UPDATE SET name = excluded.name WHERE name IS NOT excluded.name;
END;
--> statement-breakpoint
CREATE TRIGGER users_name_customers AFTER UPDATE OF name ON users WHEN OLD.name <> NEW.name AND NEW.deleted_at IS NULL BEGIN
  UPDATE customers SET name = NEW.name WHERE email = NEW.email AND name IS NOT NEW.name;
END;
--> statement-breakpoint
-- What is found by words changes with these, so late news loses.
CREATE TRIGGER customers_count_versions AFTER UPDATE OF email, name ON customers
WHEN OLD.email <> NEW.email OR OLD.name IS NOT NEW.name
BEGIN
  UPDATE customers SET version = version + 1 WHERE seq = NEW.seq;
END;
--> statement-breakpoint
-- What came first is the key of the index of words for good, and no other customer ever gets it.
CREATE TRIGGER customers_keep_their_place BEFORE UPDATE OF seq, id ON customers
WHEN NEW.seq <> OLD.seq OR NEW.id <> OLD.id
BEGIN
  SELECT RAISE(ABORT, 'customers keep their place');
END;
--> statement-breakpoint
-- One row, of one customer: that they have bought one more, or one less, and what they have spent by it. An upsert would
-- write down each time which seq it had not needed.
CREATE TRIGGER orders_count_for_customer AFTER UPDATE OF status, captured, refunded ON orders
WHEN (NEW.status = 'paid') <> (OLD.status = 'paid') OR NEW.captured - NEW.refunded <> OLD.captured - OLD.refunded
BEGIN
  UPDATE customers SET
    orders = orders + (NEW.status = 'paid') - (OLD.status = 'paid'),
    spent = json_set(spent, '$.' || NEW.currency,
      coalesce(spent ->> NEW.currency, 0) + NEW.captured - NEW.refunded - OLD.captured + OLD.refunded),
    last_order_at = iif(NEW.status = 'paid', max(coalesce(last_order_at, NEW.created_at), NEW.created_at), last_order_at)
  WHERE email = iif(NEW.account_id IS NULL, iif(NEW.forgotten_at IS NULL, NEW.email, NULL), (SELECT email FROM customer_accounts WHERE account_id = NEW.account_id));
  INSERT INTO customers (id, email, orders, spent, last_order_at, created_at)
  SELECT 'cus_' || substr(NEW.id, 5, 10) || lower(hex(randomblob(13))), who.email, (NEW.status = 'paid') - (OLD.status = 'paid'),
    json_object(NEW.currency, NEW.captured - NEW.refunded - OLD.captured + OLD.refunded), iif(NEW.status = 'paid', NEW.created_at, NULL), NEW.created_at
  FROM (SELECT iif(NEW.account_id IS NULL, iif(NEW.forgotten_at IS NULL, NEW.email, NULL), (SELECT email FROM customer_accounts WHERE account_id = NEW.account_id)) AS email) who
  WHERE who.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers WHERE email = who.email);
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
INSERT INTO customers (id, email, name, created_at)
SELECT 'cus_' || substr(id, 5, 10) || lower(hex(randomblob(13))), email, name, created_at FROM users ORDER BY created_at, id;
--> statement-breakpoint
INSERT INTO customers (id, email, name, orders, spent, last_order_at, created_at)
SELECT 'cus_' || substr(min(id), 5, 10) || lower(hex(randomblob(13))), customer, max(name), sum(bought),
  json_group_object(currency, amount), max(last_at), min(created_at)
FROM (SELECT customer, currency, min(id) AS id, max(shipping_address ->> 'name') AS name, sum(status = 'paid') AS bought,
    sum(captured - refunded) AS amount, max(iif(status = 'paid', created_at, NULL)) AS last_at, min(created_at) AS created_at
  FROM (SELECT o.*, iif(o.account_id IS NULL, o.email, (SELECT email FROM customer_accounts WHERE account_id = o.account_id)) AS customer FROM orders o)
  WHERE customer IS NOT NULL AND (status = 'paid' OR captured <> refunded) GROUP BY customer, currency)
GROUP BY customer ORDER BY min(created_at)
ON CONFLICT (email) DO UPDATE SET orders = excluded.orders, spent = excluded.spent, last_order_at = excluded.last_order_at;
--> statement-breakpoint
-- ## People are forgotten
-- Why an order cannot be forgotten yet: somebody still has to know whose it is.
CREATE VIEW orders_under_way AS
  SELECT o.id AS order_id, o.number AS number, CASE
    WHEN o.status = 'pending_payment' OR o.payment_status = 'processing' THEN 'payment'
    WHEN EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.status = 'pending') THEN 'refund'
    WHEN EXISTS (SELECT 1 FROM disputes d WHERE d.order_id = o.id AND d.status = 'open') THEN 'dispute'
    WHEN o.attention_reason IS NOT NULL THEN 'attention'
    WHEN o.status = 'paid' AND o.payment_status <> 'refunded' AND EXISTS (
      SELECT 1 FROM owed_units w JOIN order_lines l ON l.order_id = w.order_id AND l.sku = w.sku
      WHERE w.order_id = o.id AND w.owed > 0 AND l.requires_shipping = 1) THEN 'shipment'
    END AS because
  FROM orders o;
--> statement-breakpoint
CREATE TRIGGER forgotten_subjects_at_rest BEFORE INSERT ON forgotten_subjects
WHEN NEW.whole = 1 AND EXISTS (SELECT 1 FROM orders_under_way WHERE order_id = NEW.subject AND because IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'order_under_way');
END;
--> statement-breakpoint
CREATE TRIGGER forgotten_subjects_no_update BEFORE UPDATE ON forgotten_subjects
WHEN (NEW.subject, NEW.forgetting_id) IS NOT (OLD.subject, OLD.forgetting_id) OR NEW.whole < OLD.whole
BEGIN
  SELECT RAISE(ABORT, 'what was forgotten stays so');
END;
--> statement-breakpoint
CREATE TRIGGER forgotten_subjects_no_delete BEFORE DELETE ON forgotten_subjects BEGIN
  SELECT RAISE(ABORT, 'what was forgotten stays so');
END;
--> statement-breakpoint
-- ## An order of somebody who was forgotten
CREATE TRIGGER orders_forgotten_in_order BEFORE UPDATE OF forgotten_at ON orders
WHEN OLD.forgotten_at IS NOT NEW.forgotten_at AND (OLD.forgotten_at IS NOT NULL
  OR NOT EXISTS (SELECT 1 FROM forgotten_subjects WHERE subject = OLD.id AND whole = 1))
BEGIN
  SELECT RAISE(ABORT, 'what was forgotten stays so');
END;
--> statement-breakpoint
-- Whatever still comes for it writes nobody back: what it says of a person is dropped, and the rest of it stands.
CREATE TRIGGER orders_stay_forgotten AFTER UPDATE OF email, shipping_address ON orders
WHEN OLD.forgotten_at IS NOT NULL AND (NEW.email IS NOT NULL OR NEW.shipping_address IS NOT OLD.shipping_address)
BEGIN
  UPDATE orders SET email = NULL, shipping_address = OLD.shipping_address WHERE id = NEW.id;
END;
--> statement-breakpoint
-- Nor is it sold any more: nobody knows where its goods would go.
CREATE TRIGGER orders_forgotten_not_sold BEFORE UPDATE OF status ON orders
WHEN OLD.forgotten_at IS NOT NULL AND NEW.status = 'paid' AND OLD.status <> 'paid'
BEGIN
  SELECT RAISE(ABORT, 'order_forgotten');
END;
--> statement-breakpoint
DROP TRIGGER orders_join_account;
--> statement-breakpoint
-- Whoever has the address by then is somebody else.
CREATE TRIGGER orders_join_account AFTER UPDATE OF status, captured ON orders
WHEN NEW.account_id IS NULL AND NEW.forgotten_at IS NULL AND (NEW.status = 'paid' OR NEW.captured > 0)
BEGIN
  UPDATE orders SET account_id = (SELECT account_id FROM users WHERE email = NEW.email AND email_verified_at IS NOT NULL)
  WHERE id = NEW.id;
END;
--> statement-breakpoint
-- What tax needs of an address.
CREATE VIEW orders_forgotten AS
  SELECT id, iif(shipping_address IS NULL, NULL, json_patch('{}', json_object('name', '', 'line1', '', 'city', '',
    'region', shipping_address ->> '$.region', 'postalCode', '', 'country', shipping_address ->> '$.country'))) AS shipping_address
  FROM orders;
--> statement-breakpoint
CREATE TRIGGER orders_forgotten_when_back AFTER INSERT ON orders
WHEN EXISTS (SELECT 1 FROM forgotten_subjects WHERE subject = NEW.id AND whole = 1)
BEGIN
  UPDATE orders SET email = NULL, forgotten_at = NEW.updated_at,
    shipping_address = (SELECT shipping_address FROM orders_forgotten WHERE id = NEW.id)
  WHERE id = NEW.id;
END;
--> statement-breakpoint
-- ## What is append-only lets out what names a person, of a thing that was forgotten, and nothing else
CREATE VIEW order_events_forgotten AS
  SELECT e.order_id AS order_id, e.seq AS seq, iif(
    e.type IN ('order.canceled', 'refund.created', 'refund.pending', 'refund.succeeded', 'refund.failed')
      AND (e.data ->> 'reason' GLOB '*[^a-z_]*' OR e.data ->> 'reason' NOT GLOB '*_*'),
    json_set(json_remove(e.data, '$.note', '$.trackingNumber'), '$.reason', 'unspecified'),
    json_remove(e.data, '$.note', '$.trackingNumber')) AS data
  FROM order_events e
  WHERE EXISTS (SELECT 1 FROM forgotten_subjects f WHERE f.subject = e.order_id AND f.whole = 1);
--> statement-breakpoint
DROP TRIGGER order_events_no_update;
--> statement-breakpoint
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events
WHEN NOT ((NEW.order_id, NEW.seq, NEW.type, NEW.actor, NEW.request_id, NEW.created_at) IS (OLD.order_id, OLD.seq, OLD.type, OLD.actor, OLD.request_id, OLD.created_at)
  AND NEW.data IS (SELECT data FROM order_events_forgotten WHERE order_id = OLD.order_id AND seq = OLD.seq))
BEGIN
  SELECT RAISE(ABORT, 'order_events is append-only');
END;
--> statement-breakpoint
-- Of a line about a forgotten order what was typed goes, and where whoever is gone has done something from.
CREATE VIEW audit_log_forgotten AS
  SELECT a.id AS id, json_remove(a.data, '$.note', '$.reason', '$.trackingNumber') AS data,
    iif(a.actor GLOB 'key_*' OR EXISTS (SELECT 1 FROM users u WHERE u.id = a.actor AND u.deleted_at IS NULL), a.address, '') AS address
  FROM audit_log a
  WHERE EXISTS (SELECT 1 FROM forgotten_subjects f WHERE f.subject = a.target AND f.whole = 1)
    OR EXISTS (SELECT 1 FROM users u WHERE u.id IN (a.target, a.actor) AND u.deleted_at IS NOT NULL);
--> statement-breakpoint
DROP TRIGGER audit_log_no_update;
--> statement-breakpoint
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
WHEN NOT ((NEW.id, NEW.actor, NEW.action, NEW.target, NEW.request_id, NEW.created_at) IS (OLD.id, OLD.actor, OLD.action, OLD.target, OLD.request_id, OLD.created_at)
  AND (NEW.data, NEW.address) IS (SELECT data, address FROM audit_log_forgotten WHERE id = OLD.id))
BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
-- Of what a provider sent, what says where to look stays: with it an event has its effect as before.
CREATE VIEW webhook_events_forgotten AS
  SELECT w.id AS id, iif(json_valid(w.payload), json_patch('{}', json_object('id', w.event_id, 'type', w.type, 'account', w.payload ->> '$.account',
    'data', json_object('object', json_object('id', w.payload ->> '$.data.object.id',
      'payment_intent', coalesce(w.payload -> '$.data.object.payment_intent' ->> '$.id', w.payload ->> '$.data.object.payment_intent'),
      'metadata', json_object('orderId', w.payload ->> '$.data.object.metadata.orderId', 'shop', w.payload ->> '$.data.object.metadata.shop'))))), '') AS payload
  FROM webhook_events w
  WHERE EXISTS (SELECT 1 FROM forgotten_subjects f WHERE f.subject = w.subject);
--> statement-breakpoint
DROP TRIGGER webhook_events_payload_stays;
--> statement-breakpoint
CREATE TRIGGER webhook_events_payload_stays BEFORE UPDATE OF payload ON webhook_events
WHEN NEW.payload <> OLD.payload AND (NEW.payload = '' AND OLD.status = 'processed'
  AND OLD.received_at <= (SELECT until FROM retention_due WHERE what = 'event_payloads')) IS NOT TRUE
  AND NEW.payload IS NOT (SELECT payload FROM webhook_events_forgotten WHERE id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'webhook_events keep what was sent');
END;
--> statement-breakpoint
CREATE TRIGGER webhook_events_forgotten_as_they_come AFTER INSERT ON webhook_events
WHEN EXISTS (SELECT 1 FROM forgotten_subjects WHERE subject = NEW.subject)
BEGIN
  UPDATE webhook_events SET payload = (SELECT payload FROM webhook_events_forgotten WHERE id = NEW.id) WHERE id = NEW.id;
END;
--> statement-breakpoint
-- ## Somebody who is gone
CREATE TRIGGER users_go_in_order BEFORE UPDATE OF deleted_at ON users
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'last_admin') WHERE OLD.role = 'admin' AND OLD.disabled_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND disabled_at IS NULL AND id <> OLD.id);
  SELECT RAISE(ABORT, 'holds_under_way') FROM reservations
  WHERE account_id = OLD.account_id AND status = 'held' AND actor = OLD.id AND order_id IS NULL AND expires_at > NEW.deleted_at;
END;
--> statement-breakpoint
-- Nothing that was still under way as it went writes anything of them again, nor lets them in.
CREATE TRIGGER users_stay_gone BEFORE UPDATE ON users WHEN OLD.deleted_at IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'user_deleted');
END;
--> statement-breakpoint
CREATE TRIGGER users_no_delete BEFORE DELETE ON users WHEN OLD.deleted_at IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'user_deleted');
END;
--> statement-breakpoint
CREATE TRIGGER email_tokens_of_the_living BEFORE INSERT ON email_tokens
WHEN EXISTS (SELECT 1 FROM users WHERE id = NEW.user_id AND deleted_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'user_deleted');
END;
--> statement-breakpoint
CREATE TRIGGER order_events_of_the_living BEFORE INSERT ON order_events
WHEN NEW.type = 'order.created' AND EXISTS (SELECT 1 FROM users WHERE id = NEW.actor AND deleted_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'user_deleted');
END;
