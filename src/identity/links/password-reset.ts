import { audit } from "../../platform/audit-log/store.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import { refusedBy } from "../../platform/db.ts";
import { type AppError, invalidField } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { promise } from "../../platform/outbox/store.ts";
import { countAttempt, countMailTo } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { hashPassword } from "../passwords/password.ts";
import { assertNotOwnAddress } from "../passwords/password-rules.ts";
import { readLinkToken } from "./link-token.ts";
import {
  endSessionsByToken,
  findEmailToken,
  forgetUnprovedNames,
  insertEmailTokenFor,
  NO_SUCH_LINK,
  ownerOfLink,
  setPasswordByToken,
  useEmailToken,
  voidResetLinks,
} from "./store.ts";

/** How long the link in a reset mail is good. */
const RESET_LINK_MS = 30 * MINUTE_MS;

/** Promises a mail to whoever has this address. For nobody it does the same work, and no mail can be made of it. */
export async function forgotPassword(
  ctx: IdentityContext,
  input: { readonly email: string },
): Promise<Effect<void>> {
  await countMailTo(ctx, input.email);
  const now = ctx.now();
  const tokenId = newId("etk", now);
  const mail = promise(ctx, {
    topic: "mail.reset_password",
    payload: { tokenId },
    dedupeKey: `mail:${tokenId}`,
  });
  const expiresAt = now + RESET_LINK_MS;
  return {
    statements: [
      insertEmailTokenFor({ id: tokenId, email: input.email, purpose: "reset", now, expiresAt }),
      mail.statement,
    ],
    result: undefined,
    after: () => ctx.wake({ type: "outbox", id: mail.id }),
  };
}

/**
 * Sets a password by a mailed link: once, within 30 minutes. Every session ends, and every other such link. Who can
 * read the mail has proved the address too, and so takes over an account that a stranger has made with it. Refused with
 * `VALIDATION_FAILED` on the token, and on the password where it is the address.
 */
export async function resetPassword(
  ctx: IdentityContext,
  input: { readonly token: string; readonly password: string },
): Promise<Effect<void>> {
  await countAttempt(ctx);
  const id = await readLinkToken(ctx, input.token, "reset");
  const [link] = id === undefined ? [] : await ctx.db.run(findEmailToken(id));
  if (id === undefined || link === undefined) throw badLink();
  assertNotOwnAddress(input.password, link.email);
  const hash = await hashPassword(input.password);
  const now = ctx.now();
  const owner = ownerOfLink(id, "reset");
  const told = addressProved(ctx, id);
  return {
    statements: [
      useEmailToken({ id, purpose: "reset", now }),
      ...forgetUnprovedNames(id, now),
      setPasswordByToken(id, hash, now),
      voidResetLinks(owner, now),
      endSessionsByToken(id, now),
      audit(ctx, "password.reset", owner),
      told.statement,
    ],
    result: undefined,
    explain: refusedLink,
    after: () => {
      ctx.endedSessions.expire();
      ctx.wake({ type: "outbox", id: told.id });
    },
  };
}

/** The promise that the guest orders of a proved address join the account. */
export function addressProved(ctx: IdentityContext, tokenId: string) {
  return promise(ctx, {
    topic: "email_verified",
    payload: { tokenId },
    dedupeKey: `email_verified:${tokenId}`,
  });
}

/** What a link that is not there, was used, or is too old is refused with. */
export function refusedLink(error: unknown): AppError | undefined {
  const words = ["email_token_used", "email_token_expired", NO_SUCH_LINK] as const;
  return words.some((word) => refusedBy(error, word)) ? badLink() : undefined;
}

export function badLink(): AppError {
  return invalidField("token", "This link has been used or is too old. Ask for a new one.");
}
