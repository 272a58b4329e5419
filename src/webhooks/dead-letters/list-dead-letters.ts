import type { Context } from "../../platform/context.ts";
import {
  newestFirst,
  type Page,
  type PageInput,
  readPage,
} from "../../platform/http/pagination.ts";
import { type DeadLetter, presentDeadLetter } from "./dead-letter.ts";
import {
  countDeadLetters,
  type DeadLetterFilter,
  listDeadLetters as selectDeadLetters,
} from "./store.ts";

/** A page of what only a person can bring on its way again, newest first. Dead events are in the inbox's own list. */
export async function listDeadLetters(
  ctx: Context,
  input: PageInput & DeadLetterFilter,
): Promise<Page<DeadLetter>> {
  return readPage(ctx, input, {
    ...newestFirst,
    rows: (after, limit) => selectDeadLetters(input, after, limit),
    count: () => countDeadLetters(input),
    present: presentDeadLetter,
  });
}
