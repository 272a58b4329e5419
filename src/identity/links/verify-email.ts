import { notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { countMailTo } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { readLinkToken } from "../secrets.ts";
import { signedIn } from "../sessions/sessions.ts";
import { findUser } from "../store.ts";
import { verificationMail } from "../users/register.ts";
import { addressProved, badLink, refusedLink } from "./password-reset.ts";
import { useEmailToken, verifyEmailByToken } from "./store.ts";

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
    refused: refusedLink,
    after: () => ctx.wake({ type: "outbox", id: told.id }),
  };
}

/** Sends the verification mail again, unless the address is verified. */
export async function resendVerification(ctx: IdentityContext): Promise<Effect<void>> {
  const [user] = await ctx.db.run(findUser(signedIn(ctx).id));
  if (user === undefined) throw notFound("user");
  const answer = { result: undefined, refused: () => undefined };
  if (user.emailVerifiedAt !== null) return { ...answer, statements: [] };
  await countMailTo(ctx, user.email);
  const mail = verificationMail(ctx, user.email);
  return {
    ...answer,
    statements: mail.statements,
    after: () => ctx.wake({ type: "outbox", id: mail.id }),
  };
}
