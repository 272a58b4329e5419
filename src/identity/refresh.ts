import { SECOND_MS } from "../platform/clock.ts";
import { type AppError, unauthenticated } from "../platform/errors.ts";
import type { IdentityContext } from "./context.ts";
import { presentSignedIn, type SignedIn } from "./open-session.ts";
import { hashSecret, newRefreshToken } from "./secrets.ts";
import {
  endSession,
  findSessionBySecret,
  findUser,
  insertNextSecret,
  spendSecret,
  touchSession,
} from "./store.ts";

/** Two tabs may send the same token within this long; later, a spent one is taken for stolen (RFC 9700, 4.14.2). */
const RACE_MS = 10 * SECOND_MS;

/** A new pair for a refresh token, which is spent by it. A spent one used again ends its whole session. */
export async function refresh(
  ctx: IdentityContext,
  input: { readonly refreshToken: string },
): Promise<SignedIn> {
  const now = ctx.now();
  const hash = await hashSecret(input.refreshToken);
  const [found] = await ctx.db.run(findSessionBySecret(hash));
  if (
    found === undefined ||
    found.kind !== "token" ||
    found.endedAt !== null ||
    found.expiresAt <= now
  )
    throw over();
  if (found.disabledAt !== null) throw over();
  if (found.spentAt !== null && now - found.spentAt > RACE_MS) {
    await ctx.db.run(endSession(found.sessionId, found.userId, "reuse", now));
    ctx.endedSessions.expire();
    ctx.log.raise("warn");
    ctx.log.set({ refreshReuse: found.sessionId });
    throw over();
  }
  const next = newRefreshToken();
  const [, [made], , [user]] = await ctx.db.batch([
    spendSecret(hash, now),
    insertNextSecret(await hashSecret(next), found.sessionId, now),
    touchSession(found.sessionId, now),
    findUser(found.userId),
  ]);
  if (made === undefined || user === undefined) throw over();
  return presentSignedIn(ctx, user, found.sessionId, next);
}

function over(): AppError {
  return unauthenticated("This sign-in is over. Please sign in again.");
}
