import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/platform/errors.ts";
import { decodeCursor, encodeCursor, toPage } from "../../src/platform/http/pagination.ts";

describe("A cursor", () => {
  it("brings back the key that it was made of", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: "grapheme-ascii" }), (number, text) => {
        const cursor = encodeCursor([number, text]);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, ["number", "string"])).toEqual([number, text]);
      }),
    );
  });

  it("that was not made here is refused, never taken for something else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          const key = decodeCursor(text, ["number", "string"]);
          expect(key).toEqual([expect.any(Number), expect.any(String)]);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
    for (const [key, kinds] of [
      [["a", 1], ["string"]],
      [["a"], ["string", "number"]],
      [
        [1, "a"],
        ["string", "number"],
      ],
    ] as const) {
      expect(() => decodeCursor(encodeCursor(key), kinds)).toThrow(AppError);
    }
    for (const infinite of ['[1e999,"a"]', '[-1e999,"a"]', '[1.5,"a"]']) {
      expect(() => decodeCursor(btoa(infinite), ["number", "string"])).toThrow(AppError);
    }
  });
});

describe("A page", () => {
  it("says where the next one starts only when there is more", () => {
    const page = (rows: number[], size: number) => toPage(rows, size, (row) => [row], String);
    expect(page([1, 2, 3], 2)).toMatchObject({ items: ["1", "2"], nextCursor: encodeCursor([2]) });
    expect(page([1, 2], 2)).toMatchObject({ items: ["1", "2"], nextCursor: null });
    expect(page([], 2)).toMatchObject({ items: [], nextCursor: null });
  });
});
