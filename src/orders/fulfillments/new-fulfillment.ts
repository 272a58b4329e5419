import * as z from "zod";
import { itemsSchema } from "../../inventory/index.ts";
import { textSchema } from "../../platform/text.ts";
import { eachOnce } from "../each-once.ts";

const MAX_CHARS = 200;

export const newFulfillmentSchema = z.strictObject({
  carrier: textSchema().trim().min(1).max(MAX_CHARS).optional().meta({ example: "DHL" }),
  trackingNumber: textSchema().trim().min(1).max(MAX_CHARS).optional(),
  items: itemsSchema.superRefine(eachOnce).optional().meta({
    description: "What is in the parcel; without it, all that was neither sent nor refunded.",
  }),
});
export type NewFulfillment = z.infer<typeof newFulfillmentSchema>;
