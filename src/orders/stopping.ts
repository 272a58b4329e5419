import * as z from "zod";

/** The wish to end an order that nobody has paid. */
export const stoppingSchema = z.strictObject({ reason: z.string(), actor: z.string() });
export type Stopping = z.infer<typeof stoppingSchema>;
