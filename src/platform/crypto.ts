import { toBase64Url } from "./hash.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const AES_GCM_IV_BYTES = 12;

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** HMAC-SHA256 of `message`, in base64url. `purpose` keeps uses of one secret apart. */
export async function sign(secret: string, purpose: string, message: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(`${purpose}:${message}`));
  return toBase64Url(new Uint8Array(mac));
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
  const bytes = [...iv, ...new Uint8Array(sealed)];
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
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
