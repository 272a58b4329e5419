import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { EVENT_STATUSES, PROVIDERS } from "./schema.ts";
import type { EventRow, EventSummaryRow } from "./store.ts";

export const providerSchema = z.enum(PROVIDERS);
export const eventStatusSchema = z.enum(EVENT_STATUSES);

export const webhookEventSchema = z
  .strictObject({
    id: z.string(),
    provider: providerSchema,
    eventId: z.string().meta({
      description:
        "The provider's id. `reconcile:…` for what the shop found out by itself, without an event.",
    }),
    type: z.string(),
    subject: z.string().nullable().meta({
      description:
        "What the event is about: the id of our order, or of the payment at the provider.",
    }),
    status: eventStatusSchema,
    attempts: z.int(),
    lastError: z.string().nullable(),
    requestId: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    processedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "WebhookEvent" });
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

export const webhookEventDetailSchema = webhookEventSchema
  .extend({
    payload: z.string().nullable().meta({
      description:
        "The body as it came, unparsed. Null once it has left the database, 90 days after it came: the event cannot be replayed any more.",
    }),
  })
  .meta({ id: "WebhookEventDetail" });
export type WebhookEventDetail = z.infer<typeof webhookEventDetailSchema>;

export function presentEvent(row: EventSummaryRow): WebhookEvent {
  return {
    id: row.id,
    provider: row.provider,
    eventId: row.eventId,
    type: row.type,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    lastError: row.lastError,
    requestId: row.requestId,
    receivedAt: toTimestamp(row.receivedAt),
    processedAt: row.processedAt === null ? null : toTimestamp(row.processedAt),
  };
}

export function presentEventDetail(row: EventRow): WebhookEventDetail {
  return { ...presentEvent(row), payload: row.payload === "" ? null : row.payload };
}
