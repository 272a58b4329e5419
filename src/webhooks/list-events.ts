import type { Context } from "../platform/context.ts";
import { newestFirst, type Page, type PageInput, readPage } from "../platform/http/pagination.ts";
import { presentEvent, type WebhookEvent } from "./event.ts";
import { countEvents, type EventFilter, listEvents as selectEvents } from "./store.ts";

/** A page of the inbox, newest first, without the payloads. */
export async function listEvents(
  ctx: Context,
  input: PageInput & EventFilter,
): Promise<Page<WebhookEvent>> {
  return readPage(ctx, input, {
    kinds: newestFirst.kinds,
    keyOf: ({ receivedAt: createdAt, id }) => newestFirst.keyOf({ createdAt, id }),
    rows: (after, limit) => selectEvents(input, after, limit),
    count: () => countEvents(input),
    present: presentEvent,
  });
}
