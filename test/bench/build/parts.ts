import { gzipSync } from "node:zlib";
import type { Bundle } from "./bundle.ts";
import { textBySource } from "./source-map.ts";

const KIB = 1024;

export interface Part {
  /** A folder of ours (`src/orders`), a package (`zod`), or a compiled module. */
  readonly name: string;
  readonly kib: number;
  /** Gzipped by itself: parts that look alike take less together, so the sum is more than the whole. */
  readonly gzipKib: number;
}

export interface BundleSize {
  readonly kib: number;
  readonly gzipKib: number;
  readonly parts: readonly Part[];
}

/** How large what is uploaded is, and which part of it came from where. The largest part comes first. */
export function measureBundle(bundle: Bundle): BundleSize {
  const whole = bundle.modules.map(({ path, contents }) => sizeOf(path, contents));
  const compiled = bundle.modules
    .slice(1)
    .map(({ path, contents }) => sizeOf(path.replace(/^[0-9a-f]{40}-/, ""), contents));
  return {
    kib: sum(whole.map(({ kib }) => kib)),
    gzipKib: sum(whole.map(({ gzipKib }) => gzipKib)),
    parts: [...partsOfScript(bundle), ...compiled].sort((a, b) => b.gzipKib - a.gzipKib),
  };
}

/**
 * esbuild counts the bytes of each source; the map says which text they are, so that it can be gzipped. A package that
 * ships a map of its own with other paths is reckoned with what no other part is known to be.
 */
function partsOfScript({ modules, map, inputs }: Bundle): Part[] {
  const bytes = new Map<string, number>();
  for (const [source, { bytesInOutput }] of Object.entries(inputs))
    bytes.set(partOf(source), (bytes.get(partOf(source)) ?? 0) + bytesInOutput);
  const texts = new Map<string, string>();
  const code = modules[0]?.contents;
  for (const [source, text] of textBySource(typeof code === "string" ? code : "", map)) {
    const name = bytes.has(partOf(source)) ? partOf(source) : "";
    texts.set(name, (texts.get(name) ?? "") + text);
  }
  return [...bytes].map(([name, count]) => {
    const own = texts.get(name) ?? "";
    const text = own.length > count / 2 ? own : (texts.get("") ?? own);
    const share = text.length === 0 ? 0 : sizeOf(name, text).gzipKib / (text.length / KIB);
    return { name, kib: count / KIB, gzipKib: (count / KIB) * share };
  });
}

/** The folder of ours, or the package, that this source file is in. */
export function partOf(source: string): string {
  const inPackage = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
  if (inPackage !== undefined) return inPackage;
  const folder = /(?:^|\/)src\/(?:([^/]+)\/)?[^/]+/.exec(source);
  if (folder === null) return "others";
  return folder[1] === undefined ? "src/*.ts" : `src/${folder[1]}`;
}

function sizeOf(name: string, contents: string | Uint8Array): Part {
  const bytes = typeof contents === "string" ? Buffer.from(contents) : contents;
  return { name, kib: bytes.length / KIB, gzipKib: gzipSync(bytes).length / KIB };
}

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
