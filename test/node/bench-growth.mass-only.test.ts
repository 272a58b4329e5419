import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grows } from "../bench/growth/measure-growth.ts";
import { runBench } from "./run-bench.ts";

const figure = expect.any(Number);

describe("The bench", () => {
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
});
