import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { build, type Metafile } from "esbuild";
import { createWrangler } from "../../../scripts/deploy/wrangler.ts";

const WORKERS = resolve(import.meta.dirname, "../worker");

/** A module as workerd takes it; `path` is the name that others import it by. */
export interface Module {
  readonly type: "ESModule" | "CompiledWasm";
  readonly path: string;
  readonly contents: string | Uint8Array<ArrayBuffer>;
}

export interface Bundle {
  /** The one that the runtime enters comes first. */
  readonly modules: readonly Module[];
  /** The source map of the first one. */
  readonly map: string;
  /** How many bytes of the first one each source file has come to, by its path; esbuild's own count. */
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
}

interface Wanted {
  /** Leaves the names as they are in the source, for a profile that people can read. */
  readonly readable?: boolean;
}

/** What `wrangler deploy` would upload of the checkout in this folder. */
export async function bundleShop(root: string, { readable = false }: Wanted = {}): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  try {
    const metafile = join(folder, "meta.json");
    const args = ["deploy", "--dry-run", `--outdir=${folder}`, `--metafile=${metafile}`, "--env="];
    const built = await createWrangler(root)([...args, ...(readable ? ["--minify=false"] : [])]);
    if (!built.ok) throw new Error(`${root} does not build\n${built.stderr}`);
    const files = readdirSync(folder);
    const wasm = files.filter((name) => extname(name) === ".wasm");
    const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
    return {
      modules: [
        {
          type: "ESModule",
          path: "index.js",
          contents: readFileSync(join(folder, "index.js"), "utf8"),
        },
        ...wasm.map((path) => ({ type: "CompiledWasm" as const, path, contents: read(path) })),
      ],
      map: readFileSync(join(folder, "index.js.map"), "utf8"),
      inputs: readInputs(metafile),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readInputs(metafile: string): Bundle["inputs"] {
  const { outputs } = JSON.parse(readFileSync(metafile, "utf8")) as Metafile; // esbuild's
  const [, output] = Object.entries(outputs).find(([name]) => name.endsWith("index.js")) ?? [];
  return output?.inputs ?? {};
}

/** The same shop behind `worker/recorder.ts`. */
export async function withRecorder({ modules, ...bundle }: Bundle): Promise<Bundle> {
  const [shop, ...rest] = modules;
  if (shop === undefined) throw new Error("A bundle without a module.");
  const recorder = await bundleWorker("recorder.ts");
  return { modules: [recorder, { ...shop, path: "the-shop.js" }, ...rest], ...bundle };
}

export async function bundleFloor(): Promise<Bundle> {
  return { modules: [await bundleWorker("floor.ts")], map: "", inputs: {} };
}

async function bundleWorker(file: string): Promise<Module> {
  const { outputFiles } = await build({
    entryPoints: [join(WORKERS, file)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    minify: true,
    external: ["./the-shop.js", "node:*", "cloudflare:*"],
    logLevel: "error",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error(`${file} does not build.`);
  return { type: "ESModule", path: "entry.mjs", contents: script.text };
}
