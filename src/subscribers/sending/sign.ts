import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { storedJson } from "../../platform/stored-json.ts";
import { unseal } from "../../platform/token-secrets.ts";
import { NotSent } from "./resolve-host.ts";
import type { Waiting } from "./store.ts";

const readSecrets = storedJson(z.array(z.string()));

/**
 * The headers of Standard Webhooks, with a signature by each secret that is good. Throws `NotSent` when the shop has lost
 * the TOKEN_SECRET that sealed them. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function signedHeaders(
  ctx: Context,
  { eventId, secrets }: Pick<Waiting, "eventId" | "secrets">,
  body: string,
): Promise<Record<string, string>> {
  const at = new Date(ctx.now());
  const opened = await Promise.all(readSecrets(secrets).map((one) => unseal(ctx.config, one)));
  const signatures = opened
    .filter((secret) => secret !== undefined)
    .map((secret) => new Webhook(secret).sign(eventId, at, body));
  if (signatures.length === 0)
    throw new NotSent("The secret was sealed with a TOKEN_SECRET that is gone: rotate it.");
  return {
    "Content-Type": "application/json",
    "User-Agent": "Holdfast",
    "webhook-id": eventId,
    "webhook-timestamp": String(Math.floor(at.getTime() / SECOND_MS)),
    "webhook-signature": signatures.join(" "),
  };
}
