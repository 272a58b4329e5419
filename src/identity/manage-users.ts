import { type AuditRow, audit, countAudit, listAudit } from "../platform/audit-log/store.ts";
import { toTimestamp } from "../platform/clock.ts";
import { AppError, notFound } from "../platform/errors.ts";
import { decodeCursor, type Page, toPage } from "../platform/http/pagination.ts";
import type { Role } from "../platform/roles.ts";
import type { IdentityContext } from "./context.ts";
import {
  countUsers,
  endSessions,
  findUser,
  listUsers as selectUsers,
  type UserPatch,
  updateUser,
} from "./store.ts";
import { presentUser, type User } from "./user.ts";

interface PageInput {
  readonly cursor?: string | undefined;
  readonly pageSize: number;
  readonly include?: "total" | undefined;
}

/** A page of users, newest first. */
export async function listUsers(ctx: IdentityContext, input: PageInput): Promise<Page<User>> {
  const rows = selectUsers(decodeCursor(input.cursor, ["number", "string"]), input.pageSize + 1);
  const [found, counted] =
    input.include === "total"
      ? await ctx.db.batch([rows, countUsers()])
      : [await ctx.db.run(rows), undefined];
  const page = toPage(found, input.pageSize, (row) => [row.createdAt, row.id], presentUser);
  return counted === undefined ? page : { ...page, total: counted[0]?.total ?? 0 };
}

/** Changes a user's role, or disables them, which ends their sessions. Nobody can do it to themselves. Throws `NOT_FOUND`. */
export async function updateUserAsAdmin(
  ctx: IdentityContext,
  input: {
    readonly id: string;
    readonly role?: Role | undefined;
    readonly disabled?: boolean | undefined;
  },
): Promise<User> {
  if (ctx.actor.user?.id === input.id) {
    throw new AppError(
      "BUSINESS_RULE_VIOLATION",
      "You cannot change your own role or disable yourself.",
    );
  }
  const now = ctx.now();
  const patch: UserPatch = {
    ...(input.role === undefined ? {} : { role: input.role }),
    ...(input.disabled === undefined ? {} : { disabledAt: input.disabled ? now : null }),
  };
  const { role, disabled } = input;
  const results = await ctx.db.batch([
    updateUser(input.id, patch, now),
    endSessions(input.id, disabled === true ? "disabled" : "role_change", now),
    audit(ctx, "user.updated", input.id, { role, disabled }),
    findUser(input.id),
  ]);
  const [row] = results[3];
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
  input: PageInput & { readonly target?: string | undefined; readonly actor?: string | undefined },
): Promise<Page<AuditEntry>> {
  const rows = listAudit(
    input,
    decodeCursor(input.cursor, ["number", "string"]),
    input.pageSize + 1,
  );
  const [found, counted] =
    input.include === "total"
      ? await ctx.db.batch([rows, countAudit()])
      : [await ctx.db.run(rows), undefined];
  const page = toPage(found, input.pageSize, (row) => [row.createdAt, row.id], presentAudit);
  return counted === undefined ? page : { ...page, total: counted[0]?.total ?? 0 };
}

function presentAudit({ createdAt, data, ...row }: AuditRow): AuditEntry {
  return {
    ...row,
    data: JSON.parse(data) as Record<string, unknown>,
    createdAt: toTimestamp(createdAt),
  }; // written by `audit`
}
