import type { Context } from "../../platform/context.ts";
import { isSealedAnew, seal, unseal } from "../../platform/token-secrets.ts";
import { listSecrets, sealSecretAgain } from "./store.ts";

/** More than there can be: ten endpoints of five. */
const ALL = 50;

/** While TOKEN_SECRET is being changed: seals with the new one what the one before it has sealed. May overlap with itself. */
export async function sealSecretsAgain(ctx: Context): Promise<{ sealedAgain: number }> {
  let sealedAgain = 0;
  for (const { id, sealed } of await ctx.db.run(listSecrets(ALL))) {
    if (await isSealedAnew(ctx.config, sealed)) continue;
    const secret = await unseal(ctx.config, sealed);
    if (secret === undefined) continue;
    await ctx.db.run(sealSecretAgain(id, sealed, await seal(ctx.config, secret)));
    sealedAgain += 1;
  }
  return { sealedAgain };
}
