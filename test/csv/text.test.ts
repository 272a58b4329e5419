import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defuse, restore } from "../../src/csv/text/cells.ts";
import { dialectOf, readLines } from "../../src/csv/text/read-lines.ts";
import { csvLines } from "../../src/csv/text/write-lines.ts";
import { amountOf, decimalOf, MINOR_UNIT_DIGITS } from "../../src/platform/money.ts";
import { roundsOf } from "../support/sample.ts";

const RUNS = { numRuns: roundsOf(200, 2000) };
const cell = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.stringMatching(/^['=+\-@\t\r\n";, a-c]{0,8}$/),
);
const table = (columns: number) =>
  fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 20 });

/** Reads a text in parts of so many characters, each of which goes on where the one before it has stopped. */
async function readInParts(text: string, size: number) {
  const dialect = dialectOf(text);
  const lines = [];
  let first = 1;
  for (let at = 0, length = size; at < text.length; ) {
    const isLast = at + length >= text.length;
    const part = await readLines(text.slice(at, at + length), { ...dialect, first, isLast });
    lines.push(...part.lines);
    first = part.next;
    at += part.consumed;
    length = part.consumed === 0 ? length * 2 : size;
    if (isLast) break;
  }
  return lines;
}

describe("A cell", () => {
  it("is read as it was written, whatever is in it", () => {
    fc.assert(
      fc.property(cell, (text) => {
        expect(restore(defuse(text))).toBe(text);
      }),
      RUNS,
    );
  });

  it("that a spreadsheet would calculate begins with an apostrophe", () => {
    for (const risky of ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r=1", "\n=1", "'=1", "''-"])
      expect(defuse(risky)).toBe(`'${risky}`);
    for (const fine of ["", "1", "a=b", "'", "it's", "'quoted'", "a;b", "2 x A-1; 1 x B"])
      expect(defuse(fine)).toBe(fine);
  });

  it("that is several for a spreadsheet has an apostrophe in each of them", () => {
    expect(defuse("x;=cmd|' /C calc'!A0;@b")).toBe("x;'=cmd|' /C calc'!A0;'@b");
    expect(defuse("x\t+1;'=1")).toBe("x\t'+1;''=1");
  });
});

describe("Lines", () => {
  it("are read as they were written, in parts of any size", async () => {
    await fc.assert(
      fc.asyncProperty(table(3), fc.integer({ min: 1, max: 50 }), async (rows, size) => {
        const text = csvLines([["a", "b", "c"], ...rows]);
        const read = await readInParts(text, size);
        expect(read.slice(1).map(({ cells }) => cells.map(restore))).toEqual(rows);
        expect(read.every(({ problem }) => problem === undefined)).toBe(true);
      }),
      RUNS,
    );
  });

  it("are numbered as in the file, where cells have several and blank ones are between", async () => {
    const text = 'a,b\n\n"x\ny","z"\n  \n1,2';
    const read = await readInParts(text, 4);
    expect(read).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 3, cells: ["x\ny", "z"] },
      { line: 6, cells: ["1", "2"] },
    ]);
  });

  it("end and are parted as whoever wrote them does", () => {
    expect(dialectOf("a;b\r\n1,5;2\r\n")).toEqual({ delimiter: ";", newline: "\r\n" });
    expect(dialectOf("a\tb\r1,1,1,1\t2")).toEqual({ delimiter: "\t", newline: "\r" });
    expect(dialectOf('"a;b;c",d\n1;1;1,2')).toEqual({ delimiter: ",", newline: "\n" });
    expect(dialectOf("sku")).toEqual({ delimiter: ",", newline: "\n" });
  });

  it("say what is wrong with their quotes", async () => {
    const problems = async (text: string) =>
      (await readInParts(text, 99)).map(({ problem }) => problem);
    expect(await problems('a,b\n"1"x,2\n')).toEqual([
      undefined,
      "Has something behind a closing quote. Quotes inside a cell are written twice.",
    ]);
    expect(await problems('a,b\n1,"2\n')).toEqual([undefined, "Has a quote that is not closed."]);
  });
});

describe("A price", () => {
  it("is read as it was written, in any currency", () => {
    const currency = fc.constantFrom(...MINOR_UNIT_DIGITS.keys());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), currency, (amount, code) => {
        expect(amountOf(decimalOf({ amount, currency: code }), code)).toBe(amount);
      }),
      RUNS,
    );
  });

  it("has no more decimals than its currency, and a point", () => {
    expect(amountOf("25", "EUR")).toBe(2500);
    expect(amountOf("25.5", "EUR")).toBe(2550);
    expect(amountOf("25.500", "EUR")).toBe(2550);
    expect(amountOf("25.505", "EUR")).toBeUndefined();
    expect(amountOf("2500", "JPY")).toBe(2500);
    for (const wrong of ["", "25,00", "-1", "1e3", "€5", "1 000", "1".repeat(20)])
      expect([wrong, amountOf(wrong, "EUR")]).toEqual([wrong, undefined]);
  });
});
