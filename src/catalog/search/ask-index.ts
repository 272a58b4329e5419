import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { type Page, totalOf } from "../../platform/http/pagination.ts";
import { findIndexState } from "../../platform/search/store.ts";
import { matchText } from "../../platform/search/words.ts";
import type { ProductStatus } from "../product-status.ts";
import { countMatches, findMatches } from "./store.ts";

const RETRY_AFTER_SECONDS = 60;

export interface Question {
  readonly q: string;
  readonly status: ProductStatus;
  /** The `seq` that the answer begins at; undefined: the newest of all. */
  readonly newest: number | undefined;
  readonly limit: number;
  /** How far the total is counted, where it is asked for. */
  readonly counted: number | undefined;
}

export type Found = { readonly seqs: number[] } & Pick<Page<never>, "total" | "totalCapped">;

/**
 * The products that say these words, newest first, and how many there are, in one round trip. Nothing is found for a
 * text without a word. Throws `UNAVAILABLE` while the index does not answer, or was never filled.
 */
export async function askIndex(ctx: Context, question: Question): Promise<Found> {
  const { q, status, counted } = question;
  const match = matchText(q);
  const totalUpTo = (total: number) => (counted === undefined ? {} : totalOf(total, counted));
  if (match === undefined) return { seqs: [], ...totalUpTo(0) };
  const what = { match, status };
  const [[state], matches, [count]] = await ctx.search
    .batch([
      findIndexState(),
      findMatches(what, question),
      countMatches(what, counted === undefined ? 0 : counted + 1),
    ])
    .catch((cause: unknown) => {
      throw unavailable("The search does not answer", cause);
    });
  if (state === undefined || state.filled === 0)
    throw unavailable("The search is being filled for the first time");
  return { seqs: matches.map(({ seq }) => seq), ...totalUpTo(count?.total ?? 0) };
}

function unavailable(what: string, cause?: unknown): AppError {
  return new AppError(
    "UNAVAILABLE",
    `${what}; everything else works, the list without q too. Please try again in a minute.`,
    { headers: { "Retry-After": String(RETRY_AFTER_SECONDS) }, cause },
  );
}
