/** A Vitest that lives in a copy of the repository and runs the tests that it is asked for, each time in a new runtime. */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { createVitest, type TestModule, type TestSpecification, type Vitest } from "vitest/node";
import type { Outcome, Outcomes, Task, Tests } from "./task.ts";

/** A test that is worth naming is over in a fraction of this; one that hangs has failed. */
const PATIENCE_MS = 60_000;

const [folder = ""] = process.argv.slice(2);
process.chdir(folder);

const vitests = new Map<string, Promise<Vitest>>();

/** Which of the repository's configurations knows a test. */
function configOf({ file }: Tests): string {
  return file.startsWith("test/redis/") ? "vitest.redis.config.ts" : "vitest.config.ts";
}

function vitestOf(config: string): Promise<Vitest> {
  const known = vitests.get(config) ?? startVitest(config);
  vitests.set(config, known);
  return known;
}

async function startVitest(config: string): Promise<Vitest> {
  const fsModuleCachePath = resolve(".vitest-cache");
  const vitest = await createVitest(
    "test",
    { config, mode: "whole", watch: false, silent: true, reporters: [{}], fsModuleCachePath },
    { cacheDir: resolve(".vite") },
  );
  await vitest.standalone();
  for (const project of vitest.projects) {
    Object.assign(project.config, { testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
  }
  return vitest;
}

async function perform({ tests, untilOneFails, changed }: Task): Promise<Outcomes> {
  const outcomes: Record<string, Outcome> = {};
  for (const [config, some] of Map.groupBy(tests, configOf)) {
    const vitest = await vitestOf(config);
    for (const path of changed) vitest.invalidateFile(path);
    vitest.config.bail = untilOneFails ? 1 : 0;
    Object.assign(outcomes, await run(vitest, some));
  }
  return outcomes;
}

async function run(vitest: Vitest, tests: readonly Tests[]): Promise<Outcomes> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
    tests.flatMap((some) => specify(vitest, some) ?? []),
  );
  const outside = unhandledErrors.map((error) => `outside of a test: ${String(error)}`);
  const outcomes = tests.map(({ file }): [string, Outcome] => {
    // Vitest hands out what it remembers of earlier runs, too.
    const module = testModules.find(({ moduleId }) => moduleId === resolve(file));
    if (module === undefined)
      return [file, { passed: [], failed: [], broken: [`${file} was not run`, ...outside] }];
    const outcome = judge(module);
    return [file, { ...outcome, broken: [...outcome.broken, ...outside] }];
  });
  return Object.fromEntries(outcomes);
}

/** Undefined for what is no test file. */
function specify({ projects }: Vitest, { file, by }: Tests): TestSpecification | undefined {
  const path = resolve(file);
  const project = existsSync(path) && projects.find((one) => one.matchesTestGlob(path));
  const names = by?.map(escaped).join("|");
  const only = names === undefined ? {} : { testNamePattern: new RegExp(names) };
  return project ? project.createSpecification(path, only) : undefined;
}

function judge(module: TestModule): Outcome {
  const suites = [module, ...module.children.allSuites()];
  const tests = [...module.children.allTests()].map((test) => ({
    test: test.fullName,
    ...test.result(),
  }));
  return {
    passed: tests.filter(({ state }) => state === "passed").map(({ test }) => test),
    failed: tests
      .filter(({ state }) => state === "failed")
      .map(({ test, errors = [] }) => ({ test, why: firstLine(errors[0]?.message ?? "") })),
    broken: suites.flatMap((suite) =>
      suite.errors().map(({ message }) => `${basename(module.moduleId)}: ${firstLine(message)}`),
    ),
  };
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";

process.on("message", async (task: Task) => {
  const failed = (error: unknown): Outcomes => {
    const outcome = { passed: [], failed: [], broken: [String(error)] };
    return Object.fromEntries(task.tests.map(({ file }) => [file, outcome]));
  };
  process.send?.(await perform(task).catch(failed));
});
process.channel?.ref(); // a tester without work waits for more
