import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import type { Databases } from "../world/index.ts";
import { type Plant, planted, withPlants } from "./planted-source.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

export interface Bundle {
  readonly script: string;
  /** Compiled modules that the script imports by these names. */
  readonly wasm: readonly { readonly path: string; readonly contents: Uint8Array }[];
  /** Every statement of the migrations, in order. */
  readonly migrations: Readonly<Record<keyof Databases, readonly string[]>>;
}

/** The simulation with all of src/ in it, as wrangler would build it; with these mistakes, if any. */
export async function bundleSimulation(plants: readonly Plant[] = []): Promise<Bundle> {
  const wasm = new Map<string, Uint8Array>();
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "test/simulation/worker.ts")],
    absWorkingDir: ROOT,
    outdir: "out",
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    logLevel: "error",
    plugins: [compiledModules(wasm), withPlants(plants)],
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error("esbuild made nothing.");
  const modules = [...wasm].map(([path, contents]) => ({ path, contents }));
  const migrations = {
    shop: migrationStatements("migrations", plants),
    search: migrationStatements("migrations-search", plants),
  };
  return { script: script.text, wasm: modules, migrations };
}

/** Leaves `.wasm` imports to the runtime, which compiles them. */
function compiledModules(found: Map<string, Uint8Array>): Plugin {
  return {
    name: "compiled-modules",
    setup(plugin) {
      plugin.onResolve({ filter: /\.wasm$/ }, async ({ path, resolveDir, kind, pluginData }) => {
        if (pluginData === "resolving") return undefined;
        const real = await plugin.resolve(path, { resolveDir, kind, pluginData: "resolving" });
        const name = basename(real.path);
        found.set(name, readFileSync(real.path));
        return { path: `./${name}`, external: true };
      });
    },
  };
}

type Folder = "migrations" | "migrations-search";

/** Every statement of a folder of migrations, in order; with these mistakes, if any. */
function migrationStatements(folder: Folder, plants: readonly Plant[]): string[] {
  const migrations = join(ROOT, folder);
  const files = readdirSync(migrations).filter((name) => name.endsWith(".sql"));
  return files
    .sort()
    .flatMap((name) => {
      const own = plants.filter(({ file }) => file === `${folder}/${name}`);
      const text = planted(readFileSync(join(migrations, name), "utf8"), own);
      return text.split("--> statement-breakpoint");
    })
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, "").trim() !== "");
}
