import * as z from "zod";
import { discountCodeSchema } from "../../discounts/index.ts";
import { emailSchema } from "../../identity/index.ts";
import { itemsSchema } from "../../inventory/index.ts";
import { addressSchema } from "../../orders/index.ts";
import { moneySchema } from "../../platform/money.ts";

const MAX_URL_CHARS = 2000;

/** Whoever follows it must see whose it is: no name and password before the host, nothing that a browser reads in another way. */
const WEB_ADDRESS = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#@\\]+(?:[/?#]\S*)?$/;

const webAddress = z
  .url({ protocol: /^https?$/, error: "Must be an http(s) address." })
  .max(MAX_URL_CHARS)
  .regex(WEB_ADDRESS, "Must be an http(s) address without a user and a password.")
  .meta({ format: "uri" });

export const newCheckoutSchema = z
  .strictObject({
    reservationId: z.string().min(1).max(100).optional(),
    items: itemsSchema.optional(),
    email: emailSchema.optional(),
    shippingAddress: addressSchema.optional(),
    discountCode: discountCodeSchema.optional(),
    successUrl: webAddress,
    cancelUrl: webAddress,
  })
  .refine(({ reservationId, items }) => (reservationId === undefined) !== (items === undefined), {
    path: ["reservationId"],
    error: "Send either reservationId or items.",
  })
  .meta({ oneOf: [{ required: ["reservationId"] }, { required: ["items"] }] });
export type NewCheckout = z.infer<typeof newCheckoutSchema>;

export const checkoutSchema = z
  .strictObject({
    orderId: z.string(),
    orderNumber: z.int(),
    orderToken: z
      .string()
      .optional()
      .meta({ description: "Lets a guest read the order, as X-Order-Token." }),
    status: z.enum(["pending_payment"]),
    paymentUrl: z.string(),
    expiresAt: z.iso
      .datetime()
      .meta({ description: "When the hold ends and the payment page closes." }),
    total: moneySchema.meta({
      description: "With the first way of delivery, and before tax that is added to prices.",
    }),
  })
  .meta({ id: "Checkout" });
export type Checkout = z.infer<typeof checkoutSchema>;
