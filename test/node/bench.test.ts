import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { grows } from "../bench/growth/measure-growth.ts";

interface Ran {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly problems: string;
}

/** `npm run bench -- <args>` */
function runBench(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, ["--no-warnings", "test/bench/bench.ts", ...args]);
  let output = "";
  let problems = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    problems += chunk.toString();
  });
  return new Promise((resolve) =>
    child.once("close", (code) => resolve({ code, lines: output.trim().split("\n"), problems })),
  );
}

const figure = expect.any(Number);
const speed = { perSecond: figure, cpuMs: figure };
const ratios = { ratio: figure, cpuRatio: figure };
const database = { roundTrips: figure, statements: figure, rowsRead: figure, rowsWritten: figure };

describe("The bench", () => {
  it("measures routes against the floor, and prints last where it keeps what it found", async () => {
    const args = ["--only", "^(product|reserve)$", "--rows", "40"];
    const { code, lines, problems } = await runBench(...args, "--rounds", "1", "--seconds", "0.05");
    expect([code, problems]).toEqual([0, expect.stringContaining("2/2 reserve")]);
    const file = lines.at(-1) ?? "";
    const { routes } = JSON.parse(readFileSync(file, "utf8"));
    expect(routes).toEqual([
      { name: "product", ...ratios, ...speed, floor: speed, oneSelect: ratios, database },
      { name: "reserve", ...ratios, ...speed, floor: speed, database },
    ]);
    for (const { ratio, cpuRatio } of routes) expect(Math.min(ratio, cpuRatio)).toBeGreaterThan(0);
    expect(routes[1].database.rowsWritten).toBeGreaterThan(0);
    const svg = file.replace(/json$/, "svg");
    expect(readFileSync(svg, "utf8")).toContain("reserve</text>");
    for (const made of [file, svg]) rmSync(made);
  });

  it("says what each list reads in a shop that is larger", async () => {
    const { code, lines, problems } = await runBench("--growth", "--rows", "1500");
    expect([code, problems]).toEqual([0, expect.stringContaining("what comes at")]);
    const file = lines.at(-1) ?? "";
    const { routes, growth } = JSON.parse(readFileSync(file, "utf8"));
    expect([routes, growth.few, growth.many]).toEqual([[], 1000, 1500]);
    const orders = growth.readings.find(({ what }: { what: string }) => what === "/orders");
    const took = { rowsRead: figure, ms: figure, found: 3, heaviest: expect.any(Object) };
    expect(orders).toEqual({ what: "/orders", few: took, many: took });
    expect(orders.many.rowsRead).toBeGreaterThan(3);
    expect(growth.readings.filter(grows)).toEqual([]);
    for (const made of [file, file.replace(/json$/, "svg")]) rmSync(made);
  });

  it("says what is wrong with a figure that is none", async () => {
    const { code, problems } = await runBench("--rounds", "many");
    expect([code, problems]).toEqual([1, expect.stringContaining('--rounds is "many"')]);
  });
});
