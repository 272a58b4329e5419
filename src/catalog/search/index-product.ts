import type { Context } from "../../platform/context.ts";
import { promise } from "../../platform/outbox/store.ts";
import { type IndexSource, indexNow } from "../../platform/search/fill-index.ts";
import type { IndexDocument } from "../../platform/search/store.ts";
import { indexText } from "../../platform/search/words.ts";
import { productOfVariant } from "../store.ts";
import { findIndexable, findIndexables, type IndexableRow, listIndexable } from "./store.ts";

/** Products a step: their texts fit into one value of the database, however long they are. */
const STEP = 25;

/** What has changed: a product, or one of its variants. */
export type Indexed = { readonly productId: string } | { readonly variantId: string };

/** Belongs into the batch of whatever changes what a product or a variant says, or whether it is offered. */
export function promiseIndexed(ctx: Context, changed: Indexed) {
  const again = crypto.randomUUID();
  return "productId" in changed
    ? promise(ctx, {
        topic: "search.product",
        payload: changed,
        dedupeKey: `indexed:${changed.productId}:${again}`,
      })
    : promise(ctx, {
        topic: "search.variant",
        payload: changed,
        dedupeKey: `indexed:${changed.variantId}:${again}`,
      });
}

/** Writes into the index what a product is by now. Drafts and archived ones are in it under their status. */
export const indexProduct = (ctx: Context, { productId }: { productId: string }) =>
  indexOne(ctx, productId);

/** The same for the product of a variant. */
export const indexVariant = (ctx: Context, { variantId }: { variantId: string }) =>
  indexOne(ctx, productOfVariant(variantId));

async function indexOne(ctx: Context, id: Parameters<typeof findIndexable>[0]): Promise<void> {
  await indexNow(ctx, "products", async () =>
    (await ctx.db.run(findIndexable(id))).map(documentOf),
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

/** A product as the index keeps it: by what it says, and by what each variant that is offered is called. */
function documentOf(row: IndexableRow): IndexDocument {
  const { seq, id, version, status, title, description, variants } = row;
  return { seq, id, version, status, ...indexText([title, variants, description].join("\n")) };
}
