import type { Context } from "../platform/context.ts";
import { sign } from "../platform/crypto.ts";
import { clientOf, networkOf } from "../platform/rate-limit/client.ts";
import { requirePassed, type Verdict } from "../platform/rate-limit/verdict.ts";

/** Accounts are counted under a name that nobody can read an email address from. */
function nameOf(ctx: Context, email: string): Promise<string> {
  return sign(ctx.config.tokenSecret, "rate-limit", email);
}

const byAddress = (ctx: Context) =>
  ({ name: "sign-in", key: clientOf(ctx.actor.address) }) as const;
const byNetwork = (ctx: Context, account: string) =>
  ({ name: "account", key: `${account}@${networkOf(ctx.actor.address)}` }) as const;

/** Counts something that must not be tried too often from one address. Throws `RATE_LIMITED`. */
export function countAttempt(ctx: Context): Promise<void> {
  return ctx.limits.require([byAddress(ctx)]);
}

/** The same for something about one account, which is counted too. */
export async function countAttemptAt(ctx: Context, email: string): Promise<void> {
  return ctx.limits.require([byAddress(ctx), byNetwork(ctx, await nameOf(ctx, email))]);
}

/** The same for what makes a mail. */
export async function countMailTo(ctx: Context, email: string): Promise<void> {
  const account = await nameOf(ctx, email);
  return ctx.limits.require([
    byAddress(ctx),
    byNetwork(ctx, account),
    { name: "mailbox", key: account },
  ]);
}

/** Counts a sign-in; `requireSignIn` judges it once it is known where the user has signed in from. Never throws. */
export async function countSignIn(ctx: Context, email: string): Promise<Verdict[]> {
  const account = await nameOf(ctx, email);
  return ctx.limits.ask([
    byAddress(ctx),
    byNetwork(ctx, account),
    { name: "account-anywhere", key: account },
  ]);
}

/** However many strangers try an account, they do not keep out whoever has signed in from this network before. */
export function requireSignIn(
  ctx: Context,
  counted: readonly Verdict[],
  knownAddresses: readonly string[],
): void {
  const here = networkOf(ctx.actor.address);
  const known = knownAddresses.some((address) => networkOf(address) === here);
  requirePassed(known ? counted.filter(({ name }) => name !== "account-anywhere") : counted);
}
