import type { Context } from "../../platform/context.ts";
import { asEmail } from "../../platform/email.ts";
import { notFound } from "../../platform/errors.ts";
import { type Page, type PageInput, readPage } from "../../platform/http/pagination.ts";
import { fold } from "../../platform/spelling.ts";
import { type Customer, presentCustomer } from "./customer.ts";
import {
  countCustomers,
  countFoundCustomers,
  type FoundRow,
  findCustomer,
  searchCustomers,
  listCustomers as selectCustomers,
} from "./store.ts";

/** Throws `NOT_FOUND`. */
export async function getCustomer(ctx: Context, input: { readonly id: string }): Promise<Customer> {
  const [row] = await ctx.db.run(findCustomer(input.id));
  if (row === undefined) throw notFound("customer");
  return presentCustomer(row);
}

/** A page of customers, newest first; with `q`, those whose address or name begins so, in the order of that. */
export async function listCustomers(
  ctx: Context,
  { q, ...input }: PageInput & { readonly q?: string | undefined },
): Promise<Page<Customer>> {
  if (q !== undefined) return findByBeginning(ctx, input, q);
  return readPage(ctx, input, {
    kinds: ["string"],
    keyOf: ({ id }) => [id],
    rows: selectCustomers,
    count: countCustomers,
    present: presentCustomer,
  });
}

async function findByBeginning(ctx: Context, input: PageInput, q: string): Promise<Page<Customer>> {
  const beginning = { email: asEmail(q), name: fold(q).trim() };
  // What has nothing left that can be compared begins no text, though every text begins with nothing.
  const sought = { email: beginning.email || NONE, name: beginning.name || NONE };
  return readPage(ctx, input, {
    kinds: ["number", "string", "string"],
    keyOf: ({ way, email, nameFolded, id }: FoundRow) => [
      way,
      way === 0 ? email : (nameFolded ?? ""),
      id,
    ],
    rows: (after, limit) => searchCustomers(sought, after, limit),
    count: () => countFoundCustomers(sought),
    present: presentCustomer,
  });
}

/** Nobody's address or name has one. */
const NONE = "\n";
