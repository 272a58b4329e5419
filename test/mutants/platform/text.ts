import type { Mutant } from "../mutant.ts";

const CONVENTIONS_VISIBLE_TEXT = "test/conventions/visible-text.test.ts";
const DOCUMENTED = "test/conventions/documented-input.test.ts";

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
    name: "a line has what is no character at all",
    change: ["LINE = /^[^\\p{Cc}\\p{Cs}\\p{Noncharacter_Code_Point}", "LINE = /^[^\\p{Cc}\\p{Cs}"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "what is drawn as nothing can be seen",
    change: ["(?![\\p{Default_Ignorable_Code_Point}\\u2800])", "(?![\\u2800])"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "a blank of Braille can be seen",
    change: ["\\p{Default_Ignorable_Code_Point}\\u2800]", "\\p{Default_Ignorable_Code_Point}]"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "is one line that can be seen",
  },
  {
    name: "lines have control characters",
    change: [
      "/^(?:[^\\p{Cc}\\p{Cs}\\p{Noncharacter_Code_Point}",
      "/^(?:[^\\0\\p{Cs}\\p{Noncharacter_Code_Point}",
    ],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "are kept as they were written",
  },
  {
    name: "lines have half a character",
    change: [
      "/^(?:[^\\p{Cc}\\p{Cs}\\p{Noncharacter_Code_Point}",
      "/^(?:[^\\p{Cc}\\p{Noncharacter_Code_Point}",
    ],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "are kept as they were written",
  },
  {
    name: "lines have what is no character at all",
    change: ["/^(?:[^\\p{Cc}\\p{Cs}\\p{Noncharacter_Code_Point}", "/^(?:[^\\p{Cc}\\p{Cs}"],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "are kept as they were written",
  },
  {
    name: "the document does not say what a line may be",
    change: [
      "return { pattern: `^(?=[\\\\s\\\\S]*(?:${part.source}))${whole.source.slice(1)}` };",
      "return { pattern: `^.*${String(part && whole).slice(0, 0)}` };",
    ],
    dies: DOCUMENTED,
  },
  {
    name: "a line has no end",
    change: ["    .max(maxChars, atMost(maxChars))\n", ""],
    in: "platform/text",
    after: "export function lineSchema(maxChars: number) {",
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "POST /products title has an end",
  },
  {
    name: "a line that may be missing has no end",
    change: ["    .max(maxChars, atMost(maxChars))\n", ""],
    in: "platform/text",
    after: "export function optionalLineSchema(maxChars: number) {",
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "POST /checkouts shippingAddress.line2 has an end",
  },
  {
    name: "lines have no end",
    change: ["    .max(maxChars, atMost(maxChars))\n", ""],
    in: "platform/text",
    after: "export function linesSchema(maxChars: number) {",
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "Several lines of text > have an end",
  },
  {
    name: "a note has no end",
    change: ["    .max(maxChars, atMost(maxChars))\n", ""],
    in: "platform/text",
    after: "export function noteSchema(maxChars: number) {",
    dies: "test/orders/attention.test.ts",
    by: "not without saying how",
  },
  {
    name: "a line keeps the blanks around it",
    change: ["    .trim()\n", ""],
    in: "platform/text",
    after: "export function lineSchema(maxChars: number) {",
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "has no blanks around it",
  },
  {
    name: "a note keeps the blanks around it",
    change: ["    .trim()\n", ""],
    in: "platform/text",
    after: "export function noteSchema(maxChars: number) {",
    dies: "test/orders/attention.test.ts",
    by: "with a note in the history",
  },
  {
    name: "a line of blanks is not called empty",
    change: [`    .min(1, "Must not be empty.")\n`, ""],
    in: "platform/text",
    after: "export function lineSchema(maxChars: number) {",
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "has no blanks around it",
  },
  {
    name: "lines turn the text around them",
    change: ["\\u202a-\\u202e\\u2066-\\u2069]|[", "]|["],
    dies: CONVENTIONS_VISIBLE_TEXT,
    by: "are kept as they were written",
  },
];
