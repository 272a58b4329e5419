import type { Mutant } from "../mutant.ts";

const CONVENTIONS_VISIBLE_TEXT = "test/conventions/visible-text.test.ts";

/** What people read is text that can be seen, in one line. */
export const VISIBLE_TEXT: readonly Mutant[] = [
  {
    name: "a line has control characters",
    change: ["isBroken(text) || CONTROL.test(text)", "isBroken(text)"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line is several",
    change: [" || NEW_LINE.test(text)", ""],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line turns the text around it",
    change: [" || DIRECTION.test(text)", ""],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line has half a character",
    change: ["return !text.isWellFormed() || ", "return "],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a line has nothing in it that can be seen",
    change: [
      "    .refine(isOneLine, ONE_LINE)\n    .refine(hasVisible, NOTHING_TO_SEE);",
      "    .refine(isOneLine, ONE_LINE);",
    ],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
];
