import * as z from "zod";
import { asEmail, MAX_EMAIL_CHARS } from "../../platform/email.ts";
import { fulfillmentStatusSchema, orderStatusSchema, paymentStatusSchema } from "../order.ts";

/** Which orders a list has: every one that is made of it, an export too, takes the same. */
export const orderFilterSchema = z.strictObject({
  status: orderStatusSchema.optional(),
  paymentStatus: paymentStatusSchema.optional(),
  fulfillmentStatus: fulfillmentStatusSchema.optional(),
  email: z.string().max(MAX_EMAIL_CHARS).overwrite(asEmail).optional(),
});
