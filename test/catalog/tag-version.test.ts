import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const versionNow = async () =>
  (await rows<{ version: number }>("SELECT version FROM tag_versions WHERE tag = 'catalog'"))[0]
    ?.version ?? 0;

const PRODUCT =
  "INSERT INTO products (id, slug, title, status, price_from, created_at, updated_at) VALUES";
const VARIANT =
  "INSERT INTO variants (id, product_id, sku, title, amount, currency, position, opening_stock, created_at, updated_at) VALUES";
const OBJECT =
  "INSERT INTO image_objects (key, width, height, bytes, touched_at) VALUES ('one.png', 1, 1, 1, 5)";
const IMAGE = "INSERT INTO product_images (id, product_id, position, key, alt) VALUES";
const MOVEMENT =
  "INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at) VALUES";

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare(`${PRODUCT} ('prod_1', 'one', 'One', 'active', 100, 5, 5)`),
    env.DB.prepare(`${VARIANT} ('var_1', 'prod_1', 'SKU-1', 'One', 100, 'EUR', 0, 6, 5, 5)`),
    env.DB.prepare(OBJECT),
    env.DB.prepare(`${IMAGE} ('img_1', 'prod_1', 0, 'one.png', '')`),
    env.DB.prepare(`${VARIANT} ('var_0', 'prod_1', 'SKU-0', 'None', 100, 'EUR', 9, 0, 5, 5)`),
  ]);
});

describe("The catalog's version counts", () => {
  for (const [what, sql] of [
    ["a new product", `${PRODUCT} ('prod_2', 'two', 'Two', 'active', 100, 5, 5)`],
    ["a product's slug", "UPDATE products SET slug = 'uno'"],
    ["a product's title", "UPDATE products SET title = 'Uno'"],
    ["a product's description", "UPDATE products SET description = 'Uno'"],
    ["a product's status", "UPDATE products SET status = 'archived'"],
    ["a product's lowest price", "UPDATE products SET price_from = 99"],
    ["the moment at which a product opens", "UPDATE products SET opens_at = 9"],
    ["the moment at which a product closes", "UPDATE products SET closes_at = 9"],
    ["a product of which a part has changed", "UPDATE products SET updated_at = 9"],
    ["a variant that is archived", "UPDATE variants SET archived_at = 9 WHERE id = 'var_1'"],
    ["how many are left where few are", "UPDATE variants SET few_left = 3"],
    ["a later variant", `${VARIANT} ('var_2', 'prod_1', 'SKU-2', 'Two', 100, 'EUR', 1, 0, 6, 6)`],
    ["a variant's title", "UPDATE variants SET title = 'Uno'"],
    ["a variant's price", "UPDATE variants SET amount = 99"],
    ["a variant's place", "UPDATE variants SET position = 7"],
    ["a variant's way of delivery", "UPDATE variants SET requires_shipping = 0"],
    ["a variant's most for one order", "UPDATE variants SET max_per_order = 3"],
    ["a variant's most for one customer", "UPDATE variants SET max_per_customer = 3"],
    ["stock that becomes low", `${MOVEMENT} ('SKU-1', 'damage', -2, 0, 'Broken', 'test', 6)`],
    ["the stock's word, whatever is left", "UPDATE variants SET availability = 'sold_out'"],
    ["a new picture", `${IMAGE} ('img_2', 'prod_1', 1, 'one.png', '')`],
    ["another picture", "UPDATE product_images SET alt = 'Uno'"],
    ["a picture less", "DELETE FROM product_images"],
  ] as const) {
    it(`${what}`, async () => {
      const before = await versionNow();
      await rows(sql);
      expect(await versionNow()).toBeGreaterThan(before);
    });
  }

  it("nothing that shoppers do not see", async () => {
    const before = await versionNow();
    await rows(`${MOVEMENT} ('SKU-1', 'receive', 1, 0, 'Delivery', 'test', 6)`);
    await rows("UPDATE products SET units_sold = units_sold + 1");
    expect(await versionNow()).toBe(before);
  });
});
