import * as z from "zod";
import { itemsSchema } from "../../inventory/index.ts";
import { eachOnce, type RefundReason, restockSchema } from "../../orders/index.ts";
import { where } from "../../platform/json-schema.ts";
import { moneySchema } from "../../platform/money.ts";
import { lineSchema } from "../../platform/text.ts";

/** What stands where whoever did something did not say why. */
export const NO_REASON: RefundReason = "unspecified";
const MAX_REASON_CHARS = 500;
/** What somebody says of why. */
export const reasonSchema = lineSchema(MAX_REASON_CHARS);

export const newRefundSchema = z
  .strictObject({
    amount: moneySchema.optional().meta({
      description:
        "Without it: what was paid for `items`, or all that is left. Zero only takes `items` back.",
    }),
    items: z
      .array(itemsSchema.element.extend({ restock: restockSchema }))
      .min(1)
      .max(50)
      .superRefine(eachOnce)
      .optional()
      .meta({
        description:
          "What the refund is for, each SKU once. Without it and without an amount: every unit that is left, and nothing of it back on the shelf.",
      }),
    reason: reasonSchema.optional(),
  })
  .refine(({ amount, items }) => amount?.amount !== 0 || items !== undefined, {
    path: ["amount", "amount"],
    error: "Must be above zero, or come with the items that it is for.",
  })
  .meta(
    where(
      { items: false },
      { properties: { amount: { properties: { amount: { not: { const: 0 } } } } } },
    ),
  );
export type NewRefund = z.infer<typeof newRefundSchema>;
