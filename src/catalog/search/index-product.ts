import type { Context } from "../../platform/context.ts";
import { promise } from "../../platform/outbox/store.ts";
import { type IndexSource, indexNow } from "../../platform/search/fill-index.ts";
import type { IndexDocument } from "../../platform/search/store.ts";
import { indexText } from "../../platform/search/words.ts";
import { findIndexable, findIndexables, type IndexableRow, listIndexable } from "./store.ts";

/** Products a step: their texts fit into one value of the database, however long they are. */
const STEP = 25;

/** Belongs into the batch of whatever changes what a product says, or its status. */
export function promiseIndexed(ctx: Context, productId: string) {
  const dedupeKey = `indexed:${productId}:${crypto.randomUUID()}` as const;
  return promise(ctx, { topic: "search.product", payload: { productId }, dedupeKey });
}

/** Writes into the index what a product is by now. Drafts and archived ones are in it under their status. */
export async function indexProduct(ctx: Context, { productId }: { productId: string }) {
  await indexNow(ctx, "products", async () =>
    (await ctx.db.run(findIndexable(productId))).map(documentOf),
  );
}

/** The same for products with these slugs, some at a time. */
export async function indexProducts(ctx: Context, slugs: readonly string[]): Promise<void> {
  for (let start = 0; start < slugs.length; start += STEP)
    await indexNow(ctx, "products", async () => {
      const some = slugs.slice(start, start + STEP);
      return (await ctx.db.run(findIndexables(some))).map(documentOf);
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
