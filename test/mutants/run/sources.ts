import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "../mutant.ts";

/** A file that mutants may change. */
export interface Source {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** Where a mutant changes what. */
export interface Place {
  readonly path: string;
  readonly line: number;
  /** The whole file, changed. */
  readonly mutated: string;
}

/** A mutant that cannot be tried: the table is wrong, or its text has changed. */
export class InvalidMutant extends Error {}

/** The Worker's source and its migrations. */
export function readSources(root: string): Source[] {
  const files = ["src", "migrations"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(tsx?|sql)$/.test(name))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  );
  return files.sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** The one place that a mutant means; throws when there is none or more than one. */
export function findPlace(mutant: Mutant, sources: readonly Source[]): Place {
  const [text, becomes] = mutant.change;
  if (text === becomes || text === "") throw new InvalidMutant("changes nothing");
  const found = sources
    .filter(({ path }) => path.includes(mutant.in ?? ""))
    .flatMap((source) => positionsIn(source, mutant).map((at) => ({ ...source, at })));
  const [first, second] = found;
  if (first === undefined) throw new InvalidMutant(`its text is in no file: ${text}`);
  if (second !== undefined) {
    const paths = [...new Set(found.map(({ path }) => path))].join(", ");
    throw new InvalidMutant(`its text is there ${found.length} times, in ${paths}: ${text}`);
  }
  const before = first.text.slice(0, first.at);
  return {
    path: first.path,
    line: before.split("\n").length,
    mutated: before + becomes + first.text.slice(first.at + text.length),
  };
}

/** Where the text of a mutant begins in a file. */
function positionsIn({ text }: Source, { change: [wanted], after }: Mutant): number[] {
  if (after === undefined) return allPositions(text, wanted);
  return allPositions(text, after).flatMap((anchor) => {
    const at = text.indexOf(wanted, anchor + after.length);
    return at === -1 ? [] : [at];
  });
}

function allPositions(text: string, wanted: string): number[] {
  const positions: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    positions.push(at);
  }
  return positions;
}
