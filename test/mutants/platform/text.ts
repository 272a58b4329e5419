import type { Mutant } from "../mutant.ts";

const CONVENTIONS_VISIBLE_TEXT = "test/conventions/visible-text.test.ts";

/** What people read is text that can be seen, in one line. */
export const VISIBLE_TEXT: readonly Mutant[] = [
  {
    name: "a line has control characters",
    change: ["LINE = /^[^\\p{Cc}\\p{Cs}", "LINE = /^[^\\n\\r\\p{Cs}"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line is several",
    change: ["\\u2028-\\u202e\\u2066-\\u2069]*$/u", "\\u202a-\\u202e\\u2066-\\u2069]*$/u"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line turns the text around it",
    change: ["\\u2028-\\u202e\\u2066-\\u2069]*$/u", "\\u2028-\\u2029]*$/u"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line has half a character",
    change: ["LINE = /^[^\\p{Cc}\\p{Cs}", "LINE = /^[^\\p{Cc}"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line has nothing in it that can be seen",
    change: [
      "    .refine((text) => LINE.test(text), ONE_LINE)\n    .refine((text) => VISIBLE.test(text), NOTHING_TO_SEE)",
      "    .refine((text) => LINE.test(text), ONE_LINE)",
    ],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line that may be missing has nothing in it that can be seen",
    change: [
      '.refine((text) => text === "" || VISIBLE.test(text), NOTHING_TO_SEE)',
      ".refine(() => true, NOTHING_TO_SEE)",
    ],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a note says nothing",
    change: [
      "    .refine((text) => LINES.test(text), SEVERAL_LINES)\n    .refine((text) => VISIBLE.test(text), NOTHING_TO_SEE)",
      "    .refine((text) => LINES.test(text), SEVERAL_LINES)",
    ],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "say something, where they are a note",
  },
  {
    name: "lines turn the text around them",
    change: ["\\u202a-\\u202e\\u2066-\\u2069]|[", "]|["],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "are kept as they were written",
  },
];
