import * as z from "zod";
import { type PaymentTerms, paymentTermsSchema, type StoredOrder } from "../orders/index.ts";

const memoSchema = z.strictObject({
  number: z.int().positive(),
  /** The id of the hold that it was made of. */
  hold: z.string(),
  /** Milliseconds. */
  createdAt: z.int().positive(),
  currency: z.string(),
  /** Each a SKU, how many of it, the price of one, and whether the code was for it: that decides what goes back for it. */
  lines: z
    .array(z.tuple([z.string(), z.int().positive(), z.int().positive(), z.literal([0, 1])]))
    .min(1),
  /** The code, and what it took off. */
  discount: z.tuple([z.string(), z.int()]).optional(),
  /** As the order began: the first way of delivery. */
  shipping: z.int(),
  terms: paymentTermsSchema,
  accountId: z.string().optional(),
});

/** What an order is, as far as it is not in its payment session anyway. Amounts are in minor units. */
export type OrderMemo = z.infer<typeof memoSchema>;

type Remembered = Pick<
  StoredOrder,
  | "number"
  | "reservationId"
  | "createdAt"
  | "currency"
  | "lines"
  | "discountCode"
  | "discount"
  | "accountId"
> & { readonly paymentTerms: PaymentTerms };

/** The text by which an order can be written again that the database has lost; nothing in it is personal. */
export function writeMemo(order: Remembered): string {
  const { number, createdAt, currency, lines, discountCode, discount, paymentTerms } = order;
  const memo: OrderMemo = {
    number,
    hold: order.reservationId,
    createdAt,
    currency,
    lines: lines.map((line) => [line.sku, line.quantity, line.unitAmount, line.discounted ? 1 : 0]),
    ...(discountCode === null ? {} : { discount: [discountCode, discount] }),
    shipping: paymentTerms.rates[0]?.amount ?? 0,
    terms: paymentTerms,
    ...(order.accountId === null ? {} : { accountId: order.accountId }),
  };
  return JSON.stringify(memo).replace(NOT_PLAIN, spelledOut);
}

/** What a provider may trim, or that may be torn where it keeps a long text in parts. */
const NOT_PLAIN = /[^\x21-\x7e]/g;

function spelledOut(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Undefined for what is no memo of the shop's. */
export function readMemo(text: string | null): OrderMemo | undefined {
  if (text === null) return undefined;
  try {
    return memoSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
