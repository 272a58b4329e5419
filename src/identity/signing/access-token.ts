import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Actor } from "../../platform/context.ts";
import { ROLES } from "../../platform/roles.ts";
import type { IdentityContext } from "../context.ts";
import type { UserRow } from "../store.ts";
import { ALGORITHM } from "./new-key.ts";

/** How long an access token is good for, in seconds. */
export const ACCESS_TOKEN_SECONDS = (15 * MINUTE_MS) / SECOND_MS;
const AUDIENCE = "holdfast-api";
/** RFC 9068, 2.1: so that no other kind of JWT passes for an access token. */
const TYPE = "at+jwt";
/** Header, claims and a 64-byte signature in base64url without padding; ours are far shorter than this. */
const COMPACT = /^[\w-]{1,500}\.[\w-]{1,1500}\.[\w-]{86}$/;

const claimsSchema = z.object({
  sub: z.string().startsWith("usr_"),
  acc: z.string().startsWith("acc_"),
  role: z.enum(ROLES),
  sid: z.string().startsWith("ses_"),
  jti: z.string(),
});

/** A signed access token; nothing in it is secret. */
export async function issueAccessToken(
  ctx: IdentityContext,
  user: UserRow,
  sessionId: string,
): Promise<string> {
  const { kid, key } = await ctx.keys.signer(ctx);
  const now = Math.floor(ctx.now() / SECOND_MS);
  return new SignJWT({ acc: user.accountId, role: user.role, sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
    .setIssuer(ctx.config.publicUrl)
    .setAudience(AUDIENCE)
    .setSubject(user.id)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
    .setJti(crypto.randomUUID())
    .sign(key);
}

/**
 * The user that a token speaks for; undefined for any token that is not in order. The algorithm is fixed, the key is
 * looked up by `kid` among ours, and every claim is checked (RFC 8725).
 */
export async function readAccessToken(
  ctx: IdentityContext,
  token: string,
): Promise<Actor["user"] | undefined> {
  if (!COMPACT.test(token)) return undefined;
  try {
    const { kid, typ } = decodeProtectedHeader(token);
    if (typ !== TYPE) return undefined; // jose would take it in any spelling
    const key = typeof kid === "string" ? await ctx.keys.verifier(ctx, kid) : undefined;
    if (key === undefined) return undefined;
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: ctx.config.publicUrl,
      audience: AUDIENCE,
      requiredClaims: ["iat", "nbf", "exp", "jti"],
      maxTokenAge: ACCESS_TOKEN_SECONDS,
      currentDate: new Date(ctx.now()),
    });
    const { sub, acc, role, sid } = claimsSchema.parse(payload);
    return { id: sub, accountId: acc, role, sessionId: sid };
  } catch (error) {
    if (
      error instanceof errors.JOSEError ||
      error instanceof z.ZodError ||
      error instanceof TypeError
    )
      return undefined;
    throw error;
  }
}
