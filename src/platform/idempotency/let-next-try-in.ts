import type { Context } from "../context.ts";
import type { KeyUse } from "./key-use.ts";
import { unlockKey } from "./store.ts";

/** After a failure that is not the client's, of a use that is kept in phases. Failing at it is harmless: the lock ends by itself. */
export async function letNextTryIn(ctx: Context, use: KeyUse): Promise<void> {
  await ctx.db
    .run(unlockKey(use, ctx.now()))
    .catch((error: unknown) => ctx.log.note("warn", "key_not_unlocked", error));
}
