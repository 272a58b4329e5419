import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../../..");

export interface Bundle {
  readonly script: string;
  /** Compiled modules that the script imports by these names. */
  readonly wasm: readonly { readonly path: string; readonly contents: Uint8Array }[];
}

/** The simulation with all of src/ in it, as wrangler would build it. */
export async function bundleSimulation(): Promise<Bundle> {
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
    plugins: [compiledModules(wasm)],
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error("esbuild made nothing.");
  const modules = [...wasm].map(([path, contents]) => ({ path, contents }));
  return { script: script.text, wasm: modules };
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

/** Every statement of a folder of migrations, in order. */
export function migrationStatements(folder: "migrations" | "migrations-search"): string[] {
  const migrations = join(ROOT, folder);
  const files = readdirSync(migrations).filter((name) => name.endsWith(".sql"));
  return files
    .sort()
    .flatMap((name) =>
      readFileSync(join(migrations, name), "utf8").split("--> statement-breakpoint"),
    )
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, "").trim() !== "");
}
