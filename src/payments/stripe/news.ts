import * as z from "zod";
import type { EventBody, PaymentNews } from "../news.ts";
import { kindOf } from "./event-types.ts";
import { paymentIntentSchema } from "./verify-event.ts";

const sessionEvent = z.object({ data: z.object({ object: z.object({ id: z.string() }) }) });
const chargeEvent = z.object({
  data: z.object({ object: z.object({ id: z.string(), payment_intent: paymentIntentSchema }) }),
});

/** What an event says; null for one that is not for us, such as that of a charge without a PaymentIntent. */
export function newsOf({ type, payload }: EventBody): PaymentNews | null {
  const kind = kindOf(type);
  if (kind === undefined) return null;
  if (kind === "session") {
    const { data } = sessionEvent.safeParse(JSON.parse(payload));
    return { kind, id: data?.data.object.id ?? null };
  }
  const charge = chargeEvent.safeParse(JSON.parse(payload));
  if (!charge.success) return null;
  const { id, payment_intent: providerPaymentId } = charge.data.data.object;
  return { kind, id, providerPaymentId };
}

export function lookAt(sessionId: string): EventBody {
  return {
    type: "checkout.session.completed",
    payload: JSON.stringify({ data: { object: { id: sessionId } } }),
  };
}
