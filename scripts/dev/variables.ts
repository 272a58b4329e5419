import { readFileSync, writeFileSync } from "node:fs";
import type { Secrets, StateFolder } from "./state.ts";

const OWNER_ONLY = 0o600;

export interface Addresses {
  readonly publicUrl: string;
  readonly stripeApiUrl: string;
  readonly resendApiUrl: string;
}

/**
 * Tells wrangler the Worker's variables, and only these: secrets in a file of ours, which also keeps it from
 * reading a `.dev.vars`, the rest as arguments, because wrangler drops optional names from such a file when
 * wrangler.toml lists required secrets. What the environment may change is listed in `.dev.vars.example`.
 */
export function workerVariables(
  state: StateFolder,
  secrets: Secrets,
  addresses: Addresses,
  env: NodeJS.ProcessEnv,
): { args: string[]; env: NodeJS.ProcessEnv } {
  const secret = {
    TOKEN_SECRET: secrets.tokenSecret,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
  };
  const plain = {
    PUBLIC_URL: addresses.publicUrl,
    PRIVATE_WEBHOOKS: "allowed",
    STRIPE_API_URL: addresses.stripeApiUrl,
    RESEND_API_URL: addresses.resendApiUrl,
    RESEND_API_KEY: secrets.resendApiKey,
  };
  const ours = new Set([...Object.keys(secret), ...Object.keys(plain)]);
  const listed = namesIn(".dev.vars.example");
  const chosen = Object.fromEntries(
    listed
      .filter((name) => !ours.has(name) && env[name] !== undefined)
      .map((name) => [name, env[name]]),
  );
  writeFileSync(state.variables, envFile(secret), { mode: OWNER_ONLY });
  const vars = Object.entries({ ...chosen, ...plain });
  return {
    args: [
      "--env-file",
      state.variables,
      ...vars.flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ],
    env: without(env, [...ours, ...listed]),
  };
}

function envFile(values: Record<string, string>): string {
  return `${Object.entries(values)
    .map(([name, value]) => `${name}="${value}"`)
    .join("\n")}\n`;
}

function namesIn(exampleFile: string): string[] {
  const text = readFileSync(exampleFile, "utf8");
  return [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? "");
}

/** wrangler lets its own environment win over the file it is given. */
function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
