import { indexBuyer } from "../../identity/index.ts";
import type { Context } from "../../platform/context.ts";
import { promise } from "../../platform/outbox/store.ts";
import { type IndexSource, indexNow } from "../../platform/search/fill-index.ts";
import type { IndexDocument } from "../../platform/search/store.ts";
import { indexText } from "../../platform/search/words.ts";
import type { StoredOrder } from "../store.ts";
import { findIndexable, type IndexableOrder, listIndexable } from "./store.ts";

/** Orders a step of filling. */
const STEP = 50;
/** Of an order, as much as is read: a step of the longest is as much as one of products. */
const MAX_CHARS = 5000;

/**
 * Belongs into the batch of the steps that change what is found: the one by which an order's money comes, and each
 * parcel with a tracking number. Who is promised it once a step is told what the order is by then.
 */
export function promiseFound(ctx: Context, { id, version }: Pick<StoredOrder, "id" | "version">) {
  const dedupeKey = `indexed:${id}:${version + 1}` as const;
  return promise(ctx, { topic: "search.order", payload: { orderId: id }, dedupeKey });
}

/**
 * Writes into the index what an order says by now, and what its guest does: an order that is paid makes a customer of
 * them, or calls them something else.
 */
export async function indexOrder(ctx: Context, { orderId }: { orderId: string }) {
  const found: IndexableOrder[] = [];
  await indexNow(ctx, "orders", async () => {
    found.push(...(await ctx.db.run(findIndexable(orderId))));
    return found.map(documentOf).filter((document) => document !== undefined);
  });
  for (const { accountId, email } of found)
    if (accountId === null && email !== null) await indexBuyer(ctx, { email });
}

/** All orders that are found by words. */
export const orderIndex: IndexSource = {
  kind: "orders",
  step: STEP,
  read: async (db, after, limit) => {
    const found = await db.run(listIndexable(after, limit));
    return found.map((order) => ({ seq: order.number, document: documentOf(order) }));
  },
};

/** An order as the index keeps it: what people are likeliest to look for comes first. Undefined before its money came. */
function documentOf(order: IndexableOrder): IndexDocument | undefined {
  if (!isFound(order)) return undefined;
  const { id, number, version, email, shippingAddress, lines, parcels } = order;
  const said = [
    ...[String(number), email ?? "", shippingAddress?.name ?? "", ...parcels],
    ...lines.map(({ sku }) => sku),
    ...lines.flatMap(({ title, variantTitle }) => [title, variantTitle]),
  ];
  return { seq: number, id, version, ...indexText(said.join("\n").slice(0, MAX_CHARS)) };
}

/**
 * Whether an order is found by words: once its money has come, or nothing was to pay. Most of the others are gone after a
 * month, and would cost as much; they are found by their number and by the filters.
 */
function isFound({ paymentStatus }: Pick<StoredOrder, "paymentStatus">): boolean {
  return !["unpaid", "processing", "failed"].includes(paymentStatus);
}
