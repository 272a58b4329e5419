import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import type { DeadLetterRow } from "./store.ts";

export const deadLetterKindSchema = z.enum(["outbox", "message"]);

export const deadLetterSchema = z
  .strictObject({
    id: z.string(),
    kind: deadLetterKindSchema.meta({
      description:
        "`outbox`: something promised, such as a mail or a refund, that no retry could keep. `message`: a queue message that nothing can read.",
    }),
    status: z.enum(["dead", "pending"]).meta({ description: "`pending` once it is replayed." }),
    topic: z.string().meta({ description: "What was promised, or the queue." }),
    attempts: z.int().nullable(),
    lastError: z.string().nullable(),
    payload: z.string().meta({ description: "Its first 4,000 characters." }),
    requestId: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "DeadLetter" });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export function presentDeadLetter({ createdAt, ...row }: DeadLetterRow): DeadLetter {
  return { ...row, status: "dead", createdAt: toTimestamp(createdAt) };
}
