import type { Context } from "../../platform/context.ts";
import { promise, promiseEach } from "../../platform/outbox/store.ts";
import {
  type IndexSource,
  indexNew,
  indexNow,
  nothingOf,
} from "../../platform/search/fill-index.ts";
import type { IndexDocument } from "../../platform/search/store.ts";
import { indexText } from "../../platform/search/words.ts";
import {
  findIndexable,
  findIndexableByEmail,
  findIndexableByUser,
  goneSoon,
  type IndexableCustomer,
  listIndexable,
} from "./store.ts";

/** Customers a step of filling: with the longest texts there can be, less than a step of products. */
const STEP = 200;
/** Of a customer, as much as is read: more than a name and an address may have together. */
const MAX_CHARS = 600;

/** Belongs into the batch of whatever registers a user, or calls them something else. */
export function promiseKnown(ctx: Context, userId: string) {
  const dedupeKey = `indexed:${userId}:${crypto.randomUUID()}` as const;
  return promise(ctx, { topic: "search.user", payload: { userId }, dedupeKey });
}

/** Belongs into the batch that forgets a customer, before it does: afterwards nobody knows where the index has them. */
export function promiseForgotten(ctx: Context, customerId: string) {
  return promiseEach(ctx, "search.customer", goneSoon(customerId));
}

/** Writes into the index what the customer says who this user is. */
export async function indexUser(ctx: Context, { userId }: { userId: string }): Promise<void> {
  await indexNew(ctx, "customers", async () =>
    (await ctx.db.run(findIndexableByUser(userId))).map(documentOf),
  );
}

/** The same of whoever has this address: mostly they have bought before, and the index knows them. */
export async function indexBuyer(ctx: Context, { email }: { email: string }): Promise<void> {
  await indexNew(ctx, "customers", async () =>
    (await ctx.db.run(findIndexableByEmail(email))).map(documentOf),
  );
}

/** The same of a customer, of whom nothing stays in the index once they are gone. */
export async function indexCustomer(
  ctx: Context,
  { customerId: id, seq }: { customerId: string; seq: number },
): Promise<void> {
  await indexNow(ctx, "customers", async () => {
    const [found] = await ctx.db.run(findIndexable(id));
    return [found === undefined ? nothingOf({ seq, id }) : documentOf(found)];
  });
}

/** All customers. */
export const customerIndex: IndexSource = {
  kind: "customers",
  step: STEP,
  read: async (db, after, limit) => {
    const found = await db.run(listIndexable(after, limit));
    return found.map((row) => ({ seq: row.seq, document: documentOf(row) }));
  },
};

/** What a customer is found by. */
export function textOf({ name, email }: Pick<IndexableCustomer, "name" | "email">): string {
  return [name ?? "", email].join("\n").slice(0, MAX_CHARS);
}

function documentOf(row: IndexableCustomer): IndexDocument {
  const { seq, id, version } = row;
  return { seq, id, version, words: indexText(textOf(row)).words };
}
