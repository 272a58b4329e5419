import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { timestampText } from "../../platform/db.ts";
import { imageObjects, productImages, products, variants } from "../schema.ts";

/** What a product is shown by, or the holes for it: `lookOf` says what that is. */
export interface Look {
  readonly now: SQLWrapper | number;
  readonly images: SQLWrapper | string;
}

/** Whether the product's time has not come yet, or is over; null where it is neither. Drizzle would leave out the table. */
const outOfTime = ({ now }: Look) =>
  sql`CASE WHEN "products"."opens_at" > ${now} THEN 'not_yet' WHEN "products"."closes_at" <= ${now} THEN 'over' END`;

/** A variant `v` of the product as the API shows it. What has no meaning for it is left out. */
function variantJson(look: Look): SQL {
  return sql`json_remove(json_object('id', v.id, 'sku', v.sku, 'title', v.title,
    'price', json_object('amount', v.amount, 'currency', v.currency),
    'availability', coalesce(${outOfTime(look)}, v.availability), 'left', v.few_left,
    'requiresShipping', json(iif(v.requires_shipping, 'true', 'false')), 'maxPerOrder', v.max_per_order,
    'maxPerCustomer', v.max_per_customer, 'archived', json('true')),
    iif(v.few_left IS NULL OR ${outOfTime(look)} IS NOT NULL, '$.left', '$.none'),
    iif(v.archived_at IS NULL, '$.archived', '$.none'))`;
}

/** A picture `i` with its bytes `o` as the API shows it. */
export function imageJson({ images }: Look): SQL {
  return sql`json_object('id', i.id, 'url', ${images} || i.key, 'alt', i.alt, 'width', o.width, 'height', o.height)`;
}

/** Products as the API shows them at this moment, in JSON, beside what lists of them are sorted by. */
export function shownAt(look: Look, { archived = false }: { readonly archived?: boolean } = {}) {
  const offered = sql`AND archived_at IS NULL`;
  const of = sql`WHERE product_id = "products"."id"`;
  const order = archived ? sql`archived_at IS NOT NULL, position` : sql`position`;
  return {
    id: products.id,
    priceFrom: products.priceFrom,
    unitsSold: products.unitsSold,
    createdAt: products.createdAt,
    product:
      sql<string>`json_object('id', ${products.id}, 'slug', ${products.slug}, 'title', ${products.title},
      'description', ${products.description}, 'status', ${products.status},
      'opensAt', ${timestampText(products.opensAt)}, 'closesAt', ${timestampText(products.closesAt)},
      'images', (SELECT json_group_array(${imageJson(look)})
        FROM (SELECT * FROM ${productImages} ${of} ORDER BY position) i CROSS JOIN ${imageObjects} o ON o.key = i.key),
      'variants', (SELECT json_group_array(${variantJson(look)})
        FROM (SELECT * FROM ${variants} ${of} ${archived ? sql`` : offered} ORDER BY ${order}) v),
      'createdAt', ${timestampText(products.createdAt)}, 'updatedAt', ${timestampText(products.updatedAt)})`.as(
        "product",
      ),
  };
}

/** A product as everybody sees it, as JSON text, for what answers with what it has made. */
export function productJson(id: string, look: Look): SQL<string> {
  const { product } = shownAt(look);
  return sql`(SELECT ${product.sql} FROM ${products} WHERE id = ${id})`;
}

/** What a change answers: what it has made of a thing, in JSON, and the version of its product since then. */
export interface Versioned {
  readonly version: number;
  readonly text: string;
}

/** A product as staff see it. */
export function versionedProduct(id: string, look: Look): SQL<string> {
  const { product } = shownAt(look, { archived: true });
  return sql`(SELECT json_object('version', version, 'text', '' || ${product.sql}) FROM ${products} WHERE id = ${id})`;
}

const fromVariant = (id: string) =>
  sql`FROM ${variants} v JOIN ${products} ON products.id = v.product_id WHERE v.id = ${id}`;

/** A variant, as JSON text. */
export function variantText(id: string, look: Look): SQL<string> {
  return sql`(SELECT ${variantJson(look)} ${fromVariant(id)})`;
}

/** The same with its version. */
export function versionedVariant(id: string, look: Look): SQL<string> {
  return sql`(SELECT json_object('version', products.version, 'text', '' || ${variantJson(look)}) ${fromVariant(id)})`;
}
