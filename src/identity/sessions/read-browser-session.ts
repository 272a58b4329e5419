import { MINUTE_MS } from "../../platform/clock.ts";
import type { Actor } from "../../platform/context.ts";
import type { IdentityContext } from "../context.ts";
import { hashSecret, looksLikeBrowserSecret } from "../secrets.ts";
import { findBrowserSession, touchSession } from "./store.ts";

const LAST_USED_STEP_MS = MINUTE_MS;

/** The person at a browser, as far as every page shows them. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

export interface BrowserSession {
  readonly actor: Actor;
  readonly person: Person;
}

/**
 * Who a cookie's secret speaks for; undefined when its session has ended or expired, its user is disabled, or it is
 * no browser's. One round trip, and at most once a minute another that notes the use.
 */
export async function readBrowserSession(
  ctx: IdentityContext,
  secret: string,
): Promise<BrowserSession | undefined> {
  if (!looksLikeBrowserSecret(secret)) return undefined;
  const now = ctx.now();
  const [row] = await ctx.db.run(findBrowserSession(await hashSecret(secret), now));
  if (row === undefined) return undefined;
  if (now - row.lastUsedAt >= LAST_USED_STEP_MS) await ctx.db.run(touchSession(row.sessionId, now));
  const { userId: id, accountId, role, sessionId, name, email } = row;
  return {
    actor: {
      kind: "user",
      label: id,
      address: ctx.actor.address,
      user: { id, accountId, role, sessionId },
    },
    person: { name, email, emailVerified: row.emailVerifiedAt !== null },
  };
}
