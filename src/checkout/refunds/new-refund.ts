import * as z from "zod";
import { itemsSchema } from "../../inventory/index.ts";
import { eachOnce, type RefundReason } from "../../orders/index.ts";
import { moneySchema } from "../../platform/money.ts";
import { lineSchema } from "../../platform/text.ts";

/** What stands where whoever did something did not say why. */
export const NO_REASON: RefundReason = "unspecified";
const MAX_REASON_CHARS = 500;
/** What somebody says of why. */
export const reasonSchema = lineSchema(MAX_REASON_CHARS);
const positive = z.int().min(1);

export const newRefundSchema = z.strictObject({
  amount: z
    .union([positive, moneySchema.extend({ amount: positive }).meta({ id: "RefundAmount" })], {
      error: "Must be an amount above zero and a currency, or the amount alone in minor units.",
    })
    .optional()
    .meta({ description: "Without it: what was paid for `items`, or all that is left." }),
  items: z
    .array(
      itemsSchema.element.extend({
        restock: z.boolean().meta({ description: "They came back and are on hand again." }),
      }),
    )
    .min(1)
    .max(50)
    .superRefine(eachOnce)
    .optional()
    .meta({ description: "What the refund is for, each SKU once." }),
  reason: reasonSchema.optional(),
});
export type NewRefund = z.infer<typeof newRefundSchema>;
