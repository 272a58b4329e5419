import type { Context } from "../platform/context.ts";
import { sameSecret, sign } from "../platform/crypto.ts";
import { sha256 } from "../platform/hash.ts";
import { randomText } from "./api-key-secret.ts";

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

/** The secret in a mail's link: the token's id, signed. So it is stored nowhere, and a forged one costs no round trip. */
export async function linkToken(ctx: Context, id: string): Promise<string> {
  return `${id}.${await sign(ctx.config.tokenSecret, "email-link", id)}`;
}

/** The id in a link's secret; undefined when we did not make it. */
export async function readLinkToken(ctx: Context, token: string): Promise<string | undefined> {
  const id = token.slice(0, Math.max(token.lastIndexOf("."), 0));
  return id !== "" && (await sameSecret(token, await linkToken(ctx, id))) ? id : undefined;
}
