import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longer than their size says, the longest first: what begins last must not be what everybody waits for. */
const LONG = [
  "test/node/mutants-run.mass-only.test.ts",
  "test/node/over-http.test.ts",
  "test/node/kill.mass-only.test.ts",
  "test/node/deploy.mass-only.test.ts",
  "test/node/drill.mass-only.test.ts",
  "test/node/dev.test.ts",
  "test/simulation/node/planted-bugs.mass-only.test.ts",
  "test/simulation/node/hostile.mass.test.ts",
  "test/node/dead-letters.test.ts",
  "test/node/tooling-migrations.test.ts",
  "test/simulation/histories.mass.test.ts",
  "test/simulation/crash-matrix.mass.test.ts",
  "test/webhooks/poison.mass.test.ts",
  "test/conventions/fuzz.mass.test.ts",
];

/** Vitest's own order within each project, by what it remembers of the last run or by size, after the long ones. */
export class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONG.indexOf(relative(process.cwd(), moduleId).replaceAll("\\", "/"));
      return place === -1 ? LONG.length : place;
    };
    const projects = Map.groupBy(sorted, ({ project }) => project.name);
    return [...projects.values()].flatMap((one) => one.sort((a, b) => rank(a) - rank(b)));
  }
}
