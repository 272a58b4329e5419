/**
 * Signs access tokens with the next key from now on, instead of when its 30 days have come.
 *
 *   npm run keys -- rotate
 *   npm run keys -- rotate --env staging|production --remote
 */
import { parseArgs } from "node:util";
import { Refusal } from "./dev/refusal.ts";
import { chosenShop, runCommand, SHOP_FLAGS } from "./operate/command.ts";
import { rotateKeys } from "./operate/rotate-keys.ts";

const DAY_MS = 24 * 3_600_000;

await runCommand(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: SHOP_FLAGS });
  if (positionals.join(" ") !== "rotate")
    throw new Refusal("npm run keys -- rotate [--env staging|production --remote]");
  const now = Date.now();
  const { kid, publishedAt } = await rotateKeys(chosenShop(values), now);
  console.log(
    `Within five minutes every token is signed with ${kid}; older tokens stay good until they expire.`,
  );
  if (now - publishedAt < DAY_MS)
    console.log(
      "It was published less than a day ago: a verifier elsewhere must read /.well-known/jwks.json again.",
    );
});
