import type { Context } from "../../platform/context.ts";
import { promise } from "../../platform/outbox/store.ts";
import { type IndexSource, indexOne } from "../../platform/search/fill-index.ts";
import type { IndexDocument } from "../../platform/search/store.ts";
import { indexText } from "../../platform/search/words.ts";
import { findIndexable, type IndexableRow, listIndexable } from "./store.ts";

/** Products a step of filling. */
const STEP = 25;

/** Belongs into the batch of whatever changes what a product says, or its status. */
export function promiseIndexed(ctx: Context, productId: string) {
  const dedupeKey = `indexed:${productId}:${crypto.randomUUID()}` as const;
  return promise(ctx, { topic: "search.product", payload: { productId }, dedupeKey });
}

/** Writes into the index what a product is by now. Drafts and archived ones are in it under their status. */
export async function indexProduct(ctx: Context, { productId }: { productId: string }) {
  await indexOne(ctx, "products", async () => {
    const [product] = await ctx.db.run(findIndexable(productId));
    return product && documentOf(product);
  });
}

/** All products, whatever their status. */
export const productIndex: IndexSource = {
  kind: "products",
  step: STEP,
  read: async (db, after, limit) => {
    const found = await db.run(listIndexable(after, limit));
    return found.map((row) => ({ seq: row.seq, document: documentOf(row) }));
  },
};

/** A product as the index keeps it. */
function documentOf(row: IndexableRow): IndexDocument {
  const { seq, id, version, status, title, description } = row;
  return { seq, id, version, status, ...indexText(`${title}\n${description}`) };
}
