import { exportJWK, generateKeyPair } from "jose";
import type { Context } from "../../platform/context.ts";
import { seal } from "../../platform/token-secrets.ts";
import type { SigningKeyRow } from "./store.ts";

export const ALGORITHM = "ES256";

/** A pair of keys of which no table has the private half in clear. */
export async function newKey(ctx: Context, status: "current" | "next"): Promise<SigningKeyRow> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const [publicJwk, privateJwk] = await Promise.all([
    exportJWK(pair.publicKey),
    exportJWK(pair.privateKey),
  ]);
  return {
    kid: crypto.randomUUID(),
    status,
    publicJwk: JSON.stringify(publicJwk),
    sealedPrivateJwk: await seal(ctx.config, JSON.stringify(privateJwk)),
    createdAt: ctx.now(),
    currentSince: status === "current" ? ctx.now() : null,
    retiredAt: null,
  };
}
