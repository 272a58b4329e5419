/**
 * The keys that access tokens are signed with.
 *
 *   npm run keys -- rotate    signs with the next one from now on, instead of when its 30 days have come
 *   TOKEN_SECRET=… TOKEN_SECRET_PREVIOUS=… npm run keys -- seal
 *                             seals them with the new secret now, instead of within five minutes
 *
 * They mean the shop of `npm run dev`, running or not; --env staging|production --remote means a deployed one.
 */
import { parseArgs } from "node:util";
import { Refusal } from "./dev/refusal.ts";
import { chosenShop, runCommand, SHOP_FLAGS } from "./operate/command.ts";
import { rotateKeys } from "./operate/rotate-keys.ts";
import { sealKeys, secretsFrom } from "./operate/seal-keys.ts";
import type { Shop } from "./operate/shop.ts";

const DAY_MS = 24 * 3_600_000;
const USAGE = "npm run keys -- rotate|seal [--env staging|production --remote]";

async function rotate(shop: Shop): Promise<void> {
  const now = Date.now();
  const { kid, publishedAt } = await rotateKeys(shop, now);
  console.log(
    `Within five minutes every token is signed with ${kid}; older tokens stay good until they expire.`,
  );
  if (now - publishedAt < DAY_MS)
    console.log(
      "It was published less than a day ago: a verifier elsewhere must read /.well-known/jwks.json again.",
    );
}

async function seal(shop: Shop): Promise<void> {
  const { sealedAgain, lost } = await sealKeys(shop, secretsFrom(process.env), Date.now());
  console.log(`Keys sealed with the new secret just now: ${sealedAgain}.`);
  if (lost > 0)
    console.log(
      `Neither secret opens ${lost} of them: the shop makes new ones when it needs them.`,
    );
  console.log(
    "Keep TOKEN_SECRET_PREVIOUS for 24 hours, in which retries may come, and for as long as links to orders that were mailed before are to work.",
  );
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: SHOP_FLAGS });
  const command = { rotate, seal }[positionals.join(" ")];
  if (command === undefined) throw new Refusal(USAGE);
  await command(chosenShop(values));
});
