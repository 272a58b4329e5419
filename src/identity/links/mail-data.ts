import type { IdentityContext } from "../context.ts";
import { findSignIn } from "../sessions/store.ts";
import { linkToken } from "./link-token.ts";
import { findEmailToken, findTokenOwner } from "./store.ts";

/** What a mail with a link needs; undefined where there is nobody to write to. */
export async function linkMailData(ctx: IdentityContext, tokenId: string) {
  const [row] = await ctx.db.run(findEmailToken(tokenId));
  return (
    row && { to: row.email, name: row.name, token: await linkToken(ctx, tokenId, row.purpose) }
  );
}

/** What the notice of a new sign-in says. */
export async function signInMailData(ctx: IdentityContext, sessionId: string) {
  const [row] = await ctx.db.run(findSignIn(sessionId));
  return row;
}

/** Whose address a link has proved. */
export async function ownerOfToken(ctx: IdentityContext, tokenId: string) {
  const [row] = await ctx.db.run(findTokenOwner(tokenId));
  return row;
}
