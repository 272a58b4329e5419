import * as z from "zod";
import type { Settings } from "./settings.ts";
import type { Wrangler, WranglerResult } from "./wrangler.ts";

const databasesSchema = z.array(z.object({ name: z.string() }));
const secretsSchema = z.array(z.object({ name: z.string() }));
const identitySchema = z.object({ loggedIn: z.boolean() });

/** A step that cannot go on; the message says what to do before the next run. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}

/** wrangler writes some errors to one stream and some to the other. */
function words({ stdout, stderr }: WranglerResult): string {
  return `${stderr}\n${stdout}`.trim();
}

/** Runs wrangler for its answer; throws `DeployError` with its words when it fails. */
async function ask(wrangler: Wrangler, args: string[]): Promise<string> {
  const result = await wrangler(args);
  if (!result.ok) throw new DeployError(`wrangler ${args.join(" ")} failed:\n${words(result)}`);
  return result.stdout;
}

/** Throws unless wrangler has an account to work with. */
export async function checkLogin(wrangler: Wrangler): Promise<void> {
  const result = await wrangler(["whoami", "--json"]);
  const loggedIn = result.ok && identitySchema.parse(JSON.parse(result.stdout)).loggedIn;
  if (!loggedIn) {
    throw new DeployError(
      `Not logged in at Cloudflare. Run \`npx wrangler login\`, or set CLOUDFLARE_API_TOKEN.\n${words(result)}`,
    );
  }
}

/** Creates the databases that are not there; wrangler.toml names them, and wrangler finds them by name. */
export async function provideDatabases(wrangler: Wrangler, settings: Settings): Promise<string[]> {
  const listed = await ask(wrangler, ["d1", "list", "--json"]);
  const existing = databasesSchema.parse(JSON.parse(listed)).map(({ name }) => name);
  const created: string[] = [];
  for (const { database_name } of settings.d1_databases) {
    if (existing.includes(database_name)) continue;
    await ask(wrangler, ["d1", "create", database_name, "--update-config=false"]);
    created.push(database_name);
  }
  return created;
}

const BUCKET = /^name:\s+(\S+)$/gm;

/** Creates the buckets that are not there; returns their names. */
export async function provideBuckets(wrangler: Wrangler, settings: Settings): Promise<string[]> {
  if (settings.r2_buckets.length === 0) return [];
  const listed = await ask(wrangler, ["r2", "bucket", "list"]);
  const existing = [...listed.matchAll(BUCKET)].map(([, name]) => name);
  const created: string[] = [];
  for (const { bucket_name } of settings.r2_buckets) {
    if (existing.includes(bucket_name)) continue;
    await ask(wrangler, ["r2", "bucket", "create", bucket_name, "--update-config=false"]);
    created.push(bucket_name);
  }
  return created;
}

/** Every queue of an environment, dead-letter queues first: a consumer can only name one that exists. */
export function queueNames({ queues }: Settings): string[] {
  const dead = queues.consumers.flatMap(({ dead_letter_queue }) => dead_letter_queue ?? []);
  const consumed = queues.consumers.map(({ queue }) => queue);
  return [...new Set([...dead, ...consumed, ...queues.producers.map(({ queue }) => queue)])];
}

/** Creates the queues that are not there; returns their names. */
export async function provideQueues(wrangler: Wrangler, settings: Settings): Promise<string[]> {
  const created: string[] = [];
  for (const name of queueNames(settings)) {
    const found = await wrangler(["queues", "info", name]);
    if (found.ok) continue;
    if (!/does not exist/i.test(words(found))) {
      throw new DeployError(`wrangler queues info ${name} failed:\n${words(found)}`);
    }
    await ask(wrangler, ["queues", "create", name]);
    created.push(name);
  }
  return created;
}

/** Names of the secrets that the deployed Worker has; none when there is no Worker yet. */
export async function listSecrets(wrangler: Wrangler, environment: string): Promise<string[]> {
  const args = ["secret", "list", "--env", environment, "--format", "json"];
  const result = await wrangler(args);
  if (result.ok) return secretsSchema.parse(JSON.parse(result.stdout)).map(({ name }) => name);
  if (/Worker ".*" .*not found/s.test(words(result))) return [];
  throw new DeployError(`wrangler ${args.join(" ")} failed:\n${words(result)}`);
}
