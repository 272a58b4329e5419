import { SECOND_MS } from "../../platform/clock.ts";
import { refusedBy } from "../../platform/db.ts";
import { type AppError, unauthenticated } from "../../platform/errors.ts";
import type { Effect, Refusal } from "../../platform/idempotency/perform.ts";
import type { IdentityContext } from "../context.ts";
import { hashSecret, newRefreshToken } from "../secrets.ts";
import { findUserBySecret } from "../store.ts";
import { presentSignedIn, type SignedIn } from "./open-session.ts";
import {
  endSession,
  findSessionBySecret,
  insertNextSecret,
  SESSION_OVER,
  spendSecret,
  touchSession,
} from "./store.ts";

/** Two tabs may send the same token within this long; later, a spent one is taken for stolen (RFC 9700, 4.14.2). */
const RACE_MS = 10 * SECOND_MS;

/**
 * A new pair for a refresh token, which is spent by it. A spent one used again ends its whole session, unless it comes
 * with the idempotency key of its first use: the key is the batch's first statement and then refuses the rest.
 */
export async function refresh(
  ctx: IdentityContext,
  input: { readonly refreshToken: string },
): Promise<Effect<SignedIn> | Refusal> {
  const now = ctx.now();
  const hash = await hashSecret(input.refreshToken);
  const [[found], [user]] = await ctx.db.batch([findSessionBySecret(hash), findUserBySecret(hash)]);
  if (
    found === undefined ||
    user === undefined ||
    found.kind !== "token" ||
    found.endedAt !== null ||
    found.expiresAt <= now
  )
    throw over();
  if (user.disabledAt !== null) throw over();
  if (found.spentAt !== null && now - found.spentAt > RACE_MS) return endStolen(ctx, found, now);
  const next = newRefreshToken();
  return {
    statements: [
      spendSecret(hash, now),
      insertNextSecret(await hashSecret(next), found.sessionId, now),
      touchSession(found.sessionId, now),
    ],
    result: await presentSignedIn(ctx, user, found.sessionId, next),
    explain: (error) => (refusedBy(error, SESSION_OVER) ? over() : undefined),
  };
}

function endStolen(
  ctx: IdentityContext,
  { sessionId, userId }: { readonly sessionId: string; readonly userId: string },
  now: number,
): Refusal {
  return {
    refusal: over(),
    statements: [endSession(sessionId, userId, "reuse", now)],
    after: () => {
      ctx.endedSessions.expire();
      ctx.log.raise("warn");
      ctx.log.set({ refreshReuse: sessionId });
    },
  };
}

function over(): AppError {
  return unauthenticated("This sign-in is over. Please sign in again.");
}
