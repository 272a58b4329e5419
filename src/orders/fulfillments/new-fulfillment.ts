import * as z from "zod";
import { itemsSchema } from "../../inventory/index.ts";
import { lineSchema } from "../../platform/text.ts";
import { eachOnce } from "../each-once.ts";

const MAX_CHARS = 200;

/** What stands against sending an order that is paid. */
export const DESPITES = ["refunded", "disputed"] as const;
export type Despite = (typeof DESPITES)[number];

export const newFulfillmentSchema = z.strictObject({
  carrier: lineSchema(MAX_CHARS).optional().meta({ example: "DHL" }),
  trackingNumber: lineSchema(MAX_CHARS).optional(),
  items: itemsSchema.superRefine(eachOnce).optional().meta({
    description: "What is in the parcel; without it, all that is still to be sent.",
  }),
  despite: z.enum(DESPITES).optional().meta({
    description: "Sends it although all of its money is back, or a bank has the payment before it.",
  }),
});
export type NewFulfillment = z.infer<typeof newFulfillmentSchema>;
