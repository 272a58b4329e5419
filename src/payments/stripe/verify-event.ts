import Stripe from "stripe";
import * as z from "zod";
import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import type { VerifiedEvent } from "../news.ts";

const TOLERANCE_SECONDS = (5 * MINUTE_MS) / SECOND_MS;

/** A PaymentIntent as it stands in other objects: its id, or the whole of it. */
export const paymentIntentSchema = z.union([
  z.string(),
  z.object({ id: z.string() }).transform(({ id }) => id),
]);

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({
    object: z.object({
      // What Stripe has yet to invent may put anything here, and is not to be refused for it.
      metadata: z.object({ orderId: z.string().nullish() }).nullish().catch(null),
      payment_intent: paymentIntentSchema.nullish().catch(null),
    }),
  }),
});

/** Checks `Stripe-Signature` over the raw body, at most 5 minutes old. Throws `INVALID_SIGNATURE`, or `MALFORMED_JSON` for what is no event. */
export async function verifyEvent(
  stripe: Stripe,
  { secret, now }: { readonly secret: string; readonly now: number },
  { rawBody, headers }: { readonly rawBody: string; readonly headers: Headers },
): Promise<VerifiedEvent> {
  const signature = headers.get("Stripe-Signature") ?? "";
  const parsed = await stripe.webhooks
    .constructEventAsync(rawBody, signature, secret, TOLERANCE_SECONDS, undefined, now)
    .catch((cause: unknown) => {
      throw cause instanceof Stripe.errors.StripeSignatureVerificationError
        ? notSigned(cause)
        : notAnEvent(cause);
    });
  return describeEvent(parsed);
}

/** What the inbox has to know of an event of Stripe's. Throws `MALFORMED_JSON` for what is no event. */
export function describeEvent(parsed: unknown): VerifiedEvent {
  const event = eventSchema.safeParse(parsed);
  if (!event.success) throw notAnEvent(event.error);
  const { metadata, payment_intent } = event.data.data.object;
  return {
    eventId: event.data.id,
    type: event.data.type,
    subject: metadata?.orderId ?? payment_intent ?? null,
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
