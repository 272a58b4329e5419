import type { Context } from "../../platform/context.ts";
import {
  filledThrough,
  filledWhole,
  findIndexState,
  type IndexState,
} from "../../platform/search/store.ts";
import { documentOf } from "./index-product.ts";
import { forgetDocuments, listIndexable, writeDocuments } from "./store.ts";

/** Products a step: with the longest texts there can be, a step is below 2 MB, which is all that D1 takes as one value. */
const STEP = 25;
/** What the index has of products that are gone, a step. */
const FORGOTTEN = 200;
/** One run makes at most 200 calls to the databases and reads 1000 products. */
const STEPS_PER_RUN = 40;

type Databases = Pick<Context, "db" | "search">;

/** Goes on filling the index where the last step has ended, and is done at once when it is full. */
export async function fillIndex(databases: Databases): Promise<{ indexed: number }> {
  let indexed = 0;
  for (let steps = 0; steps < STEPS_PER_RUN; steps += 1) {
    const step = await fillStep(databases);
    indexed += step.indexed;
    if (step.done) break;
  }
  return { indexed };
}

/**
 * Writes the next products into the index and takes out those of their range that there are no more; says how far it is
 * afterwards. Steps may overlap and be repeated: each writes what the products are.
 */
export async function fillStep({
  db,
  search,
}: Databases): Promise<{ readonly done: boolean; readonly indexed: number }> {
  const [state] = await search.run(findIndexState());
  if (state === undefined) throw new Error("The search database has no state.");
  if (isFull(state)) return { done: true, indexed: 0 };
  const { generation, through: after } = state;
  const products = await db.run(listIndexable(after, STEP));
  const last = products.at(-1)?.seq ?? after;
  const [write, drop, insert] = writeDocuments(products.map(documentOf), generation);
  const through = products.length === STEP ? last : undefined;
  const [forget, forgetKeys] = forgetDocuments({ after, through, generation, limit: FORGOTTEN });
  const [, , , , forgotten] = await search.batch([write, drop, insert, forget, forgetKeys]);
  const more = forgotten.length === FORGOTTEN;
  const done = !more && products.length < STEP;
  await search.run(done ? filledWhole(generation) : filledThrough(generation, more ? after : last));
  return { done, indexed: products.length };
}

function isFull({ generation, filled }: IndexState): boolean {
  return filled === generation;
}
