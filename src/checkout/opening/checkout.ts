import * as z from "zod";
import { discountCodeSchema } from "../../discounts/index.ts";
import { emailSchema } from "../../identity/index.ts";
import { itemsSchema } from "../../inventory/index.ts";
import { newAddressSchema } from "../../orders/index.ts";
import { invalidField } from "../../platform/errors.ts";
import { moneySchema } from "../../platform/money.ts";
import { turnstileTokenSchema } from "../../platform/turnstile.ts";
import type { CheckoutContext } from "../context.ts";
import { findParcel } from "../store.ts";

const MAX_URL_CHARS = 2000;

/** Whoever follows it must see whose it is: no name and password before the host, nothing that a browser reads in another way. */
const WEB_ADDRESS = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#@\\]+(?:[/?#]\S*)?$/;

const webAddress = z
  .url({ protocol: /^https?$/, error: "Must be an http(s) address." })
  .max(MAX_URL_CHARS, `Must have at most ${MAX_URL_CHARS} characters.`)
  .regex(
    WEB_ADDRESS,
    "Must be an http(s) address without blanks, and without a user and a password.",
  )
  .meta({ format: "uri" });

export const newCheckoutSchema = z
  .strictObject({
    reservationId: z.string().min(1).max(100).optional(),
    items: itemsSchema.optional(),
    email: emailSchema.optional(),
    shippingAddress: newAddressSchema.optional(),
    discountCode: discountCodeSchema.optional(),
    turnstileToken: turnstileTokenSchema,
    successUrl: webAddress,
    cancelUrl: webAddress,
  })
  .refine(({ reservationId, items }) => (reservationId === undefined) !== (items === undefined), {
    path: ["reservationId"],
    error: "Send either reservationId or items.",
  })
  .meta({ oneOf: [{ required: ["reservationId"] }, { required: ["items"] }] });
export type NewCheckout = z.infer<typeof newCheckoutSchema> & {
  /** Of the browser, where a guest checks out on our own pages. */
  readonly browserHash?: string;
};

/** Throws `VALIDATION_FAILED` for an address that the shop does not deliver to, where there is something to deliver. */
export async function refuseUndelivered(
  ctx: CheckoutContext,
  { shippingAddress, items = [], reservationId = "" }: NewCheckout,
): Promise<void> {
  const { countries } = ctx.config.terms;
  if (shippingAddress === undefined || countries.length === 0) return;
  if (countries.includes(shippingAddress.country)) return;
  const skus = items.map(({ sku }) => sku);
  if ((await ctx.db.run(findParcel(skus, reservationId))).length === 0) return;
  throw invalidField("shippingAddress.country", `We deliver to ${countries.join(", ")} only.`);
}

export const checkoutSchema = z
  .strictObject({
    orderId: z.string(),
    orderNumber: z.int(),
    orderToken: z
      .string()
      .optional()
      .meta({ description: "Lets a guest read the order, as X-Order-Token." }),
    status: z.enum(["pending_payment", "paid"]),
    paymentUrl: z
      .string()
      .nullable()
      .meta({ description: "Where the customer pays; null for an order with nothing to pay." }),
    expiresAt: z.iso
      .datetime()
      .meta({ description: "When the hold ends and the payment page closes." }),
    total: moneySchema.meta({
      description: "With the first way of delivery, and before tax that is added to prices.",
    }),
  })
  .meta({ id: "Checkout" });
export type Checkout = z.infer<typeof checkoutSchema>;
