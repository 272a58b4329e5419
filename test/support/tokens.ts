import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { unseal } from "../../src/platform/token-secrets.ts";
import { servicesOf } from "../../src/services.ts";
import type { Member } from "./credentials.ts";
import { call } from "./http.ts";

type Json = Readonly<Record<string, unknown>>;
const encoder = new TextEncoder();

export function base64url(data: string | Uint8Array): string {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export interface TestKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** The shop's own key of this state, private half and all: what an attacker does not have. */
export async function shopKey(
  status: "current" | "next" | "retired" = "current",
): Promise<TestKey> {
  const row = await env.DB.prepare("SELECT * FROM signing_keys WHERE status = ?")
    .bind(status)
    .first<{ kid: string; public_jwk: string; sealed_private_jwk: string }>();
  if (row === null) throw new Error(`There is no ${status} key.`);
  const text = await unseal(servicesOf(env).config, row.sealed_private_jwk);
  const privateKey = await importJWK(JSON.parse(text ?? "null") as JWK, "ES256");
  if (!(privateKey instanceof CryptoKey)) throw new Error("Not an asymmetric key.");
  return { kid: row.kid, privateKey, publicJwk: JSON.parse(row.public_jwk) as JWK };
}

/** A pair that the shop has never seen. */
export async function strangeKey(kid = "strange"): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { kid, privateKey, publicJwk: await exportJWK(publicKey) };
}

const ES256 = { name: "ECDSA", hash: "SHA-256" };

/** A compact JWS of these very parts, whatever they are: a string part is taken as it is. */
export async function compact(
  header: Json | string,
  payload: Json | string,
  key: CryptoKey,
  algorithm: SubtleCryptoSignAlgorithm | string = ES256,
): Promise<string> {
  const parts = [header, payload].map((part) =>
    base64url(typeof part === "string" ? part : JSON.stringify(part)),
  );
  const input = parts.join(".");
  const signature = await crypto.subtle.sign(algorithm, key, encoder.encode(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

/** The claims of a token that is in order. */
export function claimsOf(member: Member, now = Math.floor(Date.now() / 1000)) {
  return {
    iss: "https://shop.test",
    aud: "holdfast-api",
    sub: member.id,
    acc: member.accountId,
    role: "customer",
    sid: member.sessionId,
    iat: now,
    nbf: now,
    exp: now + 900,
    jti: "e3b0c442-98fc-4c14-9afb-f4c8996fb924",
  };
}

export const headerOf = ({ kid }: TestKey) => ({ alg: "ES256", kid, typ: "at+jwt" });

/** One request with this token. */
export const present = (token: string) =>
  call("GET", "/api/v1/me", { headers: { Authorization: `Bearer ${token}` } });
