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
