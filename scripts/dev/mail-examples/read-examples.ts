import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Example } from "../../../src/notifications/examples/example.ts";

const EXAMPLES = fileURLToPath(
  new URL("../../../src/notifications/examples/examples.ts", import.meta.url),
);
const TSCONFIG = fileURLToPath(new URL("../../../tsconfig.json", import.meta.url));

interface Build {
  readonly examples: readonly Example[];
  /** The files that it was made of. */
  readonly sources: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * Returns what reads the mails as the sources have them, and throws when they cannot be built. They are built when
 * somebody asks for them, and again after a source has changed.
 */
export function openExamples(entry = EXAMPLES): () => Promise<readonly Example[]> {
  let latest: Promise<Build> | undefined;
  const refresh = async (before: Promise<Build> | undefined) => {
    const known = await before?.catch(() => undefined);
    return known !== undefined && isFresh(known) ? known : build(entry);
  };
  return async () => {
    latest = refresh(latest);
    return (await latest).examples;
  };
}

/** How coarse the clock is that files are stamped by, and more. */
const TICK_MS = 20;

function isFresh({ sources, startedAt }: Build): boolean {
  return sources.every((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs < startedAt - TICK_MS;
  });
}

async function build(entry: string): Promise<Build> {
  const startedAt = Date.now();
  // Only now: the shop starts without it.
  const esbuild = await import("esbuild");
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    tsconfig: TSCONFIG,
    // What hashes passwords stands behind the same doors, and no mail calls it.
    loader: { ".wasm": "empty" },
    logLevel: "silent",
  });
  const code = outputFiles.map(({ text }) => text).join("");
  return { examples: await evaluate(code), sources: Object.keys(metafile.inputs), startedAt };
}

/** What the entry exports. */
interface Built {
  readonly examples: readonly Example[];
}

async function evaluate(code: string): Promise<readonly Example[]> {
  const address = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const { examples }: Built = await import(address);
  return examples;
}
