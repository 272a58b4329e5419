import { HOUR_MS } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { promise } from "../../platform/outbox/store.ts";
import { countMailTo } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { signedIn } from "../sessions/sessions.ts";
import { findUser } from "../store.ts";
import { readLinkToken } from "./link-token.ts";
import { addressProved, badLink, refusedLink } from "./password-reset.ts";
import { insertEmailTokenFor, useEmailToken, verifyEmailByToken } from "./store.ts";

/** How long the link in a verification mail is good. */
const VERIFY_LINK_MS = 24 * HOUR_MS;

/** Proves an address by a mailed link. The guest orders of the address then join the account. Refused with `VALIDATION_FAILED` on the token. */
export async function verifyEmail(
  ctx: IdentityContext,
  input: { readonly token: string },
): Promise<Effect<void>> {
  const id = await readLinkToken(ctx, input.token, "verify");
  if (id === undefined) throw badLink();
  const now = ctx.now();
  const told = addressProved(ctx, id);
  return {
    statements: [useEmailToken(id, "verify", now), verifyEmailByToken(id, now), told.statement],
    result: undefined,
    explain: refusedLink,
    after: () => ctx.wake({ type: "outbox", id: told.id }),
  };
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
