import { type SQL, sql } from "drizzle-orm";
import { MAX_LINE_CHARS, MAX_VARIANTS } from "../../../../catalog/index.ts";

/** Lines with the first of the same SKU and of the same product, and with the variant and the product that are there. */
const lines = (jobId: string) => sql`(
  SELECT r.*, v.sku AS known_sku, v.product_id, v.archived_at, p.id AS known_id, p.title AS known_title
  FROM (SELECT line, slug, sku, data, first_value(line) OVER of_sku AS sku_line, first_value(line) OVER of_slug AS slug_line,
      first_value(data -> '$.product') OVER of_slug AS first_product, row_number() OVER of_slug AS nth,
      first_value(data ->> '$.variant.currency') OVER of_slug AS first_currency
    FROM import_rows WHERE job_id = ${jobId}
    WINDOW of_sku AS (PARTITION BY sku ORDER BY line), of_slug AS (PARTITION BY slug ORDER BY line)) r
  LEFT JOIN variants v ON v.sku = r.sku LEFT JOIN products p ON p.slug = r.slug)`;

const offered = sql`variants o WHERE o.product_id = known_id AND o.archived_at IS NULL`;
const text = (said: string) => sql.raw(`'${said}'`);

/** What is wrong with lines of products beside one another, and beside the catalog: of each line the first thing. */
export function variantProblems(jobId: string): SQL {
  return sql`
    SELECT line, problem ->> 0 AS column_name, problem ->> 1 AS message FROM (SELECT line, CASE
      WHEN line > sku_line THEN json_array('sku', 'Is on line ' || sku_line || ' already.')
      WHEN data -> '$.product' <> first_product
        THEN json_array('title', 'Something of the product is another one than on line ' || slug_line || '.')
      WHEN known_sku IS NOT NULL AND product_id IS NOT known_id
        THEN json_array('sku', 'Belongs to another product: ' || (SELECT slug FROM products WHERE id = product_id) || '.')
      WHEN archived_at IS NOT NULL THEN json_array('sku', 'Is archived: offer it again first.')
      WHEN known_sku IS NOT NULL AND data ->> '$.initialStock' IS NOT NULL
        THEN json_array('initialStock', 'Is for a new SKU alone: import the stock instead.')
      WHEN known_id IS NULL AND data ->> '$.product.status' = 'archived'
        THEN json_array('status', 'A new product is draft or active.')
      WHEN data ->> '$.variant.currency' <> first_currency
          OR EXISTS (SELECT 1 FROM ${offered} AND o.sku <> k.sku AND o.currency <> k.data ->> '$.variant.currency')
        THEN json_array('currency', 'All variants of a product have one currency.')
      WHEN known_sku IS NULL AND nth + (SELECT count(*) FROM ${offered}) > ${MAX_VARIANTS}
          AND (SELECT count(*) FROM ${offered}) + (SELECT count(*) FROM import_rows n WHERE n.job_id = ${jobId}
            AND n.slug = k.slug AND n.line <= k.line AND NOT EXISTS (SELECT 1 FROM variants WHERE sku = n.sku)) > ${MAX_VARIANTS}
        THEN json_array('sku', ${text(`A product has at most ${MAX_VARIANTS} variants.`)})
      WHEN line = slug_line AND data ->> '$.product.title' <> known_title AND EXISTS (SELECT 1 FROM ${offered}
          AND o.title <> k.data ->> '$.product.title' AND length(o.title) + length(k.data ->> '$.product.title') + 3 > ${MAX_LINE_CHARS})
        THEN json_array('title', ${text(`With the title of another variant and “ · ” between them it has more than ${MAX_LINE_CHARS} characters.`)})
      END AS problem FROM ${lines(jobId)} k)
    WHERE problem IS NOT NULL`;
}
