/** Builds every environment and checks that what the code reads is declared there, and nothing else. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import {
  compareDeclarations,
  compareEnvironments,
  compareExample,
  type Demand,
  findLooseQueues,
} from "./deploy/environments.ts";
import { readDocumentedVariables, readSettings, type Settings } from "./deploy/settings.ts";
import { createWrangler } from "./deploy/wrangler.ts";

const repository = resolve(import.meta.dirname, "..");
const ENVIRONMENTS = [undefined, "staging", "production"];
const CONFIGURATION = "src/platform/config.ts";
/** Buyers' half of the shop is 330 of it, the whole shop with its console may have 450: sellers' half is let in with 50. */
const MAX_BUNDLE_KIB = 380;

function label(environment: string | undefined): string {
  return environment ?? "top level";
}

/** The members of `interface Bindings`, from the syntax tree: those that must be there, and those that may. */
function readBindings(root: string): Pick<Demand, "bindings" | "optionalBindings"> {
  const source = ts.createSourceFile(
    CONFIGURATION,
    readFileSync(join(root, CONFIGURATION), "utf8"),
    ts.ScriptTarget.Latest,
  );
  const declaration = source.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement))
    .find((statement) => statement.name.text === "Bindings");
  const members = (declaration?.members ?? []).flatMap(({ name, questionToken }) =>
    name !== undefined && ts.isIdentifier(name)
      ? [{ name: name.text, optional: questionToken !== undefined }]
      : [],
  );
  if (members.length === 0) throw new Error(`${CONFIGURATION}: no members in interface Bindings`);
  const named = (wanted: boolean) =>
    members.filter(({ optional }) => optional === wanted).map(({ name }) => name);
  return { bindings: named(false), optionalBindings: named(true) };
}

/** A zod field, as far as this check looks at it. */
interface Field {
  safeParse(value: unknown): { success: boolean };
}

/** Guarantees that each member of a schema's shape can be parsed. */
function asShape(value: unknown): Record<string, Field> {
  const shape: Record<string, Field> = {};
  for (const [name, field] of Object.entries(value ?? {})) {
    if (typeof field?.safeParse === "function") shape[name] = field;
  }
  if (Object.keys(shape).length === 0) {
    throw new Error(`${CONFIGURATION}: configSchema is not an object schema`);
  }
  return shape;
}

/** Reads the demand out of the configuration module itself. */
export async function readDemand(root: string): Promise<Demand> {
  const module: { configSchema?: { shape?: unknown } } = await import(
    pathToFileURL(join(root, CONFIGURATION)).href
  );
  const variables = Object.entries(asShape(module.configSchema?.shape)).map(
    ([name, field]): [string, { required: boolean }] => [
      name,
      { required: !field.safeParse(undefined).success },
    ],
  );
  return { ...readBindings(root), variables: new Map(variables) };
}

/** Size in bytes of what wrangler would upload, gzipped, without source maps. */
async function buildSize(root: string, environment: string | undefined): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bundle-"));
  try {
    const args = ["deploy", "--dry-run", `--outdir=${folder}`, `--env=${environment ?? ""}`];
    const build = await createWrangler(root)(args);
    if (!build.ok) throw new Error(`${label(environment)}: does not build\n${build.stderr}`);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && ![".map", ".md"].includes(extname(entry.name)),
    );
    const sizes = files.map(
      ({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length,
    );
    return sizes.reduce((total, size) => total + size, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const demand = await readDemand(repository);
  const documented = readDocumentedVariables(repository);
  const all = new Map<string, Settings>();
  const problems = compareExample(demand, documented);
  for (const environment of ENVIRONMENTS) {
    const name = label(environment);
    const settings = readSettings(repository, environment);
    all.set(name, settings);
    const local = [
      ...compareDeclarations(demand, settings, documented),
      ...findLooseQueues(settings),
    ];
    problems.push(...local.map((problem) => `${name}: ${problem}`));
    const kib = (await buildSize(repository, environment)) / 1024;
    console.log(`${name}: ${kib.toFixed(1)} KiB gzipped of ${MAX_BUNDLE_KIB}`);
    if (kib === 0 || kib > MAX_BUNDLE_KIB) problems.push(`${name}: bundle of ${kib} KiB`);
  }
  problems.push(...compareEnvironments(all));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  console.log(
    `${all.size} environments declare ${demand.bindings.length} bindings and ${demand.variables.size} variables`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`environments: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
