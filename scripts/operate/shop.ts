import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { readSettings } from "../deploy/settings.ts";
import { createWrangler, type Wrangler } from "../deploy/wrangler.ts";
import { Refusal } from "../dev/refusal.ts";
import { readJson } from "../dev/state.ts";

type Binding = "DB" | "SEARCH";
const DEFAULT_STATE_FOLDER = ".holdfast";
const ATTEMPTS = 5;
/** A running shop may be writing at this very moment. */
const BUSY = /database is locked|SQLITE_BUSY/;

const answerSchema = z.array(z.object({ results: z.array(z.record(z.string(), z.unknown())) }));

/** A row as the database answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** A shop whose database is worked on directly. */
export interface Shop {
  /** Where it is reached, without a slash at the end. */
  readonly publicUrl: string;
  /** What selects it on the command line. */
  readonly flags: string;
  /** Runs the statements in one transaction and returns the rows of the last one. */
  transact(statements: readonly string[]): Promise<readonly Row[]>;
  /** The same in the index of words, which is a database of its own. */
  transactSearch(statements: readonly string[]): Promise<readonly Row[]>;
}

export interface Choice {
  readonly env?: string | undefined;
  readonly remote?: boolean | undefined;
}

export interface Place {
  /** The folder of wrangler.toml. */
  readonly root: string;
  /** HOLDFAST_STATE, and what gives wrangler its account. */
  readonly env: NodeJS.ProcessEnv;
}

/** The shop of `npm run dev` on this machine, running or not, or a deployed one. Throws a `Refusal` when it is neither. */
export function openShop({ env: environment, remote }: Choice, { root, env }: Place): Shop {
  const wrangler = createWrangler(root, { ...env, CLOUDFLARE_CF_FETCH_ENABLED: "false" });
  if (remote !== true) {
    if (environment !== undefined)
      throw new Refusal("--env is for deployed shops: add --remote, or leave it out.");
    return openLocalShop(wrangler, root, env);
  }
  if (environment !== "staging" && environment !== "production")
    throw new Refusal("--remote needs to know which shop: --env staging or --env production.");
  const flags = `--env ${environment} --remote`;
  return {
    publicUrl: readSettings(root, environment).vars.PUBLIC_URL,
    flags,
    ...databasesOf(wrangler, flags.split(" ")),
  };
}

function openLocalShop(wrangler: Wrangler, root: string, env: NodeJS.ProcessEnv): Shop {
  const { HOLDFAST_STATE } = env;
  const folder = resolve(root, HOLDFAST_STATE || DEFAULT_STATE_FOLDER);
  const data = join(folder, "worker");
  if (!existsSync(join(data, "v3", "d1")))
    throw new Refusal(`There is no shop in ${folder}: npm run dev makes one.`);
  const running = readJson<{ url: string }>(join(folder, "dev.json"));
  return {
    publicUrl: running?.url ?? readSettings(root, undefined).vars.PUBLIC_URL,
    flags: "",
    ...databasesOf(wrangler, ["--local", "--persist-to", data]),
  };
}

function databasesOf(wrangler: Wrangler, where: readonly string[]) {
  const over = (binding: Binding) => (statements: readonly string[]) =>
    execute(wrangler, [binding, ...where], statements);
  return { transact: over("DB"), transactSearch: over("SEARCH") };
}

/** One command is one batch of D1, here as there, and a batch is a transaction. */
async function execute(
  wrangler: Wrangler,
  where: readonly string[],
  statements: readonly string[],
): Promise<readonly Row[]> {
  const command = statements.join(";\n");
  const args = ["d1", "execute", ...where, "--yes", "--json", "--command", command];
  for (let attempt = 1; ; attempt += 1) {
    const { ok, stdout, stderr } = await wrangler(args);
    if (ok) return answerSchema.parse(JSON.parse(stdout)).at(-1)?.results ?? [];
    const words = `${stderr}\n${stdout}`.trim();
    if (attempt < ATTEMPTS && BUSY.test(words)) continue;
    throw new Refusal(
      `Whether the database was changed is not known: look before you run this again. wrangler says:\n${words}`,
    );
  }
}
