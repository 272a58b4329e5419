import type { Context } from "../../platform/context.ts";
import { sign } from "../../platform/crypto.ts";
import { clientOf } from "../../platform/rate-limit/client.ts";

/**
 * Whose holds are counted together: an account's, an API key's, or those of all guests at one IPv4 address or in one
 * IPv6 /64. What is kept of a guest is a keyed hash, because an address is somebody's.
 */
export async function callerOfHolds({ actor, config }: Context): Promise<string> {
  if (actor.user !== undefined) return actor.user.accountId;
  if (actor.kind !== "guest") return actor.label;
  return `guest_${await sign(config.tokenSecret, "holds", clientOf(actor.address))}`;
}
