import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";

const ROOT = join(import.meta.dirname, "../../..");

/** A mistake that somebody could make in src/ or in the migrations: other words for these, in this file. */
export interface Plant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Builds src/ with the mistakes in it; the files themselves stay as they are. */
export function withPlants(plants: readonly Plant[]): Plugin {
  return {
    name: "planted-source",
    setup(plugin) {
      for (const [file, some] of Object.entries(Object.groupBy(plants, ({ file }) => file))) {
        if (!file.startsWith("src/")) continue;
        const path = join(ROOT, file);
        const filter = new RegExp(`${file.replaceAll(/[.+]/g, "\\$&")}$`);
        plugin.onLoad({ filter }, () => ({
          contents: planted(readFileSync(path, "utf8"), some ?? []),
          loader: file.endsWith(".tsx") ? "tsx" : "ts",
        }));
      }
    },
  };
}

/** The text with the mistakes in it. Throws for one that has nowhere to be any more. */
export function planted(text: string, plants: readonly Plant[]): string {
  return plants.reduce((before, { file, from, to }) => {
    if (before.split(from).length !== 2) throw new Error(`“${from}” is not once in ${file}.`);
    return before.replace(from, () => to);
  }, text);
}
