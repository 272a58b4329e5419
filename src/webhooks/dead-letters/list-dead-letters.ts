import type { Context } from "../../platform/context.ts";
import {
  decodeCursor,
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
  const after = decodeCursor(input.cursor, ["number", "string"]);
  return readPage(ctx, input, {
    rows: (limit) => selectDeadLetters(input, after, limit),
    count: () => countDeadLetters(input),
    keyOf: newestFirst,
    present: presentDeadLetter,
  });
}
