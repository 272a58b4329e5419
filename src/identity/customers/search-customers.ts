import type { Context } from "../../platform/context.ts";
import { MAX_COUNTED } from "../../platform/db.ts";
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageInput,
} from "../../platform/http/pagination.ts";
import { askIndex } from "../../platform/search/ask-index.ts";
import { matchPhrases, phrasesOf, saysPhrases } from "../../platform/search/words.ts";
import { type Customer, presentCustomer } from "./customer.ts";
import { textOf } from "./index-customer.ts";
import { listFound } from "./store.ts";

/**
 * A page of the customers whose name and address say these words, newest first. The index says which; who they are, and
 * whether they are called so still, the shop's database says: then the page has fewer. Throws `UNAVAILABLE`.
 */
export async function searchCustomers(
  ctx: Context,
  { q, pageSize, cursor, include }: PageInput & { readonly q: string },
): Promise<Page<Customer>> {
  const phrases = phrasesOf(q);
  const { seqs, ...total } = await askIndex(ctx, {
    ...{ kind: "customers", match: matchPhrases(phrases), limit: pageSize + 1 },
    newest: decodeCursor(cursor, ["number"])?.[0],
    counted: include === undefined ? undefined : MAX_COUNTED,
  });
  const next = seqs[pageSize];
  const shown = seqs.slice(0, pageSize);
  const rows = shown.length === 0 ? [] : await ctx.db.run(listFound(shown));
  return {
    items: rows.filter((row) => saysPhrases(textOf(row), phrases)).map(presentCustomer),
    pageSize,
    nextCursor: next === undefined ? null : encodeCursor([next]),
    ...total,
  };
}
