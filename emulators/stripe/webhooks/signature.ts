import { createHmac } from "node:crypto";

/** The `Stripe-Signature` of a raw body: https://docs.stripe.com/webhooks#verify-manually */
export function signatureHeader(body: string, secret: string, nowMs: number): string {
  const timestamp = Math.floor(nowMs / 1000);
  const digest = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return `t=${timestamp},v1=${digest}`;
}
