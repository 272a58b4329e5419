import type { Context } from "../platform/context.ts";
import { sameSecret, sign } from "../platform/crypto.ts";
import { sha256 } from "../platform/hash.ts";
import { randomText } from "./api-keys/api-key-secret.ts";
import { isLinkSecret } from "./links/link-secret.ts";
import { findLinkBySecret, type LinkPurpose } from "./links/store.ts";

/** A refresh token: 40 random characters, about 238 bits. */
export function newRefreshToken(): string {
  return `rt_${randomText()}`;
}

/** What a browser's cookie holds. */
export function newBrowserSecret(): string {
  return `bs_${randomText()}`;
}

/** False for what cannot be a browser's secret, without asking the database. */
export function looksLikeBrowserSecret(text: string): boolean {
  return /^bs_[A-Za-z0-9]{30,40}$/.test(text);
}

/** What the database keeps of a secret. They are random, so a plain hash cannot be guessed back. */
export function hashSecret(secret: string): Promise<string> {
  return sha256(secret);
}

/**
 * The secret in a mail's link: the token's id, signed together with what it is for. So it is stored nowhere, and a
 * forged one costs no round trip.
 */
export async function linkToken(ctx: Context, id: string, purpose: LinkPurpose): Promise<string> {
  return `${id}.${await sign(ctx.config.tokenSecret, `email-link:${purpose}`, id)}`;
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
  const ours = id !== "" && (await sameSecret(token, await linkToken(ctx, id, purpose)));
  return ours ? id : undefined;
}
