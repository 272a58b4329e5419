import * as z from "zod";
import { statesOf } from "../platform/state.ts";
import {
  disputeTransitions,
  paymentTransitions,
  refundSources,
  refundTransitions,
} from "./order-state.ts";
import { refundLineSchema } from "./refunds/refund-line.ts";

export const storedPaymentSchema = z.strictObject({
  id: z.string(),
  status: z.enum(statesOf(paymentTransitions)),
  amount: z.int(),
  currency: z.string(),
  captured: z.int(),
  sessionId: z.string().nullable(),
  sessionUrl: z.string().nullable(),
  providerPaymentId: z.string().nullable(),
  createdAt: z.int(),
});
export const storedRefundSchema = z.strictObject({
  id: z.string(),
  status: z.enum(statesOf(refundTransitions)),
  amount: z.int(),
  currency: z.string(),
  reason: z.string(),
  providerRefundId: z.string().nullable(),
  source: z.enum(refundSources),
  actor: z.string(),
  createdAt: z.int(),
  items: z.array(refundLineSchema),
});
export const storedFulfillmentSchema = z.strictObject({
  id: z.string(),
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  createdAt: z.int(),
  items: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
});
export const storedDisputeSchema = z.strictObject({
  id: z.string(),
  status: z.enum(statesOf(disputeTransitions)),
  reason: z.string(),
  amount: z.int(),
  currency: z.string(),
  createdAt: z.int(),
});

export type StoredPayment = z.infer<typeof storedPaymentSchema>;
export type StoredRefund = z.infer<typeof storedRefundSchema>;
export type StoredDispute = z.infer<typeof storedDisputeSchema>;
