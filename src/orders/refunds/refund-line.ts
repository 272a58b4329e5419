import * as z from "zod";

/** What becomes of the units that a refund is for, in Shopify's words. */
export const RESTOCKS = ["cancel", "return", "none"] as const;

export const restockSchema = z.enum(RESTOCKS).meta({
  description:
    "`cancel`: they were not sent, are back on the shelf and not owed any more. `return`: they were sent and are back on the shelf. `none`: money only; those that were not sent are taken first, and are not owed any more.",
});

export const refundLineSchema = z.strictObject({
  sku: z.string(),
  quantity: z.int(),
  restock: z.enum(RESTOCKS),
  /** How many of them had not been sent, and are not owed from now on. */
  unsent: z.int(),
});
export type RefundLine = z.infer<typeof refundLineSchema>;

/** As the API shows it. */
export const refundItemSchema = z.strictObject({
  sku: z.string(),
  quantity: z.int(),
  restock: restockSchema,
});

export function presentRefundLine({ unsent: _, ...line }: RefundLine) {
  return line;
}
