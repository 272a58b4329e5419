/**
 * Lets people and programs into a shop that has no admin to do it yet.
 *
 *   npm run admin -- create you@example.com --name "Your Name"    makes an admin, or makes a user one
 *   npm run admin -- key "stock sync" --scopes inventory:read,inventory:write
 *
 * They mean the shop of `npm run dev`, running or not; --env staging|production --remote means a deployed one.
 */
import { parseArgs } from "node:util";
import { Refusal } from "./dev/refusal.ts";
import { chosenShop, runCommand, SHOP_FLAGS } from "./operate/command.ts";
import { createAdmin } from "./operate/create-admin.ts";
import { createKey } from "./operate/create-key.ts";

const USAGE = `npm run admin -- create <email> [--name "…"] [--env staging|production --remote]
npm run admin -- key <name> --scopes <scope,…> [--env staging|production --remote]`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...SHOP_FLAGS, name: { type: "string" }, scopes: { type: "string" } },
  });
  const [verb, subject, ...rest] = positionals;
  if (subject === undefined || rest.length > 0) throw new Refusal(USAGE);
  if (verb === "create") {
    const input = { email: subject, name: values.name };
    const admin = await createAdmin(chosenShop(values), input, Date.now());
    console.log(`${admin.email} is an admin ${admin.created ? "(a new user)" : "now"}.`);
    console.log(`To choose a password, once, within 30 minutes:\n\n  ${admin.link}\n`);
  } else if (verb === "key") {
    const input = { name: subject, scopes: values.scopes ?? "" };
    const secret = await createKey(chosenShop(values), input, Date.now());
    console.log(`The key, shown this once:\n\n  ${secret}\n`);
  } else throw new Refusal(USAGE);
});
