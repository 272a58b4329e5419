import type { Context } from "../../platform/context.ts";
import { notFound } from "../../platform/errors.ts";
import {
  newestFirst,
  type Page,
  type PageInput,
  readPage,
} from "../../platform/http/pagination.ts";
import { findEndpoint } from "../endpoints/store.ts";
import { type Delivery, presentDelivery } from "./delivery.ts";
import {
  countDeliveries,
  type DeliveryFilter,
  listDeliveries as selectDeliveries,
} from "./store.ts";

/** A page of an endpoint's deliveries with their log, newest first. Throws `NOT_FOUND`. */
export async function listDeliveries(
  ctx: Context,
  input: PageInput & DeliveryFilter,
): Promise<Page<Delivery>> {
  const page = await readPage(ctx, input, {
    ...newestFirst,
    rows: (after, limit) => selectDeliveries(input, after, limit),
    count: () => countDeliveries(input),
    present: presentDelivery,
  });
  if (page.items.length > 0) return page;
  const [endpoint] = await ctx.db.run(findEndpoint(input.endpointId));
  if (endpoint === undefined) throw notFound("webhook endpoint");
  return page;
}
