import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Mutant } from "../mutants/mutant.ts";
import { progress, summary } from "../mutants/run/report.ts";
import { readSources } from "../mutants/run/sources.ts";
import { tryAll } from "../mutants/run/try-all.ts";

const repository = resolve(import.meta.dirname, "../..");
const sources = readSources(repository);

const TESTS = "test/inventory/reservations.test.ts";
const JUDGE = `CHECK("stock_levels"."reserved" <= "stock_levels"."on_hand")`;

/** They are about one test, so that it is run alone once. */
const PLANTED: readonly Mutant[] = [
  ["what a guard is for", JUDGE, "CHECK(1)"],
  ["nothing that a test could see", JUDGE, `${JUDGE.slice(0, -1)} AND 1)`],
  ["a migration into none", JUDGE, "CHECK("],
  ["a module into none", "export function insertReservation(", "export function ("],
  ["a text that is not there", "no such text", "at all"],
].map(([what = "", text = "", becomes = ""]): Mutant => {
  const by = "takes nothing at all when one item is short";
  return { name: `changes ${what}`, change: [text, becomes], dies: TESTS, by };
});

/** About tests of another file, after some of the first one have failed. */
const ELSEWHERE: Mutant = {
  name: "changes what the tests of another file do not look at",
  change: [JUDGE, "CHECK(1)"],
  dies: "test/platform/states.test.ts",
  by: "are the same in the database and in the code",
};

const NOWHERE: Mutant = {
  name: "is noticed by a test that is not there",
  change: [JUDGE, "CHECK(1)"],
  dies: TESTS,
  by: "no such test",
};

describe("A run of mutants", () => {
  it("kills what a test notices, names what none does, and calls nothing else a success", async () => {
    const lines: string[] = [];
    const verdicts = await tryAll(
      [...PLANTED, ELSEWHERE, NOWHERE],
      { repository, jobs: 1 },
      progress((line) => lines.push(line)),
    );
    const said = Object.fromEntries(verdicts.map(({ mutant, is }) => [mutant.name, is]));
    expect(said).toEqual({
      "changes what a guard is for": "killed",
      "changes nothing that a test could see": "survived",
      "changes a migration into none": "invalid",
      "changes a module into none": "invalid",
      "changes a text that is not there": "invalid",
      "changes what the tests of another file do not look at": "survived",
      "is noticed by a test that is not there": "invalid",
    });
    const last = summary(verdicts, 61);
    expect(last.at(-1)).toBe("1 killed, 2 survived, 4 invalid, in 1 min 1 s");
    expect(last).toContain("SURVIVED: changes nothing that a test could see");
    expect(last).toContain(`  + ${JUDGE.slice(0, -1)} AND 1)`);
    expect(last.join("\n")).toContain("migrations/0000_tables.sql:");
    expect(last.join("\n")).toContain("no test of that name was run");
    expect(lines.filter((line) => line.includes("7 of 7"))).toHaveLength(1);
    expect(readSources(repository)).toEqual(sources);
  });
});
