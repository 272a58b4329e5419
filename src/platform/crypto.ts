import { toBase64Url } from "./hash.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const AES_GCM_IV_BYTES = 12;

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** The shop has a handful of secrets; who has more forgets the others. */
const MAX_KEYS = 8;
const hmacKeys = new Map<string, CryptoKey>();

/** The key is imported once. */
async function hmacKey(secret: string): Promise<CryptoKey> {
  const known = hmacKeys.get(secret);
  if (known !== undefined) return known;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const raw = encoder.encode(secret);
  const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  if (hmacKeys.size >= MAX_KEYS) hmacKeys.clear();
  hmacKeys.set(secret, key);
  return key;
}

/** HMAC-SHA256. */
export async function hmac(secret: string, message: string): Promise<Uint8Array> {
  const key = await hmacKey(secret);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(message)));
}

/** HMAC-SHA256 of `message`, in base64url. `purpose` keeps uses of one secret apart. */
export async function sign(secret: string, purpose: string, message: string): Promise<string> {
  return toBase64Url(await hmac(secret, `${purpose}:${message}`));
}

async function cipherKey(secret: string): Promise<CryptoKey> {
  const raw = await crypto.subtle.digest("SHA-256", encoder.encode(`at-rest:${secret}`));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** AES-256-GCM with a fresh nonce, in base64. */
export async function encrypt(secret: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(AES_GCM_IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await cipherKey(secret),
    encoder.encode(text),
  );
  let bytes = "";
  for (const part of [iv, new Uint8Array(sealed)])
    for (const byte of part) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/** Undoes `encrypt`; throws when the text was not made with this secret. */
export async function decrypt(secret: string, sealed: string): Promise<string> {
  const bytes = fromBase64(sealed);
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.subarray(0, AES_GCM_IV_BYTES) },
    await cipherKey(secret),
    bytes.subarray(AES_GCM_IV_BYTES),
  );
  return decoder.decode(plain);
}
