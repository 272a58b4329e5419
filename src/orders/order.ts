import * as z from "zod";
import { moneySchema } from "../platform/money.ts";
import { statesOf } from "../platform/state.ts";
import { addressSchema } from "./address.ts";
import { orderLineSchema } from "./order-line.ts";
import {
  fulfillmentTransitions,
  orderTransitions,
  paymentStatusTransitions,
  paymentTransitions,
  refundSources,
  refundTransitions,
} from "./order-state.ts";
import { refundItemSchema } from "./refunds/refund-line.ts";
import { ATTENTION_REASONS } from "./steps/attention.ts";
import { ORDER_EVENT_TYPES } from "./steps/order-event-types.ts";

export const orderStatusSchema = z.enum(statesOf(orderTransitions));
export const paymentStatusSchema = z.enum(statesOf(paymentStatusTransitions));
export const fulfillmentStatusSchema = z.enum(statesOf(fulfillmentTransitions));

const paymentSchema = z
  .strictObject({
    id: z.string(),
    status: z.enum(statesOf(paymentTransitions)),
    amount: moneySchema,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Payment" });

const refundShape = z.strictObject({
  id: z.string(),
  status: z.enum(statesOf(refundTransitions)),
  amount: moneySchema,
  reason: z.string(),
  source: z.enum(refundSources).meta({
    description:
      "Who sent it back: the shop, somebody in the payment provider's dashboard, or a lost dispute.",
  }),
  items: z.array(refundItemSchema),
  createdAt: z.iso.datetime(),
});
const refundSchema = refundShape.meta({ id: "Refund" });

/** A refund by itself, as whoever made it is told. */
export const refundOfOrderSchema = refundShape
  .extend({ orderId: z.string() })
  .meta({ id: "RefundOfOrder" });
export type RefundOfOrder = z.infer<typeof refundOfOrderSchema>;

const fulfillmentShape = z.strictObject({
  id: z.string(),
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  items: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
  createdAt: z.iso.datetime(),
});
const fulfillmentSchema = fulfillmentShape.meta({ id: "Fulfillment" });

/** A shipment by itself, as whoever made it is told. */
export const fulfillmentOfOrderSchema = fulfillmentShape
  .extend({ orderId: z.string() })
  .meta({ id: "FulfillmentOfOrder" });
export type FulfillmentOfOrder = z.infer<typeof fulfillmentOfOrderSchema>;

export const orderSchema = z
  .strictObject({
    id: z.string(),
    number: z.int(),
    status: orderStatusSchema,
    paymentStatus: paymentStatusSchema,
    fulfillmentStatus: fulfillmentStatusSchema,
    attention: z
      .strictObject({ reason: z.enum(ATTENTION_REASONS), since: z.iso.datetime() })
      .nullable(),
    email: z.string().nullable(),
    discountCode: z.string().nullable(),
    shippingAddress: z.union([addressSchema, z.null()]),
    items: z.array(orderLineSchema),
    subtotal: moneySchema,
    discount: moneySchema,
    shipping: moneySchema,
    tax: moneySchema,
    total: moneySchema,
    refunded: moneySchema,
    payments: z.array(paymentSchema),
    refunds: z.array(refundSchema),
    fulfillments: z.array(fulfillmentSchema),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Order" });
export type Order = z.infer<typeof orderSchema>;

export const orderEventSchema = z
  .strictObject({
    id: z.string(),
    type: z.enum(ORDER_EVENT_TYPES),
    data: z.record(z.string(), z.unknown()),
    actor: z.string().meta({
      description:
        "`guest`, `system`, `stripe`, or the id of the user or API key. To buyers the shop's own users and keys are `staff`.",
    }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "OrderEvent" });
export type OrderEvent = z.infer<typeof orderEventSchema>;
