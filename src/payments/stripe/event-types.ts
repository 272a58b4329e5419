import type { PaymentNews } from "../news.ts";

/** A payment page was paid, or will not be. */
const SESSION_EVENTS = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
] as const;

/** Money goes back, by the shop or by somebody in Stripe's dashboard; a bank may decide on it days later. */
const REFUND_EVENTS = [
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.refunded",
  "charge.refund.updated",
] as const;

/** A customer's bank asks for a payment back. */
const DISPUTE_EVENTS = [
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
] as const;

/** What has to be switched on at Stripe's webhook endpoint, and all that the shop acts on. */
export const PAYMENT_EVENT_TYPES: readonly string[] = [
  ...SESSION_EVENTS,
  ...REFUND_EVENTS,
  ...DISPUTE_EVENTS,
];

const KINDS: Readonly<Record<PaymentNews["kind"], readonly string[]>> = {
  session: SESSION_EVENTS,
  refund: REFUND_EVENTS,
  dispute: DISPUTE_EVENTS,
};

/** What an event is about; undefined for one that is not for us. */
export function kindOf(type: string): PaymentNews["kind"] | undefined {
  if (KINDS.session.includes(type)) return "session";
  if (KINDS.refund.includes(type)) return "refund";
  return KINDS.dispute.includes(type) ? "dispute" : undefined;
}
