import type { Context } from "../../platform/context.ts";
import { promise } from "../../platform/outbox/store.ts";
import { findIndexState } from "../../platform/search/store.ts";
import { indexText } from "../../platform/search/words.ts";
import {
  findIndexable,
  findIndexables,
  type IndexableRow,
  type ProductDocument,
  writeDocuments,
} from "./store.ts";

/** Belongs into the batch of whatever changes what a product says, or its status. */
export function promiseIndexed(ctx: Context, productId: string) {
  const dedupeKey = `indexed:${productId}:${crypto.randomUUID()}` as const;
  return promise(ctx, { topic: "search.product", payload: { productId }, dedupeKey });
}

/**
 * Writes into the index what a product is by now, so that neither the order of changes matters nor how often this runs.
 * Drafts and archived ones are in it under their status. The filling is read before the product: whoever began to fill
 * the index after that knows the product better.
 */
export async function indexProduct(ctx: Context, { productId }: { productId: string }) {
  const [state] = await ctx.search.run(findIndexState());
  const [product] = await ctx.db.run(findIndexable(productId));
  if (state === undefined) throw new Error("The search database has no state.");
  if (product === undefined) return; // of a shop that was restored since; filling the index anew forgets it
  await ctx.search.batch(writeDocuments([documentOf(product)], state.generation));
}

/** Few enough for their texts to fit into one value of the database. */
const AT_ONCE = 25;

/** The same for products with these slugs, some at a time. */
export async function indexProducts(ctx: Context, slugs: readonly string[]): Promise<void> {
  if (slugs.length === 0) return;
  const [state] = await ctx.search.run(findIndexState());
  if (state === undefined) throw new Error("The search database has no state.");
  for (let start = 0; start < slugs.length; start += AT_ONCE) {
    const products = await ctx.db.run(findIndexables(slugs.slice(start, start + AT_ONCE)));
    await ctx.search.batch(writeDocuments(products.map(documentOf), state.generation));
  }
}

/** A product as the index keeps it. */
export function documentOf(row: IndexableRow): ProductDocument {
  const { seq, id, version, status, title, description } = row;
  return { seq, id, version, status, ...indexText(`${title}\n${description}`) };
}
