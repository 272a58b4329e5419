import {
  type AuditFilter,
  type AuditRow,
  auditIfChanged,
  countAudit,
  listAudit,
} from "../../platform/audit-log/store.ts";
import { toTimestamp } from "../../platform/clock.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import {
  newestFirst,
  type Page,
  type PageInput,
  readPage,
} from "../../platform/http/pagination.ts";
import type { Role } from "../../platform/roles.ts";
import type { IdentityContext } from "../context.ts";
import { endSessionsIfChanged } from "../sessions/store.ts";
import {
  askMayChange,
  changeUser,
  changeWithEndedKeys,
  countUsers,
  findUser,
  listUsers as selectUsers,
} from "../store.ts";
import { presentUser, type User } from "../user.ts";

/** A page of users, newest first. */
export async function listUsers(ctx: IdentityContext, input: PageInput): Promise<Page<User>> {
  return readPage(ctx, input, {
    ...newestFirst,
    rows: selectUsers,
    count: countUsers,
    present: presentUser,
  });
}

/**
 * Changes a user's role, disables or enables them; losing something ends their sessions, and the API keys that may do
 * more than they still may. Nobody can do it to themselves, nor give what they do not hold, and the last admin stays
 * one. Throws `NOT_FOUND`, `FORBIDDEN`, `BUSINESS_RULE_VIOLATION`.
 */
export async function updateUserAsAdmin(
  ctx: IdentityContext,
  { id, role, disabled }: NewState,
): Promise<User> {
  const { actor } = ctx;
  if (actor.user?.id === id || actor.ownerId === id) throw oneself();
  const now = ctx.now();
  const patch = {
    ...(role === undefined ? {} : { role }),
    ...(disabled === undefined ? {} : { disabledAt: disabled ? now : null }),
  };
  if (Object.keys(patch).length === 0) return getUser(ctx, id);
  const change = { id, patch, by: actor.label, now };
  const over = disabled === true ? "disabled" : role === undefined ? undefined : "role_change";
  const [[allowed], changed, , [row]] = await ctx.db.batch([
    askMayChange(change),
    changeUser(change),
    auditIfChanged(ctx, "user.updated", id, changeWithEndedKeys(change, { role, disabled })),
    findUser(id),
    ...(over === undefined ? [] : [endSessionsIfChanged(id, over, now)]),
  ]);
  if (row === undefined) throw notFound("user");
  if (changed.length === 0) throw refusal(allowed);
  ctx.endedSessions.expire();
  ctx.apiKeys.clear();
  return presentUser(row);
}

interface NewState {
  readonly id: string;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

function oneself(): AppError {
  return new AppError(
    "BUSINESS_RULE_VIOLATION",
    "You cannot change your own role or disable yourself.",
  );
}

function lastAdmin(): AppError {
  return new AppError("BUSINESS_RULE_VIOLATION", "The shop would be left without an admin.");
}

function refusal(asked: { may: number; ends: number } | undefined): AppError {
  if (asked?.may === 1) return lastAdmin();
  const why =
    asked?.ends === 1
      ? "A key that expires cannot give a user more than they have: that would not expire with it."
      : "Nobody can give a user more than they may do themselves.";
  return new AppError("FORBIDDEN", why);
}

/** One user. Throws `NOT_FOUND`. */
export async function getUser(ctx: IdentityContext, id: string): Promise<User> {
  const [row] = await ctx.db.run(findUser(id));
  if (row === undefined) throw notFound("user");
  return presentUser(row);
}

export interface AuditEntry {
  readonly id: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly data: Record<string, unknown>;
  readonly address: string;
  readonly requestId: string;
  readonly createdAt: string;
}

/** A page of the audit log, newest first. */
export async function readAuditLog(
  ctx: IdentityContext,
  input: PageInput & AuditFilter,
): Promise<Page<AuditEntry>> {
  return readPage(ctx, input, {
    ...newestFirst,
    rows: (after, limit) => listAudit(input, after, limit),
    count: () => countAudit(input),
    present: presentAudit,
  });
}

function presentAudit({ createdAt, data, ...row }: AuditRow): AuditEntry {
  return {
    ...row,
    data: JSON.parse(data) as Record<string, unknown>,
    createdAt: toTimestamp(createdAt),
  }; // written by `audit`
}
