import type { Config } from "./config.ts";
import { decrypt, encrypt, sameSecret, sign } from "./crypto.ts";

type Secrets = Pick<Config, "tokenSecret" | "previousTokenSecret">;

const ID_CHARS = 8;

/** The secrets that the shop knows: the one that everything new is made with, and during a rotation the one before it. */
export function tokenSecrets({
  tokenSecret,
  previousTokenSecret,
}: Secrets): readonly [string, ...string[]] {
  return previousTokenSecret === undefined ? [tokenSecret] : [tokenSecret, previousTokenSecret];
}

/** By what a secret is known beside what it has made: 48 bits that say nothing about it. */
export async function secretId(secret: string): Promise<string> {
  return (await sign(secret, "id", "")).slice(0, ID_CHARS);
}

/** Makes a token of the shop's, as it is with this secret. */
export type MakeToken = (secret: string) => Promise<string>;

/** Whether one of the shop's secrets makes this token. In a time that does not depend on it. */
export async function isToken(secrets: Secrets, given: string, make: MakeToken): Promise<boolean> {
  const made = await Promise.all(
    tokenSecrets(secrets).map(async (secret) => sameSecret(given, await make(secret))),
  );
  return made.includes(true);
}

/** Encrypts with the shop's secret, and writes down with which. */
export async function seal({ tokenSecret }: Secrets, text: string): Promise<string> {
  return `${await secretId(tokenSecret)}.${await encrypt(tokenSecret, text)}`;
}

/** What was sealed, or undefined where the shop does not have that secret any more. Throws for what was changed since. */
export async function unseal(secrets: Secrets, sealed: string): Promise<string | undefined> {
  const [id, text] = sealed.split(".", 2);
  for (const secret of tokenSecrets(secrets)) {
    if (text !== undefined && (await secretId(secret)) === id) return decrypt(secret, text);
  }
  return undefined;
}

/** Whether it was sealed with the secret that the shop uses now. */
export async function isSealedAnew({ tokenSecret }: Secrets, sealed: string): Promise<boolean> {
  return sealed.startsWith(`${await secretId(tokenSecret)}.`);
}
