import { eq, type SQL, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { type Changed, moveTo, seenAs } from "../changes/store.ts";
import { imageObjects, productImages } from "../schema.ts";
import { imageJson, type Look } from "../shown/store.ts";

/** Says that somebody is about to put these bytes into the bucket and to use them; refused while they are taken away. */
export function claimObject(row: Omit<typeof imageObjects.$inferInsert, "uses" | "leavingAt">) {
  return query
    .insert(imageObjects)
    .values(row)
    .onConflictDoUpdate({ target: imageObjects.key, set: { touchedAt: row.touchedAt } });
}

type NewImage = Pick<typeof productImages.$inferInsert, "id" | "productId" | "alt"> & {
  readonly key: string;
};

/** One more picture, behind the others. */
export function insertImage(row: NewImage) {
  const position = sql`(SELECT count(*) FROM product_images WHERE product_id = ${row.productId})`;
  return query.insert(productImages).values({ ...row, position });
}

/** A picture's own id; NULL where it is not there, or its product is another one than was seen. */
export function imageToChange({ id, seen }: Changed): SQL<string> {
  return sql`(SELECT i.id FROM product_images i JOIN products p ON p.id = i.product_id WHERE i.id = ${id} ${seenAs(seen)})`;
}

export const productOfImage = (id: string): SQL<string> =>
  sql`(SELECT product_id FROM product_images WHERE id = ${id})`;

export function updateAlt(id: string, alt: string) {
  return query.update(productImages).set({ alt }).where(eq(productImages.id, id));
}

/** Moves a picture to this place among the product's, counted from 0; beyond the last one it becomes that. */
export function moveImage(id: string, place: number) {
  return moveTo(productImages, { id, place, among: sql`product_id = ${productOfImage(id)}` });
}

/** The bytes are kept for a while after their last use: pages that are open show them. */
export function touchObject(imageId: string, now: number) {
  return query
    .update(imageObjects)
    .set({ touchedAt: now })
    .where(eq(imageObjects.key, sql`(SELECT key FROM product_images WHERE id = ${imageId})`));
}

/** The last of its product is deleted, so that the others have their places already. */
export function deleteImage(id: string) {
  return query.delete(productImages).where(eq(productImages.id, id));
}

/** A picture as the API shows it, as JSON text. */
export function imageText(id: string, look: Look): SQL<string> {
  return sql`(SELECT ${imageJson(look)} FROM product_images i JOIN image_objects o ON o.key = i.key WHERE i.id = ${id})`;
}

/** The same with the version of its product. */
export function versionedImage(id: string, look: Look): SQL<string> {
  return sql`(SELECT json_object('version', p.version, 'text', '' || ${imageJson(look)})
    FROM product_images i JOIN image_objects o ON o.key = i.key JOIN products p ON p.id = i.product_id WHERE i.id = ${id})`;
}
