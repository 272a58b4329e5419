import type { Context } from "../context.ts";
import type { Database } from "../db.ts";
import type { IndexKind } from "./kinds.ts";
import {
  filledThrough,
  filledWhole,
  findIndexState,
  findKnown,
  forgetDocuments,
  type IndexDocument,
  type IndexState,
  writeDocuments,
} from "./store.ts";

/** What the index has of things that are gone, a step. */
const FORGOTTEN = 200;
/** One run makes at most 160 calls to the databases. */
const STEPS_PER_RUN = 40;

type Databases = Pick<Context, "db" | "search">;

/** One thing of a kind, in its place; without a document where nobody is to find it. */
interface Indexable {
  readonly seq: number;
  readonly document: IndexDocument | undefined;
}

/** Where what is found comes from. */
export interface IndexSource {
  readonly kind: IndexKind;
  /** Things a step: with the longest texts there can be, a step is below 2 MB, which is all that D1 takes as one value. */
  readonly step: number;
  /** The first `limit` after this one, in the order of `seq`. */
  readonly read: (db: Database, after: number, limit: number) => Promise<readonly Indexable[]>;
}

/** Goes on filling each kind where the last step has ended, and is done at once when all are full. */
export async function fillIndex(
  databases: Databases,
  sources: readonly IndexSource[],
): Promise<{ indexed: number }> {
  let indexed = 0;
  let steps = 0;
  for (const source of sources) {
    for (let done = false; !done && steps < STEPS_PER_RUN; steps += 1) {
      const step = await fillStep(databases, source);
      indexed += step.indexed;
      done = step.done;
    }
  }
  return { indexed };
}

/**
 * Writes the next things of a kind into the index and takes out those of their range that there are no more; says how far
 * it is afterwards. Steps may overlap and be repeated: each writes what the things are.
 */
export async function fillStep(
  { db, search }: Databases,
  { kind, step, read }: IndexSource,
): Promise<{ readonly done: boolean; readonly indexed: number }> {
  const { generation, through: after, filled } = await stateOf(search, kind);
  if (filled === generation) return { done: true, indexed: 0 };
  const found = await read(db, after, step);
  const last = found.at(-1)?.seq ?? after;
  const documents = found.flatMap(({ document }) => (document === undefined ? [] : [document]));
  const [write, drop, insert] = writeDocuments(kind, documents, generation);
  const through = found.length === step ? last : undefined;
  const range = { after, through, generation, limit: FORGOTTEN };
  const [forget, forgetKeys] = forgetDocuments(kind, range);
  const [, , , , forgotten] = await search.batch([write, drop, insert, forget, forgetKeys]);
  const more = forgotten.length === FORGOTTEN;
  const done = !more && found.length < step;
  await search.run(
    done ? filledWhole(kind, generation) : filledThrough(kind, generation, more ? after : last),
  );
  return { done, indexed: documents.length };
}

/**
 * Writes into the index what things are by now, so that neither the order of changes matters nor how often this runs.
 * The filling is read before the things: whoever began to fill the index after that knows them better.
 */
export async function indexNow(
  { search }: Pick<Context, "search">,
  kind: IndexKind,
  read: Reading,
): Promise<void> {
  const { generation } = await stateOf(search, kind);
  const documents = await read(generation);
  // There are none of a shop that was restored since: filling the index anew forgets them.
  if (documents.length > 0) await search.batch(writeDocuments(kind, documents, generation));
}

/** What things are by now, read for this filling. */
type Reading = (generation: number) => Promise<readonly IndexDocument[]>;

/** The same for what mostly has not changed: what the index has already is not written again. */
export async function indexNew(
  { search }: Pick<Context, "search">,
  kind: IndexKind,
  read: Reading,
): Promise<void> {
  await indexNow({ search }, kind, async (generation) => {
    const documents = await read(generation);
    if (documents.length === 0) return [];
    const known = (await search.run(findKnown(kind, documents, generation))).map(({ seq }) => seq);
    return documents.filter(({ seq }) => !known.includes(seq));
  });
}

/** No version is later. */
const GONE = Number.MAX_SAFE_INTEGER;

/** What stands in the index for a thing that is gone: no word, and later than whatever was read of it before. */
export function nothingOf({ seq, id }: Pick<IndexDocument, "seq" | "id">): IndexDocument {
  return { seq, id, version: GONE, words: "" };
}

async function stateOf(search: Database, kind: IndexKind): Promise<IndexState> {
  const [state] = await search.run(findIndexState(kind));
  if (state === undefined) throw new Error(`The search database has no state of ${kind}.`);
  return state;
}
