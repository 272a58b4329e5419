import { hex } from "../world/world.ts";

/** The `Stripe-Signature` of a raw body: https://docs.stripe.com/webhooks#verify-manually */
export async function signatureHeader(
  body: string,
  secret: string,
  nowMs: number,
): Promise<string> {
  const timestamp = Math.floor(nowMs / 1000);
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const digest = await crypto.subtle.sign("HMAC", key, encoder.encode(`${timestamp}.${body}`));
  return `t=${timestamp},v1=${hex(new Uint8Array(digest))}`;
}
