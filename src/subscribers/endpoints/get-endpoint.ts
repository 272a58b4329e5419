import type { Context } from "../../platform/context.ts";
import { notFound } from "../../platform/errors.ts";
import {
  newestFirst,
  type Page,
  type PageInput,
  readPage,
} from "../../platform/http/pagination.ts";
import { type Endpoint, presentEndpoint } from "./endpoint.ts";
import {
  countEndpoints,
  type EndpointRow,
  findEndpoint,
  listEndpoints as selectEndpoints,
} from "./store.ts";

/** An endpoint with its strong `ETag`. */
export interface Tagged {
  readonly endpoint: Endpoint;
  readonly tag: string;
}

export function tagged(row: EndpointRow): Tagged {
  return { endpoint: presentEndpoint(row), tag: `"${row.version}-${row.failingSince ?? 0}"` };
}

/** Throws `NOT_FOUND`. */
export async function getEndpoint(ctx: Context, input: { readonly id: string }): Promise<Tagged> {
  const [row] = await ctx.db.run(findEndpoint(input.id));
  if (row === undefined) throw notFound("webhook endpoint");
  return tagged(row);
}

/** A page of endpoints, newest first. */
export async function listEndpoints(ctx: Context, input: PageInput): Promise<Page<Endpoint>> {
  return readPage(ctx, input, {
    ...newestFirst,
    rows: selectEndpoints,
    count: countEndpoints,
    present: presentEndpoint,
  });
}
