import * as z from "zod";
import { itemsSchema } from "../../inventory/index.ts";
import { lineSchema } from "../../platform/text.ts";
import { eachOnce } from "../each-once.ts";

const MAX_CHARS = 200;

export const newFulfillmentSchema = z.strictObject({
  carrier: lineSchema(MAX_CHARS).optional().meta({ example: "DHL" }),
  trackingNumber: lineSchema(MAX_CHARS).optional(),
  items: itemsSchema.superRefine(eachOnce).optional().meta({
    description: "What is in the parcel; without it, all that was neither sent nor refunded.",
  }),
});
export type NewFulfillment = z.infer<typeof newFulfillmentSchema>;
