import type { Context } from "../context.ts";
import type { Statement } from "../db.ts";
import { AppError } from "../errors.ts";
import { type Page, totalOf } from "../http/pagination.ts";
import type { IndexKind } from "./kinds.ts";
import { countMatches, findIndexState, findMatches } from "./store.ts";

const RETRY_AFTER_SECONDS = 60;

export interface Question {
  readonly kind: IndexKind;
  /** As `matchText` makes it; undefined for a text without a word, by which nothing is found. */
  readonly match: string | undefined;
  /** The `seq` that the answer begins at; undefined: the newest of all. */
  readonly newest: number | undefined;
  readonly limit: number;
  /** How far the total is counted, where it is asked for. */
  readonly counted: number | undefined;
}

export type Found = { readonly seqs: number[] } & Pick<Page<never>, "total" | "totalCapped">;

/**
 * What says these words, newest first, and how many there are, in one round trip. Throws `UNAVAILABLE` while the index
 * does not answer, or was never filled.
 */
export async function askIndex(ctx: Context, question: Question): Promise<Found> {
  const { kind, match, counted } = question;
  const totalUpTo = (total: number) => (counted === undefined ? {} : totalOf(total, counted));
  if (match === undefined) return { seqs: [], ...totalUpTo(0) };
  const [matches, [count]] = await askAll(ctx, kind, [
    findMatches(kind, match, question),
    countMatches(kind, match, counted === undefined ? 0 : counted + 1),
  ]);
  return { seqs: matches.map(({ seq }) => seq), ...totalUpTo(count?.total ?? 0) };
}

/** What the index answers to both, in one round trip. Throws `UNAVAILABLE` as above. */
export async function askAll<A, B>(
  ctx: Context,
  kind: IndexKind,
  [one, other]: readonly [Statement<A>, Statement<B>],
): Promise<readonly [A, B]> {
  const [[state], first, second] = await ctx.search
    .batch([findIndexState(kind), one, other])
    .catch((cause: unknown) => {
      throw unavailable("The search does not answer", cause);
    });
  if (state === undefined || state.filled === 0)
    throw unavailable("The search is being filled for the first time");
  return [first, second];
}

function unavailable(what: string, cause?: unknown): AppError {
  return new AppError(
    "UNAVAILABLE",
    `${what}; everything else works, the list without q too. Please try again in a minute.`,
    { headers: { "Retry-After": String(RETRY_AFTER_SECONDS) }, cause },
  );
}
