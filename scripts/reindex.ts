/**
 * Begins to fill the index of words anew from the shop's database: after a restore, or a change of how words are made.
 * What is in it is found until that is done. The shop's cron does it, at least 1,000 products a minute.
 *
 *   npm run reindex
 *   npm run reindex -- --env staging|production --remote
 */
import { parseArgs } from "node:util";
import { Refusal } from "./dev/refusal.ts";
import { chosenShop, runCommand, SHOP_FLAGS } from "./operate/command.ts";

await runCommand(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: SHOP_FLAGS });
  if (positionals.length > 0)
    throw new Refusal("npm run reindex [-- --env staging|production --remote]");
  const [state] = await chosenShop(values).transactSearch([
    "UPDATE index_state SET generation = generation + 1, through = 0 RETURNING generation",
  ]);
  if (state === undefined)
    throw new Refusal("The search database has no state: apply migrations-search to it first.");
  console.log("The index is being filled anew; what it has is found until that is done.");
});
