import type { Context } from "../../platform/context.ts";
import { newId } from "../../platform/ids.ts";
import { seal } from "../../platform/token-secrets.ts";

/** As Standard Webhooks wants it: between 24 and 64 bytes. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const SECRET_BYTES = 32;

/** A new secret, to be shown once, and its row. */
export async function newSecret(ctx: Context, endpointId: string) {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const secret = `whsec_${btoa(String.fromCharCode(...bytes))}`;
  const now = ctx.now();
  const sealed = await seal(ctx.config, secret);
  return { secret, row: { id: newId("whs", now), endpointId, sealed, createdAt: now } };
}
