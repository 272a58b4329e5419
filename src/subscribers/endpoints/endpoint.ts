import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import { storedJson } from "../../platform/stored-json.ts";
import { eventTypeSchema } from "../event-types.ts";
import { ENDPOINT_STATUSES } from "../schema.ts";
import { MAX_URL_CHARS } from "./endpoint-url.ts";
import type { EndpointRow } from "./store.ts";

const eventsSchema = z
  .array(eventTypeSchema)
  .min(1)
  .max(eventTypeSchema.options.length)
  .refine((events) => new Set(events).size === events.length, "Each event is named once.")
  .meta({ uniqueItems: true });

export const endpointSchema = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    events: z.array(eventTypeSchema),
    status: z.enum(ENDPOINT_STATUSES).meta({
      description:
        "`paused`: nothing is sent. What happens meanwhile waits, for up to 30 days, until it is `active` again. One that has failed for three days is paused by the shop.",
    }),
    failingSince: z.iso.datetime().nullable().meta({
      description: "Since when no delivery was taken; null while they are.",
    }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "WebhookEndpoint" });
export type Endpoint = z.infer<typeof endpointSchema>;

/** With the secret, which is shown this once. */
export const endpointWithSecretSchema = endpointSchema
  .extend({ secret: z.string().meta({ description: "`whsec_…`: verifies what is sent." }) })
  .meta({ id: "WebhookEndpointWithSecret" });

const urlSchema = z
  .string()
  .min(1)
  .max(MAX_URL_CHARS)
  .meta({ format: "uri", pattern: "^https?://" });

export const newEndpointSchema = z.strictObject({ url: urlSchema, events: eventsSchema });
export type NewEndpoint = z.infer<typeof newEndpointSchema>;

export const endpointChangesSchema = z.strictObject({
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  status: z.enum(ENDPOINT_STATUSES).optional(),
});
export type EndpointChanges = z.infer<typeof endpointChangesSchema>;

const readEvents = storedJson(endpointSchema.shape.events);

export function presentEndpoint(row: EndpointRow): Endpoint {
  return {
    id: row.id,
    url: row.url,
    events: readEvents(row.events),
    status: row.status,
    failingSince: row.failingSince === null ? null : toTimestamp(row.failingSince),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  };
}
