/**
 * Holds the direction of imports in src/ (.dependency-cruiser.js), and fails when it sees too little to say so. The
 * picture of the folders in docs/CODE.md has to be the one that they make; `--picture` prints it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { type Arrow, drawRooms } from "./draw-rooms.ts";

const DIVIDED = ["pages", "checkout", "notifications", "identity"];
const PICTURE = /```mermaid\n([\s\S]*?)\n```/;

export interface ImportReport {
  /** Files of src/ that were read and understood. */
  modules: number;
  /** `rule: from → to`, sorted. */
  violations: string[];
  /** The folders of src/ and their arrows, for Mermaid. */
  picture: string;
}

const repository = resolve(import.meta.dirname, "..");

/** Source files below a folder, which the check must all see. */
function countSourceFiles(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.tsx?$/.test(entry.name),
  ).length;
}

/**
 * Checks the imports of `<root>/src`. Throws when a file of it was not seen, as happens when
 * dependency-cruiser finds no TypeScript compiler that it can use.
 */
export async function checkImports(root: string): Promise<ImportReport> {
  const files = countSourceFiles(join(root, "src"));
  if (files === 0) throw new Error("no modules in src: nothing was checked");
  const options = await extractDepcruiseOptions(join(repository, ".dependency-cruiser.js"));
  const { output } = await cruise(["src"], { ...options, baseDir: root });
  if (typeof output === "string") throw new Error(`unexpected output: ${output}`);
  const modules = output.modules.filter(({ source }) => /^src\/.*\.tsx?$/.test(source)).length;
  if (modules < files) {
    throw new Error(`saw ${modules} of the ${files} files in src: is "typescript" a version 6?`);
  }
  const violations = output.summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from}${from === to ? "" : ` → ${to}`}`,
  );
  const arrows = output.modules.flatMap(({ source: from, dependencies }): Arrow[] =>
    dependencies
      .map(({ resolved: to }) => ({ from, to }))
      .filter(({ to }) => to.startsWith("src/")),
  );
  return { modules, violations: violations.sort(), picture: drawRooms(arrows, DIVIDED) };
}

async function main(): Promise<void> {
  const { modules, violations, picture } = await checkImports(repository);
  if (process.argv.includes("--picture")) {
    console.log(picture);
    return;
  }
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) {
    throw new Error(`${violations.length} imports against .dependency-cruiser.js`);
  }
  const guide = readFileSync(join(repository, "docs/CODE.md"), "utf8");
  if (PICTURE.exec(guide)?.[1] !== picture) {
    throw new Error(
      "docs/CODE.md shows other rooms: put there what `npm run imports -- --picture` prints",
    );
  }
  console.log(`${modules} modules, every import allowed`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`imports: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
