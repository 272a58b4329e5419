import { type IdentityContext, indexBuyer, ownerOfToken } from "../identity/index.ts";
import { adoptGuestOrders } from "./store.ts";

/** The use of a link has proved whose an address is: the orders that a guest paid for with it join their account. */
export async function adoptVerifiedOrders(
  ctx: IdentityContext,
  { tokenId }: { readonly tokenId: string },
): Promise<void> {
  const owner = await ownerOfToken(ctx, tokenId);
  if (owner === undefined) return;
  await ctx.db.run(adoptGuestOrders(owner.email, owner.accountId, ctx.now()));
  await indexBuyer(ctx, owner); // whom a link to a new password has called something else
}
