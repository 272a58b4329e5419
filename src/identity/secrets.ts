import type { Context } from "../platform/context.ts";
import { sameSecret, sha256, sign } from "../platform/crypto.ts";

const SECRET_BYTES = 32;
const CHECKSUM_CHARS = 6;

function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll(/[+/=]/g, "")
    .slice(0, 40);
}

/** A refresh token: 40 random characters, about 238 bits. */
export function newRefreshToken(): string {
  return `rt_${random()}`;
}

/** What a browser's cookie holds. */
export function newBrowserSecret(): string {
  return `bs_${random()}`;
}

/** What the database keeps of a secret. They are random, so a plain hash cannot be guessed back. */
export function hashSecret(secret: string): Promise<string> {
  return sha256(secret);
}

async function checksum(text: string): Promise<string> {
  return (await sha256(`api-key:${text}`)).replaceAll(/[-_]/g, "x").slice(0, CHECKSUM_CHARS);
}

/** An API key: `hf_`, 40 random characters, and a checksum by which a scanner, or we, can tell it from a typo. */
export async function newApiKey(): Promise<string> {
  const secret = random();
  return `hf_${secret}${await checksum(secret)}`;
}

/** False for what cannot be a key of ours, without asking the database. */
export async function looksLikeApiKey(key: string): Promise<boolean> {
  const [, secret, sum] = /^hf_([A-Za-z0-9]{30,40})([A-Za-z0-9]{6})$/.exec(key) ?? [];
  return secret !== undefined && sum !== undefined && (await checksum(secret)) === sum;
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
