import type { Context } from "../../platform/context.ts";
import { sign } from "../../platform/crypto.ts";
import { isOwnToken } from "../../platform/own-token.ts";
import { hashSecret } from "../secrets.ts";
import { isLinkSecret } from "./link-secret.ts";
import { findLinkBySecret, type LinkPurpose } from "./store.ts";

const makeToken = (id: string, purpose: LinkPurpose) => async (secret: string) =>
  `${id}.${await sign(secret, `email-link:${purpose}`, id)}`;

/**
 * The secret in a mail's link: the token's id, signed together with what it is for. So it is stored nowhere, and a
 * forged one costs no round trip.
 */
export function linkToken(ctx: Context, id: string, purpose: LinkPurpose): Promise<string> {
  return makeToken(id, purpose)(ctx.config.tokenSecret);
}

/** The id of the link that a secret belongs to; undefined when we made none for this purpose. */
export async function readLinkToken(
  ctx: Context,
  token: string,
  purpose: LinkPurpose,
): Promise<string | undefined> {
  if (isLinkSecret(token)) {
    const [link] = await ctx.db.run(findLinkBySecret(await hashSecret(token), purpose));
    return link?.id;
  }
  const id = token.slice(0, Math.max(token.lastIndexOf("."), 0));
  const ours = id !== "" && (await isOwnToken(ctx.config, token, makeToken(id, purpose)));
  return ours ? id : undefined;
}
