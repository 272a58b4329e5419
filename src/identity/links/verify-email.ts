import { HOUR_MS } from "../../platform/clock.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { promise } from "../../platform/outbox/store.ts";
import { countMailTo } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { signedIn } from "../sessions/sessions.ts";
import { findUser } from "../store.ts";
import { readLinkToken } from "./link-token.ts";
import { addressProved, badLink, refusedLink } from "./password-reset.ts";
import {
  findLink,
  insertEmailTokenFor,
  NO_SUCH_LINK,
  useEmailToken,
  verifyEmailByToken,
} from "./store.ts";

/** How long the link in a verification mail is good. */
const VERIFY_LINK_MS = 24 * HOUR_MS;

/**
 * Proves an address by the link that was mailed to it and by the user who registered it, signed in: the mail alone shows
 * that somebody reads it, not that they have made this account. What was paid for with the address as a guest then joins
 * the account. Refused with `VALIDATION_FAILED` on the token, or `FORBIDDEN` for another user's link.
 */
export async function verifyEmail(
  ctx: IdentityContext,
  input: { readonly token: string },
): Promise<Effect<void>> {
  const { id: userId } = signedIn(ctx);
  const id = await readLinkToken(ctx, input.token, "verify");
  if (id === undefined) throw badLink();
  const now = ctx.now();
  const told = addressProved(ctx, id);
  return {
    statements: [
      useEmailToken({ id, purpose: "verify", userId, now }),
      verifyEmailByToken(id, now),
      told.statement,
    ],
    result: undefined,
    explain: (error) =>
      refusedBy(error, NO_SUCH_LINK) ? explainMissing(ctx, id) : refusedLink(error),
    after: () => ctx.wake({ type: "outbox", id: told.id }),
  };
}

/** A link that is there, and was not found among the user's own, is another's. */
async function explainMissing(ctx: IdentityContext, id: string): Promise<AppError> {
  const [link] = await ctx.db.run(findLink(id, "verify"));
  if (link === undefined) return badLink();
  return new AppError(
    "FORBIDDEN",
    "This link is for another user. Sign in as the one who registered the address, then open it again.",
  );
}

/** Sends the verification mail again, unless the address is verified. */
export async function resendVerification(ctx: IdentityContext): Promise<Effect<void>> {
  const [user] = await ctx.db.run(findUser(signedIn(ctx).id));
  if (user === undefined) throw notFound("user");
  const answer = { result: undefined };
  if (user.emailVerifiedAt !== null) return { ...answer, statements: [] };
  await countMailTo(ctx, user.email);
  const mail = verificationMail(ctx, user.email);
  return {
    ...answer,
    statements: mail.statements,
    after: () => ctx.wake({ type: "outbox", id: mail.id }),
  };
}

/** The link that proves an address, and the promise to mail it. */
export function verificationMail(ctx: IdentityContext, email: string) {
  const now = ctx.now();
  const tokenId = newId("etk", now);
  const { id, statement } = promise(ctx, {
    topic: "mail.verify_email",
    payload: { tokenId },
    dedupeKey: `mail:${tokenId}`,
  });
  const token = insertEmailTokenFor({
    id: tokenId,
    email,
    purpose: "verify",
    now,
    expiresAt: now + VERIFY_LINK_MS,
  });
  return { id, statements: [token, statement] };
}
