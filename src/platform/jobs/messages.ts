import * as z from "zod";

/** A queue message: which row to look at, never what is in it. */
export const jobSchema = z.strictObject({
  type: z.enum(["webhook", "outbox"]),
  id: z.string().min(1),
  requestId: z.string(),
});

export type Message = z.infer<typeof jobSchema>;
export type Job = Pick<Message, "type" | "id">;
