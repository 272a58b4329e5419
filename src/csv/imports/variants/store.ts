import { type SQL, sql } from "drizzle-orm";
import { query } from "../../../platform/db.ts";
import type { JobRow } from "../../store.ts";

/** Lines with the variant and the product that they are about, where those are there. */
const linesOf = (jobId: string) => sql`
  import_rows r LEFT JOIN variants v ON v.sku = r.sku LEFT JOIN products p ON p.slug = r.slug WHERE r.job_id = ${jobId}`;

/** Whether a line says something of this, and something else than is there. */
const differs = (path: string, column: string) =>
  sql.raw(
    `(json_type(r.data, '$.${path}') IS NOT NULL AND r.data ->> '$.${path}' IS NOT ${column})`,
  );

const variantDiffers = sql.join(
  [
    ...[differs("variant.title", "v.title"), differs("variant.amount", "v.amount")],
    ...[differs("variant.currency", "v.currency")],
    differs("variant.requiresShipping", "v.requires_shipping"),
    differs("variant.maxPerOrder", "v.max_per_order"),
    differs("variant.maxPerCustomer", "v.max_per_customer"),
  ],
  sql` OR `,
);
const productDiffers = sql.join(
  [
    ...[differs("product.title", "p.title"), differs("product.description", "p.description")],
    ...[differs("product.status", "p.status"), differs("product.opensAt", "p.opens_at")],
    differs("product.closesAt", "p.closes_at"),
  ],
  sql` OR `,
);

const outcome = sql`CASE WHEN v.sku IS NULL THEN 'created' WHEN ${variantDiffers} OR ${productDiffers} THEN 'updated' ELSE 'unchanged' END`;

/** What becomes of each line: a variant is made, it or its product is changed, or neither. */
export function variantOutcomes(jobId: string): SQL {
  return sql`SELECT ${outcome} AS outcome FROM ${linesOf(jobId)}`;
}

/** What a line says of this, or what is there where it says nothing. */
const orElse = (path: string, column: string) =>
  sql.raw(`iif(json_type(r.data, '$.${path}') IS NULL, ${column}, r.data ->> '$.${path}')`);

/** The first line of each product, whose product the others' is too. */
const firstLines = (jobId: string) =>
  sql`(SELECT slug, min(line) AS line, data FROM import_rows WHERE job_id = ${jobId} GROUP BY slug)`;

/** Products first, changed and new, then their new variants, then those that were there: triggers look from one to the other. */
export function applyVariants({ id }: JobRow, now: number) {
  return [
    query.run(sql`
      UPDATE products SET title = r.data ->> '$.product.title', description = ${orElse("product.description", "products.description")},
        status = ${orElse("product.status", "products.status")}, opens_at = ${orElse("product.opensAt", "products.opens_at")},
        closes_at = ${orElse("product.closesAt", "products.closes_at")}, updated_at = ${now}
      FROM ${firstLines(id)} r
      WHERE products.slug = r.slug AND r.slug IN (SELECT r.slug FROM ${linesOf(id)} AND ${outcome} <> 'unchanged')`),
    query.run(sql`
      INSERT INTO products (id, slug, title, description, status, price_from, opens_at, closes_at, created_at, updated_at)
      SELECT r.data ->> '$.ids.product', r.slug, r.data ->> '$.product.title', coalesce(r.data ->> '$.product.description', ''),
        coalesce(r.data ->> '$.product.status', 'active'), r.data ->> '$.variant.amount', r.data ->> '$.product.opensAt',
        r.data ->> '$.product.closesAt', ${now}, ${now}
      FROM ${firstLines(id)} r WHERE NOT EXISTS (SELECT 1 FROM products WHERE slug = r.slug) ORDER BY r.line`),
    query.run(sql`
      INSERT INTO variants (id, product_id, sku, title, amount, currency, position, requires_shipping, max_per_order,
        max_per_customer, opening_stock, created_at, updated_at)
      SELECT r.data ->> '$.ids.variant', p.id, r.sku, r.data ->> '$.variant.title', r.data ->> '$.variant.amount',
        r.data ->> '$.variant.currency', coalesce((SELECT max(position) + 1 FROM variants WHERE product_id = p.id), 0)
          + row_number() OVER (PARTITION BY r.slug ORDER BY r.line) - 1,
        coalesce(r.data ->> '$.variant.requiresShipping', 1), coalesce(r.data ->> '$.variant.maxPerOrder', 10),
        r.data ->> '$.variant.maxPerCustomer', coalesce(r.data ->> '$.initialStock', 0), ${now}, ${now}
      FROM import_rows r CROSS JOIN products p ON p.slug = r.slug
      WHERE r.job_id = ${id} AND NOT EXISTS (SELECT 1 FROM variants WHERE sku = r.sku) ORDER BY r.line`),
    query.run(sql`
      UPDATE variants AS v SET title = r.data ->> '$.variant.title', amount = r.data ->> '$.variant.amount',
        currency = r.data ->> '$.variant.currency', requires_shipping = ${orElse("variant.requiresShipping", "v.requires_shipping")},
        max_per_order = ${orElse("variant.maxPerOrder", "v.max_per_order")},
        max_per_customer = ${orElse("variant.maxPerCustomer", "v.max_per_customer")}, updated_at = ${now}
      FROM import_rows r WHERE r.job_id = ${id} AND v.sku = r.sku AND (${variantDiffers})`),
  ];
}
