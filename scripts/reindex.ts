/**
 * Begins to fill the index of words anew from the shop's database: after a restore, or a change of how words are made.
 * What is in it is found until that is done. The shop's cron does it, at least 1,000 products, 2,000 orders or 8,000
 * customers a minute.
 *
 *   npm run reindex
 *   npm run reindex -- orders
 *   npm run reindex -- [products|orders|customers] --env staging|production --remote
 */
import { parseArgs } from "node:util";
import { INDEX_KINDS } from "../src/platform/search/kinds.ts";
import { Refusal } from "./dev/refusal.ts";
import { chosenShop, runCommand, SHOP_FLAGS } from "./operate/command.ts";

await runCommand(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: SHOP_FLAGS });
  const kinds = positionals.length === 0 ? INDEX_KINDS : INDEX_KINDS.filter(isOne(positionals));
  if (positionals.length > 1 || kinds.length === 0)
    throw new Refusal(
      `npm run reindex [-- ${INDEX_KINDS.join("|")}] [-- --env staging|production --remote]`,
    );
  const begun = await chosenShop(values).transactSearch([
    `UPDATE index_state SET generation = generation + 1, through = 0
     WHERE kind IN (${kinds.map((kind) => `'${kind}'`).join()}) RETURNING kind`,
  ]);
  if (begun.length < kinds.length)
    throw new Refusal("The search database has no state: apply migrations-search to it first.");
  console.log(
    `The index of ${kinds.join(" and ")} is being filled anew; what it has is found until that is done.`,
  );
});

function isOne(named: readonly string[]) {
  return (kind: string) => named.includes(kind);
}
