import { HOUR_MS } from "../../platform/clock.ts";
import type { Statement } from "../../platform/db.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import type { IdentityContext } from "../context.ts";
import { hashSecret, newBrowserSecret, newRefreshToken } from "../secrets.ts";
import { ACCESS_TOKEN_SECONDS, issueAccessToken } from "../signing/access-token.ts";
import type { UserRow } from "../store.ts";
import { presentUser, type User } from "../user.ts";
import { insertSecret, insertSession } from "./store.ts";

/** A sign-in ends by itself after this long, however often its tokens were renewed. */
export const SESSION_LIFE_MS = 30 * 24 * HOUR_MS;
const MAX_USER_AGENT_CHARS = 300;

/** What a sign-in answers. */
export interface SignedIn {
  readonly user: User;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export interface Device {
  readonly userAgent: string;
}

/** A sign-in that has yet to be written down, and the secret that its client will get. */
export interface SignIn extends Omit<Effect<never>, "result"> {
  readonly user: UserRow;
  readonly sessionId: string;
  readonly secret: string;
}

/** A program's sign-in: the answer is a pair of tokens. */
export async function withTokens(
  ctx: IdentityContext,
  { user, sessionId, secret, ...effect }: SignIn,
): Promise<Effect<SignedIn>> {
  return { ...effect, result: await presentSignedIn(ctx, user, sessionId, secret) };
}

/** A browser's sign-in: the answer is what its cookie holds. */
export function withSecret({ user: _, sessionId: __, secret, ...effect }: SignIn): Effect<string> {
  return { ...effect, result: secret };
}

/** The statements of a new session and its first secret; the secret itself is in no table. */
export async function openSession(
  ctx: IdentityContext,
  user: Pick<UserRow, "id" | "passwordHash">,
  kind: "token" | "browser",
  device: Device,
): Promise<{
  readonly sessionId: string;
  readonly secret: string;
  readonly statements: Statement[];
}> {
  const now = ctx.now();
  const sessionId = newId("ses", now);
  const secret = kind === "token" ? newRefreshToken() : newBrowserSecret();
  const hash = await hashSecret(secret);
  return {
    sessionId,
    secret,
    statements: [
      insertSession(
        {
          id: sessionId,
          userId: user.id,
          kind,
          userAgent: shorten(device.userAgent),
          address: ctx.actor.address,
          createdAt: now,
          lastUsedAt: now,
          expiresAt: now + SESSION_LIFE_MS,
        },
        user.passwordHash,
      ),
      insertSecret({ hash, sessionId, createdAt: now }),
    ],
  };
}

export function shorten(userAgent: string): string {
  return userAgent.slice(0, MAX_USER_AGENT_CHARS);
}

export async function presentSignedIn(
  ctx: IdentityContext,
  user: UserRow,
  sessionId: string,
  refreshToken: string,
): Promise<SignedIn> {
  return {
    user: presentUser(user),
    accessToken: await issueAccessToken(ctx, user, sessionId),
    expiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken,
  };
}
