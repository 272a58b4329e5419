import type { Context } from "../../platform/context.ts";
import { refusedBy, type Statement } from "../../platform/db.ts";
import { isSealedAnew, seal, unseal } from "../../platform/token-secrets.ts";
import { newKey } from "./new-key.ts";
import {
  insertSigningKey,
  listSigningKeys,
  promoteNextKey,
  removeNextKey,
  retireKey,
  type SigningKeyRow,
  sealKeyAgain,
} from "./store.ts";

/**
 * While TOKEN_SECRET is being changed: seals with the new one what the one before it has sealed, and replaces what none
 * of them opens. May overlap with itself.
 */
export async function sealKeysAgain(
  ctx: Context,
): Promise<{ sealedAgain: number; replaced: number }> {
  let sealedAgain = 0;
  for (const { kid, sealedPrivateJwk: sealed } of await ctx.db.run(listSigningKeys())) {
    if (await isSealedAnew(ctx.config, sealed)) continue;
    const text = await unseal(ctx.config, sealed);
    if (text === undefined) continue;
    await ctx.db.run(sealKeyAgain(kid, sealed, await seal(ctx.config, text)));
    sealedAgain += 1;
  }
  return { sealedAgain, replaced: await replaceLostKeys(ctx) };
}

/**
 * Gives the keys that none of the shop's secrets opens a successor, so that nobody is kept from signing in. What they
 * have signed goes on verifying, because that takes the public half alone. Answers how many there were.
 */
export async function replaceLostKeys(ctx: Context): Promise<number> {
  const rows = await ctx.db.run(listSigningKeys());
  const lost = new Set<SigningKeyRow["status"]>();
  for (const { status, sealedPrivateJwk } of rows) {
    if (status === "retired") continue;
    if ((await unseal(ctx.config, sealedPrivateJwk)) === undefined) lost.add(status);
  }
  if (lost.size === 0) return 0;
  ctx.log.note("warn", "signing_keys_lost", [...lost]);
  try {
    await ctx.db.batch(await successors(ctx, rows, lost));
  } catch (error) {
    if (!refusedBy(error, "signing_keys.status")) throw error; // somebody else has just done it
  }
  return lost.size;
}

async function successors(
  ctx: Context,
  rows: readonly SigningKeyRow[],
  lost: ReadonlySet<SigningKeyRow["status"]>,
): Promise<Statement[]> {
  const kidOf = (wanted: SigningKeyRow["status"]) =>
    rows.find(({ status }) => status === wanted)?.kid ?? "";
  const [current, next] = [kidOf("current"), kidOf("next")];
  const following = insertSigningKey(await newKey(ctx, "next"));
  if (!lost.has("current")) return [removeNextKey(next), following];
  if (next !== "" && !lost.has("next"))
    return [...promoteNextKey(current, next, ctx.now()), following];
  return [
    retireKey(current, ctx.now()),
    insertSigningKey(await newKey(ctx, "current")),
    removeNextKey(next),
    following,
  ];
}
