-- ## Products: when they are sold, and what counts as a change of them
CREATE TRIGGER products_window_new BEFORE INSERT ON products
WHEN NEW.closes_at <= NEW.opens_at
BEGIN
  SELECT RAISE(ABORT, 'products_window');
END;
--> statement-breakpoint
CREATE TRIGGER products_window BEFORE UPDATE OF opens_at, closes_at ON products
WHEN NEW.closes_at <= NEW.opens_at
BEGIN
  SELECT RAISE(ABORT, 'products_window');
END;
--> statement-breakpoint
-- The version is also what whoever changes a product has seen of it: its times, and its variants and pictures, whose
-- changes set `updated_at`, are part of that.
CREATE TRIGGER products_version_of_parts AFTER UPDATE OF slug, opens_at, closes_at, updated_at ON products BEGIN
  UPDATE products SET version = version + 1 WHERE seq = NEW.seq;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_product_times AFTER UPDATE OF opens_at, closes_at, updated_at ON products BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_variant_left AFTER UPDATE OF few_left ON variants BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
-- What a line of an order is called, both titles with a sign between them, has a place of 250 characters at Stripe.
CREATE TRIGGER products_line_names BEFORE UPDATE OF title ON products
WHEN EXISTS (SELECT 1 FROM variants WHERE product_id = NEW.id AND archived_at IS NULL
  AND title <> NEW.title AND length(title) + length(NEW.title) + 3 > 250)
BEGIN
  SELECT RAISE(ABORT, 'line_name_too_long');
END;
--> statement-breakpoint
CREATE TRIGGER variants_line_names_new BEFORE INSERT ON variants
WHEN EXISTS (SELECT 1 FROM products WHERE id = NEW.product_id AND title <> NEW.title AND length(title) + length(NEW.title) + 3 > 250)
BEGIN
  SELECT RAISE(ABORT, 'line_name_too_long');
END;
--> statement-breakpoint
CREATE TRIGGER variants_line_names BEFORE UPDATE OF title, archived_at ON variants
WHEN NEW.archived_at IS NULL AND EXISTS (SELECT 1 FROM products
  WHERE id = NEW.product_id AND title <> NEW.title AND length(title) + length(NEW.title) + 3 > 250)
BEGIN
  SELECT RAISE(ABORT, 'line_name_too_long');
END;
--> statement-breakpoint
-- ## Variants: those that are offered are 1 to 100 of one currency, and the lowest of their prices is the product's
CREATE TRIGGER variants_one_currency_new BEFORE INSERT ON variants
WHEN NEW.currency <> (SELECT currency FROM variants WHERE product_id = NEW.product_id AND archived_at IS NULL LIMIT 1)
BEGIN
  SELECT RAISE(ABORT, 'product_one_currency');
END;
--> statement-breakpoint
CREATE TRIGGER variants_one_currency BEFORE UPDATE OF currency, archived_at ON variants
WHEN NEW.archived_at IS NULL AND EXISTS (SELECT 1 FROM variants
  WHERE product_id = NEW.product_id AND archived_at IS NULL AND id <> NEW.id AND currency <> NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'product_one_currency');
END;
--> statement-breakpoint
CREATE TRIGGER variants_not_too_many_new BEFORE INSERT ON variants
WHEN (SELECT count(*) FROM variants WHERE product_id = NEW.product_id AND archived_at IS NULL) >= 100
BEGIN
  SELECT RAISE(ABORT, 'product_has_too_many_variants');
END;
--> statement-breakpoint
CREATE TRIGGER variants_not_too_many BEFORE UPDATE OF archived_at ON variants
WHEN OLD.archived_at IS NOT NULL AND NEW.archived_at IS NULL
  AND (SELECT count(*) FROM variants WHERE product_id = NEW.product_id AND archived_at IS NULL) >= 100
BEGIN
  SELECT RAISE(ABORT, 'product_has_too_many_variants');
END;
--> statement-breakpoint
CREATE TRIGGER variants_not_the_last BEFORE UPDATE OF archived_at ON variants
WHEN OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM variants WHERE product_id = NEW.product_id AND archived_at IS NULL AND id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'product_needs_a_variant');
END;
--> statement-breakpoint
CREATE TRIGGER variants_lowest_price_new AFTER INSERT ON variants
WHEN NEW.amount < (SELECT price_from FROM products WHERE id = NEW.product_id)
BEGIN
  UPDATE products SET price_from = NEW.amount WHERE id = NEW.product_id;
END;
--> statement-breakpoint
CREATE TRIGGER variants_lowest_price AFTER UPDATE OF amount, archived_at ON variants BEGIN
  UPDATE products SET price_from = (SELECT min(amount) FROM variants WHERE product_id = NEW.product_id AND archived_at IS NULL)
  WHERE id = NEW.product_id;
END;
--> statement-breakpoint
-- Where few are left, shoppers are told how many.
CREATE TRIGGER stock_levels_few_left AFTER UPDATE ON stock_levels
WHEN iif(OLD.on_hand - OLD.reserved BETWEEN 1 AND OLD.low_stock_threshold, OLD.on_hand - OLD.reserved, NULL)
  IS NOT iif(NEW.on_hand - NEW.reserved BETWEEN 1 AND NEW.low_stock_threshold, NEW.on_hand - NEW.reserved, NULL)
BEGIN
  UPDATE variants SET few_left = iif(NEW.on_hand - NEW.reserved BETWEEN 1 AND NEW.low_stock_threshold, NEW.on_hand - NEW.reserved, NULL)
  WHERE sku = NEW.sku;
END;
--> statement-breakpoint
UPDATE variants SET few_left = (SELECT on_hand - reserved FROM stock_levels WHERE sku = variants.sku) WHERE availability = 'low';
--> statement-breakpoint
-- What each line of a hold was and cost when it was held; of one from before that was kept, what it is by now.
CREATE VIEW held_lines AS
  SELECT l.reservation_id, l.sku, l.quantity, p.id AS product_id, coalesce(l.title, p.title) AS title,
    coalesce(l.variant_title, v.title) AS variant_title, coalesce(l.unit_amount, v.amount) AS unit_amount,
    coalesce(l.currency, v.currency) AS currency, coalesce(l.requires_shipping, v.requires_shipping) AS requires_shipping
  FROM reservation_lines l CROSS JOIN variants v ON v.sku = l.sku CROSS JOIN products p ON p.id = v.product_id;
--> statement-breakpoint
-- ## Holds: only on variants that are offered, and while their product is sold
CREATE TRIGGER reservation_lines_of_offered BEFORE INSERT ON reservation_lines
WHEN (SELECT archived_at FROM variants WHERE sku = NEW.sku) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'sku_not_for_sale');
END;
--> statement-breakpoint
-- The hold's own moment decides. What the shop writes again after a restore was held in time.
CREATE TRIGGER reservation_lines_in_time BEFORE INSERT ON reservation_lines
WHEN EXISTS (
  SELECT 1 FROM variants v JOIN products p ON p.id = v.product_id JOIN reservations r ON r.id = NEW.reservation_id
  WHERE v.sku = NEW.sku AND r.actor <> 'system' AND (r.created_at < p.opens_at OR r.created_at >= p.closes_at)
)
BEGIN
  SELECT RAISE(ABORT, 'sku_not_on_sale');
END;
--> statement-breakpoint
-- ## Pictures: a product has 10 at most, and none without its bytes
-- What nobody could upload is of a seed, and has no bytes of its own.
DELETE FROM product_images WHERE key IS NULL;
--> statement-breakpoint
CREATE TRIGGER product_images_with_bytes BEFORE INSERT ON product_images
WHEN NEW.key IS NULL OR EXISTS (SELECT 1 FROM image_objects WHERE key = NEW.key AND leaving_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'image_without_bytes');
END;
--> statement-breakpoint
CREATE TRIGGER product_images_not_too_many BEFORE INSERT ON product_images
WHEN (SELECT count(*) FROM product_images WHERE product_id = NEW.product_id) >= 10
BEGIN
  SELECT RAISE(ABORT, 'product_has_too_many_images');
END;
--> statement-breakpoint
CREATE TRIGGER product_images_stay BEFORE UPDATE OF key, product_id ON product_images
WHEN NEW.key IS NOT OLD.key OR NEW.product_id <> OLD.product_id
BEGIN
  SELECT RAISE(ABORT, 'a picture stays what it is');
END;
--> statement-breakpoint
CREATE TRIGGER product_images_counted AFTER INSERT ON product_images BEGIN
  UPDATE image_objects SET uses = uses + 1 WHERE key = NEW.key;
END;
--> statement-breakpoint
CREATE TRIGGER product_images_counted_off AFTER DELETE ON product_images BEGIN
  UPDATE image_objects SET uses = uses - 1 WHERE key = OLD.key;
END;
--> statement-breakpoint
-- Bytes go only when nobody has used them for so long. Who takes them away marks the row, takes them, and then the row: from
-- the mark on nobody can mean to use them, so that no product gets a picture whose bytes are about to go.
INSERT INTO retention (what, after_ms) VALUES ('unused_images', 2592000000);
--> statement-breakpoint
CREATE TRIGGER image_objects_leave_unused BEFORE UPDATE OF leaving_at ON image_objects
WHEN NEW.leaving_at IS NULL OR OLD.uses > 0
  OR OLD.touched_at > (SELECT until FROM retention_due WHERE what = 'unused_images')
BEGIN
  SELECT RAISE(ABORT, 'image_in_use');
END;
--> statement-breakpoint
CREATE TRIGGER image_objects_are_leaving BEFORE UPDATE OF touched_at ON image_objects
WHEN OLD.leaving_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'image_leaving');
END;
--> statement-breakpoint
CREATE TRIGGER image_objects_no_delete BEFORE DELETE ON image_objects
WHEN OLD.leaving_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'image_in_use');
END;
--> statement-breakpoint
-- REPLACE deletes a row without its triggers.
CREATE TRIGGER image_objects_no_replace BEFORE INSERT ON image_objects
WHEN EXISTS (SELECT 1 FROM image_objects WHERE key = NEW.key AND leaving_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'image_leaving');
END;
