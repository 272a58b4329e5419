import * as z from "zod";
import { moneySchema } from "../platform/money.ts";

/** A line of an order as it is kept: what is answered, asked of the payment provider and mailed of a line is made of it. */
export const storedLineSchema = z.strictObject({
  sku: z.string(),
  productId: z.string(),
  title: z.string(),
  variantTitle: z.string(),
  quantity: z.int(),
  /** In minor units of the order's currency. */
  unitAmount: z.int(),
  requiresShipping: z.boolean(),
  /** Whether the order's code, if it has one, is for this. */
  discounted: z.boolean(),
});
export type StoredLine = z.infer<typeof storedLineSchema>;

export const orderLineSchema = storedLineSchema
  .omit({ unitAmount: true, discounted: true })
  .extend({ price: moneySchema, total: moneySchema })
  .meta({ id: "OrderLine" });
export type OrderLine = z.infer<typeof orderLineSchema>;

export function presentLine(
  { unitAmount, discounted: _, ...line }: StoredLine,
  currency: string,
): OrderLine {
  return {
    ...line,
    price: { amount: unitAmount, currency },
    total: { amount: unitAmount * line.quantity, currency },
  };
}
