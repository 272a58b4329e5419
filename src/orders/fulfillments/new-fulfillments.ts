import * as z from "zod";
import { refusalSchema } from "../../platform/http/envelope.ts";
import { fulfillmentOfOrderSchema, fulfillmentStatusSchema } from "../order.ts";
import { newFulfillmentSchema } from "./new-fulfillment.ts";

const MAX_ORDERS = 100;
const MAX_ID_CHARS = 100;

/** A parcel of each of many orders. */
export const newFulfillmentsSchema = z.strictObject({
  orders: z
    .array(newFulfillmentSchema.extend({ id: z.string().min(1).max(MAX_ID_CHARS) }))
    .min(1)
    .max(MAX_ORDERS)
    .superRefine((orders, issues) => {
      const seen = new Set<string>();
      for (const [i, { id }] of orders.entries()) {
        if (seen.has(id))
          issues.addIssue({ code: "custom", path: [i, "id"], message: "Is in the list already." });
        seen.add(id);
      }
    }),
});
export type NewFulfillments = z.infer<typeof newFulfillmentsSchema>;

/** What became of one of them: the order's state and the parcel, or why nothing was done. */
export const fulfilledLineSchema = z
  .union([
    z.strictObject({
      id: z.string(),
      status: fulfillmentStatusSchema,
      fulfillment: fulfillmentOfOrderSchema,
    }),
    z.strictObject({ id: z.string(), error: refusalSchema }),
  ])
  .meta({ id: "FulfilledLine" });
export type FulfilledLine = z.infer<typeof fulfilledLineSchema>;
