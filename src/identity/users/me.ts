import { audit } from "../../platform/audit-log/store.ts";
import type { Statement } from "../../platform/db.ts";
import { invalidField, notFound } from "../../platform/errors.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import { countAttemptAt } from "../attempts.ts";
import type { IdentityContext } from "../context.ts";
import { promiseKnown } from "../customers/index-customer.ts";
import { voidResetLinks } from "../links/store.ts";
import { checkPassword, hashPassword } from "../passwords/password.ts";
import { assertNotOwnAddress } from "../passwords/password-rules.ts";
import { signedIn } from "../sessions/sessions.ts";
import { endSessions } from "../sessions/store.ts";
import { findUser, type UserRow, updateUser } from "../store.ts";
import { presentUser, type User } from "../user.ts";

async function load(ctx: IdentityContext): Promise<UserRow> {
  const [row] = await ctx.db.run(findUser(signedIn(ctx).id));
  if (row === undefined) throw notFound("user");
  return row;
}

/** The user who is acting, with their account. */
export async function getMe(ctx: IdentityContext): Promise<User> {
  return presentUser(await load(ctx));
}

/** Changes the name, or with the current one the password, which ends every other session and every link to a new one. */
export async function updateMe(
  ctx: IdentityContext,
  input: {
    readonly name?: string | undefined;
    readonly password?: string | undefined;
    readonly currentPassword?: string | undefined;
  },
): Promise<User> {
  const row = await load(ctx);
  const now = ctx.now();
  const statements: Statement[] = [];
  if (input.password !== undefined) {
    await countAttemptAt(ctx, row.email);
    const { right } = await checkPassword(input.currentPassword ?? "", row.passwordHash);
    if (!right) throw invalidField("currentPassword", "Is not your current password.");
    assertNotOwnAddress(input.password, row.email);
    const passwordHash = await hashPassword(input.password);
    statements.push(
      updateUser(row.id, { passwordHash }, now),
      endSessions(row.id, "password_change", now, signedIn(ctx).sessionId),
      voidResetLinks(row.id, now),
      audit(ctx, "password.changed", row.id),
    );
  }
  const woken: string[] = [];
  if (input.name !== undefined) {
    const told = promiseKnown(ctx, row.id);
    statements.push(updateUser(row.id, { name: input.name }, now), told.statement);
    woken.push(told.id);
  }
  if (statements.length > 0) await ctx.db.batch(statements);
  wakePromises(ctx, woken);
  if (input.password !== undefined) ctx.endedSessions.expire();
  return presentUser({ ...row, name: input.name ?? row.name });
}
