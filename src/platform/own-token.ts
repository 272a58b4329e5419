import { type TokenSecrets, tokenSecrets } from "./token-secrets.ts";

const encoder = new TextEncoder();

/** Compares in a time that depends on neither string: both are hashed first. */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all(
    [a, b].map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))),
  );
  return left !== undefined && right !== undefined && crypto.subtle.timingSafeEqual(left, right);
}

/** Makes a token as it is with this secret. */
export type MakeToken = (secret: string) => Promise<string>;

/** Whether one of the shop's secrets makes this token. In a time that does not depend on it. */
export async function isOwnToken(
  secrets: TokenSecrets,
  given: string,
  make: MakeToken,
): Promise<boolean> {
  const made = await Promise.all(
    tokenSecrets(secrets).map(async (secret) => sameSecret(given, await make(secret))),
  );
  return made.includes(true);
}
