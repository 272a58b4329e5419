import type { IdentityContext } from "../context.ts";
import { knownDevice } from "../sessions/known-device.ts";
import { findSignIn } from "../sessions/store.ts";
import { linkToken } from "./link-token.ts";
import { findEmailToken, findTokenOwner } from "./store.ts";

/**
 * What a mail calls its reader. Whoever registers an address writes the name, and need not be at it: until the address
 * is proved, a mail to it says nothing that a stranger may have written.
 */
function nameFor({ name, verifiedAt }: { name: string; verifiedAt: number | null }): string | null {
  return verifiedAt === null ? null : name;
}

/** What a mail with a link needs; undefined where there is nobody to write to. */
export async function linkMailData(ctx: IdentityContext, tokenId: string) {
  const [row] = await ctx.db.run(findEmailToken(tokenId));
  if (row === undefined) return undefined;
  const token = await linkToken(ctx, tokenId, row.purpose);
  return { to: row.email, name: nameFor(row), token };
}

/** What the notice of a new sign-in says. */
export async function signInMailData(ctx: IdentityContext, sessionId: string) {
  const [row] = await ctx.db.run(findSignIn(sessionId));
  if (row === undefined) return undefined;
  const { email, userAgent, createdAt } = row;
  return { to: email, name: nameFor(row), device: knownDevice(userAgent), at: createdAt };
}

/** Whose address a link has proved. */
export async function ownerOfToken(ctx: IdentityContext, tokenId: string) {
  const [row] = await ctx.db.run(findTokenOwner(tokenId));
  return row;
}
