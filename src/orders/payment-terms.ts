import * as z from "zod";
import { delayedPaymentSchema } from "../platform/delayed-payments.ts";
import { shippingRateSchema } from "../platform/shipping.ts";

/** What an order's payment page offers besides the goods, as it was when the order was made. */
export const paymentTermsSchema = z.strictObject({
  /** In the order's currency; the first is the preselected one. */
  rates: z.array(shippingRateSchema).default([]),
  /** Where the page may ask for an address in; empty where the order brought one. */
  countries: z.array(z.string()).default([]),
  /** Whether prices are without or with the tax that Stripe works out; null where it works out none. */
  tax: z.enum(["exclusive", "inclusive"]).nullable().default(null),
  /** The slow ways to pay that it may offer, and how long the goods wait for each. */
  delayed: z.array(delayedPaymentSchema).default([]),
});
export type PaymentTerms = z.infer<typeof paymentTermsSchema>;
