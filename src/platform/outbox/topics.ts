import * as z from "zod";

const id = z.string();

/** What can be promised, and what a promise carries: ids, and never what they stand for. Names on disk stay. */
export const TOPICS = {
  refund: z.strictObject({ refundId: id }),
  "mail.receipt": z.strictObject({ orderId: id }),
  "mail.payment_returned": z.strictObject({ orderId: id }),
  /** `declined`: the bank has said no; `late`: it has not answered; `over`: the order is over anyway. */
  "mail.payment_failed": z.strictObject({
    orderId: id,
    reason: z.enum(["declined", "late", "over"]),
  }),
  "mail.refunded": z.strictObject({ orderId: id, refundId: id }),
  "mail.order_canceled": z.strictObject({ orderId: id, refundId: id.optional() }),
  "mail.shipped": z.strictObject({ orderId: id, fulfillmentId: id }),
  /** To the operators, as the next two are. A trigger writes the second. */
  "mail.order_paid": z.strictObject({ orderId: id }),
  "mail.low_stock": z.strictObject({ sku: id }),
  "mail.operators": z.strictObject({ subject: z.string(), text: z.string() }),
  "mail.verify_email": z.strictObject({ tokenId: id }),
  "mail.reset_password": z.strictObject({ tokenId: id }),
  "mail.new_sign_in": z.strictObject({ userId: id, sessionId: id }),
  email_verified: z.strictObject({ tokenId: id }),
  "cache.purge": z.strictObject({ tag: z.string() }),
  "csv.run": z.strictObject({ jobId: id }),
  "search.product": z.strictObject({ productId: id }),
  /** The product of this variant. */
  "search.variant": z.strictObject({ variantId: id }),
  /** And of the guest who has bought it. */
  "search.order": z.strictObject({ orderId: id }),
  /** The customer who this user is. */
  "search.user": z.strictObject({ userId: id }),
  /** One who may be gone by then: `seq` is where the index has them. */
  "search.customer": z.strictObject({ customerId: id, seq: z.int() }),
} as const;

export type Topic = keyof typeof TOPICS;
export type MailTopic = Extract<Topic, `mail.${string}`>;
export type PayloadOf<T extends Topic> = z.infer<(typeof TOPICS)[T]>;

export function isTopic(text: string): text is Topic {
  return Object.hasOwn(TOPICS, text);
}
