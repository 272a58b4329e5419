import Stripe from "stripe";
import * as z from "zod";
import { MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import { AppError } from "../platform/errors.ts";

const TOLERANCE_SECONDS = (5 * MINUTE_MS) / SECOND_MS;

export interface VerifiedEvent {
  readonly eventId: string;
  readonly type: string;
  /** Our order's id, where the event's object carries it. */
  readonly subject: string | null;
}

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({
    object: z.object({
      client_reference_id: z.string().nullish(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

/** Checks `Stripe-Signature` over the raw body, at most 5 minutes old. Throws `INVALID_SIGNATURE`, or `MALFORMED_JSON` for what is no event. */
export async function verifyEvent(
  stripe: Stripe,
  secret: string,
  rawBody: string,
  signature: string | undefined,
  now: number,
): Promise<VerifiedEvent> {
  const parsed = await stripe.webhooks
    .constructEventAsync(rawBody, signature ?? "", secret, TOLERANCE_SECONDS, undefined, now)
    .catch((cause: unknown) => {
      throw cause instanceof Stripe.errors.StripeSignatureVerificationError
        ? notSigned(cause)
        : notAnEvent(cause);
    });
  const event = eventSchema.safeParse(parsed);
  if (!event.success) throw notAnEvent(event.error);
  const { client_reference_id, metadata } = event.data.data.object;
  return {
    eventId: event.data.id,
    type: event.data.type,
    subject: client_reference_id ?? metadata?.["orderId"] ?? null,
  };
}

function notSigned(cause: unknown): AppError {
  return new AppError(
    "INVALID_SIGNATURE",
    "The signature is missing, wrong or older than 5 minutes.",
    { cause },
  );
}

function notAnEvent(cause: unknown): AppError {
  return new AppError("MALFORMED_JSON", "The body is not a Stripe event.", { cause });
}
