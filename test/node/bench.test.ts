import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";

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

  it("says what is wrong with a figure that is none", async () => {
    const { code, problems } = await runBench("--rounds", "many");
    expect([code, problems]).toEqual([1, expect.stringContaining('--rounds is "many"')]);
  });
});
