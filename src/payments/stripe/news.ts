import * as z from "zod";
import type { EventBody, PaymentNews } from "../news.ts";
import { kindOf } from "./event-types.ts";
import { MARK_KEY, markOf } from "./mark.ts";
import { paymentIntentSchema } from "./verify-event.ts";

const sessionEvent = z.object({
  data: z.object({
    object: z.object({
      id: z.string(),
      metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
    }),
  }),
});
const chargeEvent = z.object({
  data: z.object({ object: z.object({ id: z.string(), payment_intent: paymentIntentSchema }) }),
});

/** https://docs.stripe.com/connect/webhooks: what happened in somebody else's account. */
const foreignEvent = z.object({ account: z.string() });

/** What an event says; null for one that is not for us, such as that of a charge without a PaymentIntent. */
export function newsOf({ type, payload }: EventBody, shopId: string): PaymentNews | null {
  const kind = kindOf(type);
  if (kind === undefined) return null;
  const event: unknown = JSON.parse(payload);
  if (foreignEvent.safeParse(event).success) return null;
  if (kind === "session") {
    const { data } = sessionEvent.safeParse(event);
    const { id = null, metadata } = data?.data.object ?? {};
    return { kind, id, mark: markOf(metadata, shopId) };
  }
  const charge = chargeEvent.safeParse(event);
  if (!charge.success) return null;
  const { id, payment_intent: providerPaymentId } = charge.data.data.object;
  return { kind, id, providerPaymentId };
}

export function lookAt(sessionId: string, shopId: string): EventBody {
  const object = { id: sessionId, metadata: { [MARK_KEY]: shopId } };
  return { type: "checkout.session.completed", payload: JSON.stringify({ data: { object } }) };
}
