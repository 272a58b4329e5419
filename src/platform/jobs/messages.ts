import * as z from "zod";

/** A queue message: which row to look at, never what is in it. */
export const jobSchema = z.strictObject({
  type: z.enum(["webhook", "outbox", "delivery"]),
  id: z.string().min(1),
  requestId: z.string(),
});

export type Message = z.infer<typeof jobSchema>;
/** `requestId` is the request that caused the work; without it, the one at hand. */
export type Job = Pick<Message, "type" | "id"> & { readonly requestId?: string | null };
