import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { explainNextSteps } from "./afterwards.ts";
import { inspectPublicValues } from "./public-values.ts";
import {
  checkLogin,
  DeployError,
  listSecrets,
  provideBuckets,
  provideDatabases,
  provideQueues,
  queueNames,
} from "./resources.ts";
import { explainMissing, planSecrets, type SecretsPlan } from "./secrets.ts";
import { readDocumentedVariables, readSettings, type Settings } from "./settings.ts";
import type { Wrangler } from "./wrangler.ts";

const HEALTH_ATTEMPTS = 30;
const HEALTH_PAUSE_MS = 2_000;
const HEALTH_TIMEOUT_MS = 10_000;

export interface Deployment {
  root: string;
  environment: "staging" | "production";
  wrangler: Wrangler;
  /** Where secrets may be given, besides what the Worker already has. */
  env: Readonly<Record<string, string | undefined>>;
  print: (line: string) => void;
  fetch: typeof fetch;
  healthPauseMs?: number;
}

function checkPublicValues(settings: Settings, environment: string): void {
  const problems = inspectPublicValues(settings);
  if (problems.length === 0) return;
  throw new DeployError(
    `In wrangler.toml, [env.${environment}.vars]:\n${problems.map((line) => `  ${line}`).join("\n")}`,
  );
}

function reportCreated(print: Deployment["print"], kind: string, created: string[]): void {
  print(created.length === 0 ? `  ${kind}: there` : `  ${kind}: created ${created.join(", ")}`);
}

/** Decides about secrets; stops when one is missing, with the commands that set it. */
async function prepareSecrets(
  deployment: Deployment,
  settings: Settings,
): Promise<{ plan: SecretsPlan; existing: string[] }> {
  const { root, environment, wrangler, env, print } = deployment;
  const existing = await listSecrets(wrangler, environment);
  const plan = planSecrets({ required: settings.secrets.required, existing, env });
  if (plan.missing.length > 0) {
    throw new DeployError(explainMissing(plan.missing, readDocumentedVariables(root), environment));
  }
  for (const name of existing) print(`  ${name}: there`);
  for (const name of plan.taken) print(`  ${name}: from the environment of this command`);
  for (const name of plan.generated) keepGenerated(deployment, name, plan.upload[name] ?? "");
  return { plan, existing };
}

const KEPT_IN = ".holdfast";
const OWNER_ONLY = 0o600;

/** Cloudflare never shows a secret again, and a rotation needs the one before. So it stays here until somebody takes it. */
function keepGenerated({ root, environment, print }: Deployment, name: string, value: string) {
  const file = join(KEPT_IN, `${name}.${environment}`);
  mkdirSync(join(root, KEPT_IN), { recursive: true });
  writeFileSync(join(root, file), `${value}\n`, { mode: OWNER_ONLY });
  print(`  ${name}: generated. It is in ${file}: put it where you keep passwords, then delete it.`);
}

/** Runs a step of wrangler with its output shown; a failure names the step. */
async function show(deployment: Deployment, args: string[], purpose: string): Promise<void> {
  const result = await deployment.wrangler(args, { show: true });
  if (!result.ok) throw new DeployError(`${purpose} failed; nothing after it was done.`);
}

/** Uploads the Worker and its new secrets in one go, so that it never runs without them. */
async function upload(deployment: Deployment, plan: SecretsPlan): Promise<void> {
  const args = ["deploy", "--env", deployment.environment];
  if (Object.keys(plan.upload).length === 0) return show(deployment, args, "The upload");
  const folder = mkdtempSync(join(tmpdir(), "holdfast-deploy-"));
  try {
    const file = join(folder, "secrets.json");
    writeFileSync(file, JSON.stringify(plan.upload), { mode: OWNER_ONLY });
    await show(deployment, [...args, "--secrets-file", file], "The upload");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until the deployed Worker says that it is well; a new address takes a while to be known. */
async function waitForHealth(deployment: Deployment, publicUrl: string): Promise<void> {
  const address = `${publicUrl}/health`;
  let last = "";
  for (let attempt = 0; attempt < HEALTH_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await sleep(deployment.healthPauseMs ?? HEALTH_PAUSE_MS);
    try {
      const response = await deployment.fetch(address, {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      last = `${response.status} ${(await response.text()).slice(0, 500)}`;
      if (response.ok) return deployment.print(`  ${address}: ${last}`);
    } catch (error) {
      last = String(error);
    }
  }
  throw new DeployError(
    `The Worker is deployed, but ${address} does not answer 200: ${last}\nIs PUBLIC_URL the address of this Worker? A domain of your own needs a route in wrangler.toml.`,
  );
}

/** Brings one environment up. Every step may be repeated: what is already there is left as it is. */
export async function deploy(deployment: Deployment): Promise<void> {
  const { root, environment, wrangler, print } = deployment;
  const settings = readSettings(root, environment);
  const publicUrl = settings.vars.PUBLIC_URL;
  print(`1/7 Values in wrangler.toml for ${environment}`);
  checkPublicValues(settings, environment);
  print("2/7 Login");
  await checkLogin(wrangler);
  print("3/7 Database, bucket and queues");
  reportCreated(print, "database", await provideDatabases(wrangler, settings));
  reportCreated(print, "bucket", await provideBuckets(wrangler, settings));
  reportCreated(print, "queues", await provideQueues(wrangler, settings));
  print("4/7 Secrets");
  const { plan, existing } = await prepareSecrets(deployment, settings);
  print("5/7 Migrations");
  for (const { binding } of settings.d1_databases) {
    const args = ["d1", "migrations", "apply", binding, "--remote", "--env", environment];
    await show(deployment, args, "Applying the migrations");
  }
  print("6/7 Worker");
  await upload(deployment, plan);
  print("7/7 Health");
  await waitForHealth(deployment, publicUrl);
  const sendsMail = [...existing, ...plan.taken].includes("RESEND_API_KEY");
  const sender = settings.vars.MAIL_FROM;
  print(`\n${explainNextSteps({ publicUrl, sender, environment, sendsMail })}`);
}

/** Says what `deploy` would do and builds the Worker, without an account. */
export async function rehearse(deployment: Deployment): Promise<void> {
  const { root, environment, print } = deployment;
  const settings = readSettings(root, environment);
  print(
    `Would find or create the databases ${settings.d1_databases.map((db) => db.database_name)}`,
  );
  print(
    `Would find or create the buckets ${settings.r2_buckets.map((bucket) => bucket.bucket_name)}`,
  );
  print(`Would find or create the queues ${queueNames(settings).join(", ")}`);
  print(`Would make sure of the secrets ${settings.secrets.required.join(", ")}`);
  print("Would apply the migrations, upload this and check its health:");
  await show(deployment, ["deploy", "--dry-run", "--env", environment], "The build");
  checkPublicValues(settings, environment);
}
