import { sha256 } from "../../platform/hash.ts";
import { randomText } from "../secrets.ts";

const CHECKSUM_CHARS = 6;

async function checksum(text: string): Promise<string> {
  return (await sha256(`api-key:${text}`)).replaceAll(/[-_]/g, "x").slice(0, CHECKSUM_CHARS);
}

/** An API key: `hf_`, 40 random characters, and a checksum by which a scanner, or we, can tell it from a typo. */
export async function newApiKey(): Promise<string> {
  const secret = randomText();
  return `hf_${secret}${await checksum(secret)}`;
}

/** False for what cannot be a key of ours, without asking the database. */
export async function looksLikeApiKey(key: string): Promise<boolean> {
  const [, secret, sum] = /^hf_([A-Za-z0-9]{30,40})([A-Za-z0-9]{6})$/.exec(key) ?? [];
  return secret !== undefined && sum !== undefined && (await checksum(secret)) === sum;
}
