-- What shoppers see of the catalog has a version, counted by whatever changes it, in its own batch. How often something
-- was sold is not among it: an order of popularity may be two seconds old.
CREATE TRIGGER tag_catalog_product_new AFTER INSERT ON products BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_product AFTER UPDATE OF slug, title, description, status, price_from ON products BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_product_gone AFTER DELETE ON products BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
-- The variants that a product is made with come with it, and are no news of their own.
CREATE TRIGGER tag_catalog_variant_new AFTER INSERT ON variants
WHEN NEW.created_at <> (SELECT created_at FROM products WHERE id = NEW.product_id) BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_variant AFTER UPDATE OF sku, title, amount, currency, position, availability, requires_shipping, max_per_order, max_per_customer ON variants BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_variant_gone AFTER DELETE ON variants BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_image_new AFTER INSERT ON product_images BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_image AFTER UPDATE ON product_images BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER tag_catalog_image_gone AFTER DELETE ON product_images BEGIN
  INSERT INTO tag_versions (tag, version) VALUES ('catalog', 1) ON CONFLICT (tag) DO UPDATE SET version = version + 1;
END;
