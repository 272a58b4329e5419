import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import { statesOf } from "../../platform/state.ts";
import { storedJson } from "../../platform/stored-json.ts";
import { deliveryTransitions } from "../delivery-state.ts";
import type { DeliveryRow } from "./store.ts";

export const deliveryStatusSchema = z.enum(statesOf(deliveryTransitions));

const storedAttemptSchema = z.strictObject({
  at: z.int(),
  status: z.int().nullable(),
  latencyMs: z.int(),
  error: z.string().nullable(),
});

export const deliverySchema = z
  .strictObject({
    id: z.string(),
    endpointId: z.string(),
    eventId: z.string(),
    type: z.string(),
    subject: z.string().meta({
      description: "What the event is about: an order's id, a SKU, or the endpoint that is tested.",
    }),
    sequence: z.int(),
    status: deliveryStatusSchema.meta({
      description:
        "`failed`: given up after about four days of tries. It can be asked for again, as what was delivered can.",
    }),
    nextAttemptAt: z.iso.datetime().nullable().meta({
      description: "Not before this, and within a minute after; null once it is over.",
    }),
    attempts: z
      .array(
        storedAttemptSchema.extend({
          at: z.iso.datetime(),
          status: z.int().nullable().meta({ description: "HTTP's; null where none came." }),
          error: z.string().nullable().meta({ description: "Why it did not count." }),
        }),
      )
      .meta({ description: "The newest twenty, newest first." }),
    createdAt: z.iso.datetime(),
    doneAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "WebhookDelivery" });
export type Delivery = z.infer<typeof deliverySchema>;

const readAttempts = storedJson(z.array(storedAttemptSchema));
const time = (ms: number | null) => (ms === null ? null : toTimestamp(ms));

export function presentDelivery({
  attempts,
  wakeAt,
  createdAt,
  doneAt,
  ...row
}: DeliveryRow): Delivery {
  return {
    ...row,
    nextAttemptAt: time(wakeAt),
    attempts: readAttempts(attempts).map(({ at, ...attempt }) => ({
      ...attempt,
      at: toTimestamp(at),
    })),
    createdAt: toTimestamp(createdAt),
    doneAt: time(doneAt),
  };
}
