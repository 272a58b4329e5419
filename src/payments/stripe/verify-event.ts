import Stripe from "stripe";
import * as z from "zod";
import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import { hmac } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";
import { toHex } from "../../platform/hash.ts";
import type { VerifiedEvent } from "../news.ts";

const TOLERANCE_SECONDS = (5 * MINUTE_MS) / SECOND_MS;

/** A PaymentIntent as it stands in other objects: its id, or the whole of it. */
export const paymentIntentSchema = z.union([
  z.string(),
  z.object({ id: z.string() }).transform(({ id }) => id),
]);

const eventSchema = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  // A thin event has none, and what Stripe has yet to invent may put anything here: it is not to be refused for it.
  data: z
    .object({
      object: z.object({
        metadata: z.object({ orderId: z.string().nullish() }).nullish().catch(null),
        payment_intent: paymentIntentSchema.nullish().catch(null),
      }),
    })
    .nullish()
    .catch(null),
});

/** The SDK's own way to compute would import the key for each event anew. */
const withOneKey = {
  computeHMACSignature: () => {
    throw new Error("Signatures are computed asynchronously here.");
  },
  computeHMACSignatureAsync: async (payload: string, secret: string) =>
    toHex(await hmac(secret, payload)),
  computeSHA256Async: async (data: Uint8Array) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", data)),
};

/** Checks `Stripe-Signature` over the raw body, at most 5 minutes old. Throws `INVALID_SIGNATURE`, or `MALFORMED_JSON` for what is no event. */
export async function verifyEvent(
  stripe: Stripe,
  { secret, now }: { readonly secret: string; readonly now: number },
  { rawBody, headers }: { readonly rawBody: string; readonly headers: Headers },
): Promise<VerifiedEvent> {
  const signature = headers.get("Stripe-Signature") ?? "";
  const { signature: signatures } = stripe.webhooks;
  if (signatures === null) throw new Error("The SDK has no way to verify a signature.");
  await signatures
    .verifyHeaderAsync(rawBody, signature, secret, TOLERANCE_SECONDS, withOneKey, now)
    .catch((cause: unknown) => {
      throw cause instanceof Stripe.errors.StripeSignatureVerificationError
        ? notSigned(cause)
        : cause;
    });
  return describeEvent(parsed(rawBody));
}

function parsed(rawBody: string): unknown {
  try {
    return JSON.parse(rawBody);
  } catch (cause) {
    throw notAnEvent(cause);
  }
}

/** What the inbox has to know of an event of Stripe's. Throws `MALFORMED_JSON` for what is no event. */
export function describeEvent(received: unknown): VerifiedEvent {
  const event = eventSchema.safeParse(received);
  if (!event.success) throw notAnEvent(event.error);
  const { id, type, data } = event.data;
  const { metadata, payment_intent } = data?.object ?? {};
  return { eventId: id, type, subject: metadata?.orderId ?? payment_intent ?? null };
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
