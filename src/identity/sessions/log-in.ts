import { refusedBy } from "../../platform/db.ts";
import { type AppError, unauthenticated } from "../../platform/errors.ts";
import { promise } from "../../platform/outbox/store.ts";
import { countSignIn, requireSignIn } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { checkPassword, hashPassword } from "../passwords/password.ts";
import { findUserByEmail, upgradePasswordHash } from "../store.ts";
import { type Device, openSession, type SignIn, shorten } from "./open-session.ts";
import { findKnownDevice, findSignInAddresses } from "./store.ts";

/** Checks who signs in. A wrong address, a wrong password and a disabled user are one and the same 401, in the same time. Throws `RATE_LIMITED`. */
export async function logIn(
  ctx: IdentityContext,
  input: {
    readonly email: string;
    readonly password: string;
    readonly device: Device;
    readonly kind: "token" | "browser";
  },
): Promise<SignIn> {
  const userAgent = shorten(input.device.userAgent);
  const [counted, [[user], known, addresses]] = await Promise.all([
    countSignIn(ctx, input.email),
    ctx.db.batch([
      findUserByEmail(input.email),
      findKnownDevice(input.email, userAgent),
      findSignInAddresses(input.email),
    ]),
  ]);
  requireSignIn(
    ctx,
    counted,
    addresses.map(({ address }) => address),
  );
  const { right, outdated } = await checkPassword(input.password, user?.passwordHash);
  if (user === undefined || !right || user.disabledAt !== null) throw wrong();
  const session = await openSession(ctx, user, input.kind, input.device);
  const notice = known.length === 0 ? newSignInMail(ctx, user.id, session.sessionId) : undefined;
  const upgraded = outdated ? await hashPassword(input.password) : undefined;
  return {
    user,
    sessionId: session.sessionId,
    secret: session.secret,
    statements: [
      ...session.statements,
      ...(notice === undefined ? [] : [notice.statement]),
      ...(upgraded === undefined
        ? []
        : [upgradePasswordHash(user.id, user.passwordHash, upgraded)]),
    ],
    // There is no session: the password was changed, or the user disabled, while it was checked.
    explain: (error) => (refusedBy(error, "FOREIGN KEY") ? wrong() : undefined),
    after: () => {
      if (notice !== undefined) ctx.wake({ type: "outbox", id: notice.id });
    },
  };
}

function newSignInMail(ctx: IdentityContext, userId: string, sessionId: string) {
  return promise(ctx, {
    topic: "mail.new_sign_in",
    payload: { userId, sessionId },
    dedupeKey: `new_sign_in:${sessionId}`,
  });
}

function wrong(): AppError {
  return unauthenticated("The email address or the password is wrong.");
}
