import { refusedBy } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import { countAttemptAt } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { promiseKnown } from "../customers/index-customer.ts";
import { verificationMail } from "../links/verify-email.ts";
import { hashPassword } from "../passwords/password.ts";
import { assertNotOwnAddress } from "../passwords/password-rules.ts";
import { type Device, openSession, type SignIn } from "../sessions/open-session.ts";
import { insertAccount, insertUser, type UserRow } from "../store.ts";

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly accountName?: string | undefined;
}

/** Makes an account with its first user, signs them in, and promises the verification mail. Refused with `EMAIL_TAKEN`, and `VALIDATION_FAILED` for one's own address as password. */
export async function register(
  ctx: IdentityContext,
  input: Registration & { readonly device: Device; readonly kind: "token" | "browser" },
): Promise<SignIn> {
  await countAttemptAt(ctx, input.email);
  assertNotOwnAddress(input.password, input.email);
  const now = ctx.now();
  const user = await newUser(ctx, input);
  const session = await openSession(ctx, user, input.kind, input.device);
  const mail = verificationMail(ctx, user.email);
  const told = promiseKnown(ctx, user.id);
  const { accountName, ...row } = user;
  return {
    user,
    sessionId: session.sessionId,
    secret: session.secret,
    statements: [
      insertAccount({ id: user.accountId, name: accountName, createdAt: now }),
      insertUser(row),
      ...session.statements,
      ...mail.statements,
      told.statement,
    ],
    explain: (error) => (refusedBy(error, "users.email") ? taken() : undefined),
    after: () => wakePromises(ctx, [mail.id, told.id]),
  };
}

function taken(): AppError {
  return new AppError(
    "EMAIL_TAKEN",
    "There is already an account with this email address. Sign in instead, or have a link to a new password mailed to you.",
    { fields: { email: "Is taken." } },
  );
}

async function newUser(ctx: IdentityContext, input: Registration): Promise<UserRow> {
  const now = ctx.now();
  return {
    id: newId("usr", now),
    accountId: newId("acc", now),
    accountName: input.accountName ?? input.name,
    email: input.email,
    name: input.name,
    passwordHash: await hashPassword(input.password),
    role: "customer",
    emailVerifiedAt: null,
    disabledAt: null,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
