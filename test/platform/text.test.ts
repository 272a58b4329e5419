import { describe, expect, it } from "vitest";
import { linesSchema } from "../../src/platform/text.ts";

const taken = (text: string) => linesSchema(100).safeParse(text).success;

describe("A text", () => {
  it("is what people write, in any script, over several lines", () => {
    for (const text of ["", "Ada Lovelace", "日本茶 🍵", "one\r\n\ttwo", "مرحبا", "e\u0301"])
      expect([text, taken(text)]).toEqual([text, true]);
  });

  it("has no half of a character", () => {
    for (const text of ["\ud83c", "a\udf75", "\udf75\ud83c"]) expect(taken(text)).toBe(false);
  });

  it("has no character that nobody can read, but for blanks and lines", () => {
    for (const text of ["\0", "a\u0007", "\u001b[31m", "\u007f", "\u0085"])
      expect([text, taken(text)]).toEqual([text, false]);
  });
});
