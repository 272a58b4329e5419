import { decrypt, encrypt, sign } from "./crypto.ts";

/** What the configuration has of them. */
export interface TokenSecrets {
  readonly tokenSecret: string;
  /** While the secret is being changed: what it was before. */
  readonly previousTokenSecret?: string | undefined;
}

const ID_CHARS = 8;

/** The secrets that the shop knows: the one that everything new is made with, and during a rotation the one before it. */
export function tokenSecrets({
  tokenSecret,
  previousTokenSecret,
}: TokenSecrets): readonly [string, ...string[]] {
  return previousTokenSecret === undefined ? [tokenSecret] : [tokenSecret, previousTokenSecret];
}

/** By what a secret is known beside what it has made: 48 bits that say nothing about it. */
export async function secretId(secret: string): Promise<string> {
  const known = ids.get(secret);
  if (known !== undefined) return known;
  const id = (await sign(secret, "id", "")).slice(0, ID_CHARS);
  if (ids.size >= MAX_IDS) ids.clear();
  ids.set(secret, id);
  return id;
}

const MAX_IDS = 8;
const ids = new Map<string, string>();

/** Encrypts with the shop's secret, and writes down with which. */
export async function seal({ tokenSecret }: TokenSecrets, text: string): Promise<string> {
  return `${await secretId(tokenSecret)}.${await encrypt(tokenSecret, text)}`;
}

/** What was sealed, or undefined where the shop does not have that secret any more. Throws for what was changed since. */
export async function unseal(secrets: TokenSecrets, sealed: string): Promise<string | undefined> {
  const [id, text] = sealed.split(".", 2);
  for (const secret of tokenSecrets(secrets)) {
    if (text !== undefined && (await secretId(secret)) === id) return decrypt(secret, text);
  }
  return undefined;
}

/** Whether it was sealed with the secret that the shop uses now. */
export async function isSealedAnew(
  { tokenSecret }: TokenSecrets,
  sealed: string,
): Promise<boolean> {
  return sealed.startsWith(`${await secretId(tokenSecret)}.`);
}
