import type { Context } from "../platform/context.ts";
import { decodeCursor, type Page, type PageInput, readPage } from "../platform/http/pagination.ts";
import { presentEvent, type WebhookEvent } from "./event.ts";
import { countEvents, type EventFilter, listEvents as selectEvents } from "./store.ts";

/** A page of the inbox, newest first, without the payloads. */
export async function listEvents(
  ctx: Context,
  input: PageInput & EventFilter,
): Promise<Page<WebhookEvent>> {
  const after = decodeCursor(input.cursor, ["number", "string"]);
  return readPage(ctx, input, {
    rows: (limit) => selectEvents(input, after, limit),
    count: () => countEvents(input),
    keyOf: ({ receivedAt, id }) => [receivedAt, id],
    present: presentEvent,
  });
}
