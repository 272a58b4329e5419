import type { Context } from "../../platform/context.ts";
import { notFound } from "../../platform/errors.ts";
import { type Page, type PageInput, readPage } from "../../platform/http/pagination.ts";
import { type Customer, presentCustomer } from "./customer.ts";
import { searchCustomers } from "./search-customers.ts";
import { countCustomers, findCustomer, listCustomers as selectCustomers } from "./store.ts";

/** Throws `NOT_FOUND`. */
export async function getCustomer(ctx: Context, input: { readonly id: string }): Promise<Customer> {
  const [row] = await ctx.db.run(findCustomer(input.id));
  if (row === undefined) throw notFound("customer");
  return presentCustomer(row);
}

/** A page of customers, newest first; with `q`, those whose name or address says it. Throws `UNAVAILABLE` for such a search. */
export async function listCustomers(
  ctx: Context,
  { q = "", ...input }: PageInput & { readonly q?: string | undefined },
): Promise<Page<Customer>> {
  if (q !== "") return searchCustomers(ctx, { ...input, q });
  return readPage(ctx, input, {
    kinds: ["string"],
    keyOf: ({ id }) => [id],
    rows: selectCustomers,
    count: countCustomers,
    present: presentCustomer,
  });
}
