import { randomBytes } from "node:crypto";
import type { DocumentedVariable } from "./settings.ts";

/** Secrets that nobody has to choose: made on the first deployment. */
const GENERATED = ["TOKEN_SECRET"];
/** Secrets that a Worker runs without, and that a deployment takes along when they are at hand. */
const OPTIONAL_SECRETS = [
  "TOKEN_SECRET_PREVIOUS",
  "ORDER_NUMBERS_FROM",
  "RESEND_API_KEY",
  "TURNSTILE_SECRET_KEY",
  "CACHE_PURGE_TOKEN",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
];
const GENERATED_BYTES = 32;

export interface SecretsPlan {
  /** Values to upload together with the Worker; only secrets that it does not have yet. */
  upload: Record<string, string>;
  /** Names in `upload` that were made here. */
  generated: string[];
  /** Names in `upload` that came from the environment. */
  taken: string[];
  /** Required and nowhere to be had. */
  missing: string[];
}

/** Decides what a deployment does about secrets; one that the Worker already has is never touched. */
export function planSecrets(input: {
  required: readonly string[];
  existing: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  generate?: () => string;
}): SecretsPlan {
  const generate = input.generate ?? (() => randomBytes(GENERATED_BYTES).toString("hex"));
  const plan: SecretsPlan = { upload: {}, generated: [], taken: [], missing: [] };
  for (const name of [...input.required, ...OPTIONAL_SECRETS]) {
    if (input.existing.includes(name)) continue;
    const given = input.env[name];
    if (given !== undefined && given !== "") {
      plan.upload[name] = given;
      plan.taken.push(name);
    } else if (GENERATED.includes(name)) {
      plan.upload[name] = generate();
      plan.generated.push(name);
    } else if (input.required.includes(name)) plan.missing.push(name);
  }
  return plan;
}

/** What to do about missing secrets: what each is for, and the command that sets it. */
export function explainMissing(
  missing: readonly string[],
  documented: readonly DocumentedVariable[],
  environment: string,
): string {
  const blocks = missing.map((name) => {
    const purpose = documented.find((entry) => entry.name === name)?.purpose ?? "";
    return `  ${name}\n    ${purpose}\n    npx wrangler secret put ${name} --env ${environment}`;
  });
  return [
    `These secrets are missing:\n\n${blocks.join("\n\n")}\n`,
    "Set them, or give them to this command in its environment, and run it again.",
    "(wrangler offers to create the Worker when it is not there yet: yes.)",
  ].join("\n");
}
