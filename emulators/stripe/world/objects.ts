import type Stripe from "stripe";

type Replace<T, U> = Omit<T, keyof U> & U;

/** Objects as they go over the wire and are stored: references are ids until somebody expands them. */
export type Session = Replace<
  Omit<Stripe.Checkout.Session, "line_items">,
  {
    payment_intent: string | null;
    success_url: string;
    status: "open" | "complete" | "expired";
    shipping_cost: Replace<Stripe.Checkout.Session.ShippingCost, { shipping_rate: string }> | null;
  }
>;
export type ShippingDetails = Stripe.Checkout.Session.CollectedInformation.ShippingDetails;
export type Address = ShippingDetails["address"];
/** Where a payment's goods go: collected by Checkout, or told by the shop. */
export type PaymentShipping = Stripe.PaymentIntent.Shipping;
export type PaymentIntent = Replace<Stripe.PaymentIntent, { latest_charge: string | null }>;
export type Charge = Replace<
  Omit<Stripe.Charge, "refunds">,
  { payment_intent: string; balance_transaction: string | null }
>;
export type Refund = Replace<
  Stripe.Refund,
  { charge: string; payment_intent: string; status: "pending" | "succeeded" | "failed" }
>;
export type Dispute = Replace<Stripe.Dispute, { charge: string; payment_intent: string }>;
export type Coupon = Stripe.Coupon;
/** The part of a customer that a payment needs. */
export type Customer = Pick<
  Stripe.Customer,
  | "id"
  | "object"
  | "address"
  | "balance"
  | "created"
  | "default_source"
  | "description"
  | "email"
  | "livemode"
  | "metadata"
  | "name"
  | "shipping"
>;
export type ShippingRate = Stripe.ShippingRate;
export type BalanceTransaction = Stripe.BalanceTransaction;
export type Price = Replace<Stripe.Price, { unit_amount_decimal: string; unit_amount: number }>;
export type LineItem = Replace<
  Stripe.LineItem,
  { price: Price; quantity: number; description: string }
>;

/** What a product needs on the payment page; Stripe keeps it on the Product. */
export interface LineItemDisplay {
  description: string | null;
  image: string | null;
}

export interface SessionRecord {
  session: Session;
  lineItems: LineItem[];
  display: LineItemDisplay[];
  shippingRates: ShippingRate[];
  couponId: string | null;
  payment: {
    metadata: Record<string, string>;
    description: string | null;
    receiptEmail: string | null;
    statementDescriptor: string | null;
    statementDescriptorSuffix: string | null;
    transferGroup: string | null;
    shipping: PaymentShipping | null;
  };
}

export const EVENT_TYPES = [
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.funds_reinstated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.updated",
  "charge.failed",
  "charge.pending",
  "charge.refund.updated",
  "charge.refunded",
  "charge.succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.completed",
  "checkout.session.expired",
  "payment_intent.canceled",
  "payment_intent.created",
  "payment_intent.payment_failed",
  "payment_intent.processing",
  "payment_intent.succeeded",
  "refund.created",
  "refund.failed",
  "refund.updated",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface EventObject {
  id: string;
  object: "event";
  api_version: string;
  created: number;
  data: { object: object; previous_attributes?: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: EventType;
}

export interface EventRecord {
  event: EventObject;
  attempts: number;
  /** Milliseconds; null until an endpoint has answered 2xx. */
  deliveredAt: number | null;
  lastOutcome: string | null;
}
