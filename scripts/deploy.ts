/**
 * Puts Holdfast into a Cloudflare account; safe to repeat.
 *
 *   npm run deploy                       production
 *   npm run deploy -- --env staging
 *   npm run deploy -- --dry-run          says what it would do, without an account
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { deploy, rehearse } from "./deploy/deploy.ts";
import { createWrangler } from "./deploy/wrangler.ts";

const root = resolve(import.meta.dirname, "..");

function readEnvironment(name: string): "staging" | "production" {
  if (name === "staging" || name === "production") return name;
  throw new Error(`--env is staging or production, not ${name}`);
}

try {
  const { values } = parseArgs({
    options: {
      env: { type: "string", default: "production" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const start = values["dry-run"] ? rehearse : deploy;
  await start({
    root,
    environment: readEnvironment(values.env),
    wrangler: createWrangler(root),
    env: process.env,
    print: (line) => console.log(line),
    fetch,
  });
} catch (error) {
  console.error(`\ndeploy: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
