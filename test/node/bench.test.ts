import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readOptions } from "../bench/options.ts";
import { runBench } from "./run-bench.ts";

const figure = expect.any(Number);
const speed = { perSecond: figure, cpuMs: figure };
const ratios = { ratio: figure, cpuRatio: figure };
const database = { roundTrips: figure, statements: figure, rowsRead: figure, rowsWritten: figure };
const measured = { ...ratios, ...speed, floor: speed, database };

describe("The bench", () => {
  it("measures routes against the floor, and prints last where it keeps what it found", async () => {
    const args = ["--only", "^(product( from memory)?|reserve)$", "--rows", "40"];
    const { code, lines, problems } = await runBench(...args, "--rounds", "1", "--seconds", "0.05");
    expect([code, problems]).toEqual([0, expect.stringContaining("3/3 reserve")]);
    const file = lines.at(-1) ?? "";
    const { routes } = JSON.parse(readFileSync(file, "utf8"));
    expect(routes).toEqual([
      { name: "product", floorIs: "statements", ...measured },
      { name: "product from memory", floorIs: "one SELECT", ...measured },
      { name: "reserve", floorIs: "statements", ...measured },
    ]);
    for (const { ratio, cpuRatio } of routes) expect(Math.min(ratio, cpuRatio)).toBeGreaterThan(0);
    const [product, kept, reserve] = routes;
    expect([product.database.roundTrips, kept.database.roundTrips]).toEqual([1, 0]);
    expect(reserve.database.rowsWritten).toBeGreaterThan(0);
    const svg = file.replace(/json$/, "svg");
    expect(readFileSync(svg, "utf8")).toContain("reserve</text>");
    for (const made of [file, svg]) rmSync(made);
  });

  it("says in words what is wrong with its options, and how it is used", async () => {
    const { code, lines, problems } = await runBench("--rounds", "many");
    expect([code, lines]).toEqual([1, [""]]);
    expect(problems).toMatch(/^--rounds is "many": .+\n\nnpm run bench -- \[options\]\n/);
    expect(problems).not.toContain("    at ");
  });

  it("says how it is used to whoever asks for that", async () => {
    const { code, lines } = await runBench("--help");
    expect([code, lines[0]]).toEqual([0, "npm run bench -- [options]"]);
    expect(lines.join("\n")).toMatch(/--rows … +orders in the shop; 0: as it is seeded \(1000 /);
  });

  it.each([
    [["--only", "health,product"], /^--only "health,product" matches no route\. .*: health, /],
    [["--only", "("], /^--only "\(" is no regular expression\. The routes are: health, /],
    [["--rounds", "0.5"], /^--rounds is "0\.5": it must be a whole number, 1 or more\./],
    [["--rounds", "0"], /^--rounds is "0": /],
    [["--rows", "1.5"], /^--rows is "1\.5": it must be a whole number, 0 or more\./],
    [["--rows", "abc"], /^--rows is "abc": /],
    [["--rows", ""], /^--rows is "": /],
    [["--rows=-1"], /^--rows is "-1": /],
    [["--connections", "Infinity"], /^--connections is "Infinity": /],
    [["--seconds", "0"], /^--seconds is "0": it must be a number above 0\./],
    [["--seconds", "Infinity"], /^--seconds is "Infinity": /],
    [["--without", "nothing"], /^--without is "nothing"\. The indexes are: .*orders_by_email,/],
    [["--without", "orders_by_email", "--profile"], /^--without shows what an index is for: /],
    [["--against", "docs"], /^--against is "docs": in .+docs is no checkout/],
    [["--fast"], /^Unknown option '--fast'/],
    [["reserve"], /^Unexpected argument 'reserve'/],
  ])("refuses %j before it builds anything", (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
    expect(() => readOptions(args)).toThrow(/\n\nnpm run bench -- \[options\]\n/);
  });

  it("takes a part of a second, a shop as it is seeded, and an index that there is", () => {
    const args = ["--seconds", "0.5", "--rows", "0", "--without", "orders_by_email"];
    expect(readOptions([...args, "--only", "HEALTH|^product$"])).toMatchObject({
      ...{ seconds: 0.5, rows: 0, without: "orders_by_email", only: /HEALTH|^product$/i },
      ...{ rounds: 9, routesOnly: true },
    });
  });
});
