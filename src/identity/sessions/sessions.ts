import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import type { Actor } from "../../platform/context.ts";
import { AppError, notFound } from "../../platform/errors.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import type { IdentityContext } from "../context.ts";
import { hashSecret } from "../secrets.ts";
import {
  endSession,
  endSessions,
  findSessionBySecret,
  listSessions,
  type SessionRow,
} from "./store.ts";

const MAX_SHOWN = 100;

export const sessionSchema = z
  .strictObject({
    id: z.string(),
    current: z.boolean(),
    userAgent: z.string(),
    address: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof sessionSchema>;

/** The user who is acting. The guard has let only users in; anything else is a mistake in the access table. */
export function signedIn(ctx: IdentityContext): NonNullable<Actor["user"]> {
  if (ctx.actor.user === undefined)
    throw new AppError("FORBIDDEN", "Only a signed-in user can do this.");
  return ctx.actor.user;
}

/** Where the user is signed in, newest first. */
export async function mySessions(ctx: IdentityContext): Promise<Session[]> {
  const user = signedIn(ctx);
  const rows = await ctx.db.run(listSessions(user.id, ctx.now(), MAX_SHOWN));
  return rows.map((row) => present(row, user.sessionId));
}

function present(row: SessionRow, currentId: string): Session {
  return {
    id: row.id,
    current: row.id === currentId,
    userAgent: row.userAgent,
    address: row.address,
    createdAt: toTimestamp(row.createdAt),
    lastUsedAt: toTimestamp(row.lastUsedAt),
    expiresAt: toTimestamp(row.expiresAt),
  };
}

/** Signs one session out. Throws `NOT_FOUND` for one that is not the user's, or over. */
export async function endMySession(
  ctx: IdentityContext,
  input: { readonly id: string },
): Promise<void> {
  const [ended] = await ctx.db.run(endSession(input.id, signedIn(ctx).id, "user", ctx.now()));
  if (ended === undefined) throw notFound("session");
  ctx.endedSessions.expire();
}

/** Signs the user out everywhere but here. */
export async function endMyOtherSessions(ctx: IdentityContext): Promise<void> {
  const user = signedIn(ctx);
  await ctx.db.run(endSessions(user.id, "user", ctx.now(), user.sessionId));
}

/** Ends the session that is acting. One that is over already is as good as signed out. */
export async function signOut(ctx: IdentityContext): Promise<void> {
  const user = signedIn(ctx);
  await ctx.db.run(endSession(user.sessionId, user.id, "user", ctx.now()));
}

/** Ends the session of a refresh token, if it is the user's. An unknown token is as good as signed out. */
export async function logOut(
  ctx: IdentityContext,
  input: { readonly refreshToken: string },
): Promise<Effect<void>> {
  const user = signedIn(ctx);
  const [found] = await ctx.db.run(findSessionBySecret(await hashSecret(input.refreshToken)));
  const answer = { result: undefined };
  if (found === undefined || found.userId !== user.id) return { ...answer, statements: [] };
  return {
    ...answer,
    statements: [endSession(found.sessionId, user.id, "user", ctx.now())],
    after: () => ctx.endedSessions.expire(),
  };
}
