import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Mutant } from "../mutants/mutant.ts";
import { findPlace, readSources } from "../mutants/run/sources.ts";
import { judge, whyUseless } from "../mutants/run/verdict.ts";
import { TABLE } from "../mutants/table.ts";
import { sample } from "../simulation/world/random.ts";

const repository = resolve(import.meta.dirname, "../..");
const sources = readSources(repository);

describe("The table of mutants", () => {
  it("finds each text that it changes in one place", () => {
    const wrong = TABLE.flatMap((mutant) => {
      try {
        findPlace(mutant, sources);
        return [];
      } catch (error) {
        return [`${mutant.name}: ${error}`];
      }
    });
    expect(wrong).toEqual([]);
  });

  it("names each mutant once, and tests that are there", () => {
    const names = TABLE.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    const files = [...new Set(TABLE.map(({ dies }) => dies))];
    expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
  });
});

describe("The place of a mutant", () => {
  const found = (text: string, where: Partial<Mutant> = {}) =>
    findPlace({ name: "planted", dies: "", change: [text, "planted"], ...where }, [
      { path: "src/a.ts", text: "one two\nthree two" },
      { path: "src/b/c.ts", text: "four two" },
    ]);

  it("is where its text is, in whichever file", () => {
    expect(found("three")).toEqual({ path: "src/a.ts", line: 2, mutated: "one two\nplanted two" });
    expect(found("two", { in: "b/" })).toMatchObject({ path: "src/b/c.ts", line: 1 });
    expect(found("two", { after: "one" })).toMatchObject({ mutated: "one planted\nthree two" });
    expect(found("two", { after: "three" })).toMatchObject({ mutated: "one two\nthree planted" });
  });

  it("is nowhere when its text is in no file, or more than once", () => {
    expect(() => found("five")).toThrow("its text is in no file: five");
    expect(() => found("three", { in: "b/" })).toThrow("its text is in no file: three");
    expect(() => found("one", { after: "three" })).toThrow("its text is in no file: one");
    expect(() => found("two")).toThrow("its text is there 3 times, in src/a.ts, src/b/c.ts: two");
    expect(() => found("two", { in: "a.ts" })).toThrow("2 times, in src/a.ts: two");
    expect(() => found("one", { change: ["one", "one"] })).toThrow("changes nothing");
  });
});

describe("A sample", () => {
  const all = Array.from({ length: 100 }, (_, index) => index);

  it("is so many, each once, and what its seed says", () => {
    const some = sample(all, 30, "a");
    expect(new Set(some).size).toBe(30);
    expect(sample(all, 30, "a")).toEqual(some);
    expect(sample(all, 30, "b")).not.toEqual(some);
    expect(sample(all, 300, "a")).toEqual(all);
  });
});

describe("The verdict on a mutant", () => {
  it("calls a mutant invalid that is no SQL", () => {
    const place = { path: "src/a.ts", line: 1, mutated: "" };
    const said = (why: string) =>
      judge(place, { passed: [], failed: [{ test: "a", why }], broken: [] }).is;
    expect(said('D1_ERROR: near "FROM": syntax error: SQLITE_ERROR')).toBe("invalid");
    expect(said("D1_ERROR: CHECK constraint failed: SQLITE_CONSTRAINT")).toBe("killed");
  });

  it("calls a mutant invalid whose test fails by itself", () => {
    const failed = [{ test: "a b", why: "expected 1 to be 2" }];
    const outcome = { passed: ["a c"], failed, broken: [] };
    expect(whyUseless({ by: "b" }, outcome)).toContain('"a b" fails: expected 1 to be 2');
    expect(whyUseless({}, outcome)).toContain('"a b" fails');
    expect(whyUseless({ by: "c" }, outcome)).toBeUndefined();
    expect(whyUseless({ by: "d" }, outcome)).toBe("no test of that name was run");
    expect(whyUseless({}, { passed: [], failed: [], broken: ["no"] })).toBe("no");
    expect(whyUseless({}, undefined)).toBe("its tests did not run");
  });
});

describe("The program", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["test/mutants/mutants.ts", ...args], { encoding: "utf8" });

  it("says no when it has tried nothing", () => {
    const { status, stdout } = run("--only", "no such mutant");
    expect([status, stdout]).toEqual([1, expect.stringContaining("0 killed")]);
    expect(run("--sample", "none").status).toBe(1);
  });

  it("lists what a seed picks", () => {
    const picked = run("--list", "--sample", "3", "--seed", "a").stdout;
    expect(picked.trim().split("\n")).toHaveLength(Math.min(3, TABLE.length));
    expect(run("--list", "--sample", "3", "--seed", "a").stdout).toBe(picked);
  });
});
