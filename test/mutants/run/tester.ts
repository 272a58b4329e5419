/** A Vitest that lives in a copy of the repository and runs the tests that it is asked for, each time in a new runtime. */
import { basename, resolve } from "node:path";
import { createVitest, type TestModule, type Vitest } from "vitest/node";
import type { Outcome, Task } from "./task.ts";

/** A test that is worth naming is over in a fraction of this; one that hangs has failed. */
const PATIENCE_MS = 60_000;

const [folder = ""] = process.argv.slice(2);
process.chdir(folder);

const vitests = new Map<string, Promise<Vitest>>();

/** Which of the repository's configurations knows a test. */
function configOf(test: string): string {
  return test.startsWith("test/redis/") ? "vitest.redis.config.ts" : "vitest.config.ts";
}

function vitestOf(test: string): Promise<Vitest> {
  const config = configOf(test);
  const known = vitests.get(config) ?? startVitest(config);
  vitests.set(config, known);
  return known;
}

async function startVitest(file: string): Promise<Vitest> {
  const vitest = await createVitest(
    "test",
    {
      config: file,
      watch: false,
      bail: 1,
      silent: true,
      reporters: [{}],
      fsModuleCachePath: resolve(".vitest-cache"),
    },
    { cacheDir: resolve(".vite") },
  );
  await vitest.standalone();
  for (const { config } of vitest.projects) {
    Object.assign(config, { testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
  }
  return vitest;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";

async function run({ dies, by, changed }: Task): Promise<Outcome> {
  const vitest = await vitestOf(dies);
  for (const path of changed) vitest.invalidateFile(path);
  const file = resolve(dies);
  const project = vitest.projects.find((one) => one.matchesTestGlob(file));
  if (project === undefined) throw new Error(`${dies} is no test file`);
  const pattern = by === undefined ? {} : { testNamePattern: new RegExp(escaped(by)) };
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([
    project.createSpecification(file, pattern),
  ]);
  const outside = unhandledErrors.map((error) => `outside of a test: ${String(error)}`);
  // Vitest hands out what it remembers of earlier runs, too.
  const module = testModules.find(({ moduleId }) => moduleId === file);
  if (module === undefined) return { passed: 0, failed: [], broken: [...outside, "nothing ran"] };
  const outcome = judge(module);
  return { ...outcome, broken: [...outcome.broken, ...outside] };
}

function judge(module: TestModule): Outcome {
  const suites = [module, ...module.children.allSuites()];
  const tests = [...module.children.allTests()].map((test) => ({
    test: test.fullName,
    ...test.result(),
  }));
  return {
    passed: tests.filter(({ state }) => state === "passed").length,
    failed: tests
      .filter(({ state }) => state === "failed")
      .map(({ test, errors = [] }) => ({ test, why: firstLine(errors[0]?.message ?? "") })),
    broken: suites.flatMap((suite) =>
      suite.errors().map(({ message }) => `${basename(module.moduleId)}: ${firstLine(message)}`),
    ),
  };
}

process.on("message", async (task: Task) => {
  const outcome = await run(task).catch(
    (error): Outcome => ({ passed: 0, failed: [], broken: [String(error)] }),
  );
  process.send?.(outcome);
});
process.channel?.ref(); // a tester without work waits for more
