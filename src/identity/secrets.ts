import { sha256 } from "../platform/hash.ts";

const SECRET_BYTES = 32;
const SECRET_CHARS = 40;

/** 30 to 40 random letters and digits, at least 178 bits. */
export function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll(/[+/=]/g, "")
    .slice(0, SECRET_CHARS);
}

/** A refresh token: 40 random characters, about 238 bits. */
export function newRefreshToken(): string {
  return `rt_${randomText()}`;
}

/** What the cookie of a browser that nobody has signed in with holds: it proves what was made there. */
export function newGuestSecret(): string {
  return `gb_${randomText()}`;
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
