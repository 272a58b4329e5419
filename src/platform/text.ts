import * as z from "zod";

/**
 * One line: no control character, no half of a character, no code point that is none, none that ends a line or makes
 * what comes after it read the other way round. The patterns have the flag `u`, as every reader of JSON Schema gives it
 * to them, so the API's document says them word for word. https://json-schema.org/draft/2020-12/json-schema-core#section-6.4,
 * https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
 */
const LINE = /^[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028-\u202e\u2066-\u2069]*$/u;
/** Several lines have what parts them. */
const LINES =
  /^(?:[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]|[\t\n\r])*$/u;
/** Letters, digits, signs and pictures, but for those that are drawn as nothing. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

const ONE_LINE = "Must be one line of text, without control characters.";
const SEVERAL_LINES = "Has a character that no text has.";
const NOTHING_TO_SEE = "Must have something in it that can be seen.";
const atMost = (chars: number) => `Must have at most ${chars} characters.`;

/** Both patterns as one, because the document has one for a text: the first is of the whole of it, the second of a part. */
function documented(whole: RegExp, part: RegExp) {
  return { pattern: `^(?=[\\s\\S]*(?:${part.source}))${whole.source.slice(1)}` };
}

/**
 * One line that a person reads: names, titles, reasons, parts of an address. Blanks around it are cut off; something of
 * it can be seen, and nothing in it is a control character, half a character, or turns the text around it.
 */
export function lineSchema(maxChars: number) {
  return z
    .string()
    .trim()
    .min(1, "Must not be empty.")
    .max(maxChars, atMost(maxChars))
    .refine((text) => LINE.test(text), ONE_LINE)
    .refine((text) => VISIBLE.test(text), NOTHING_TO_SEE)
    .meta(documented(LINE, VISIBLE));
}

/** The same where there may be nothing. */
export function optionalLineSchema(maxChars: number) {
  return z
    .string()
    .trim()
    .max(maxChars, atMost(maxChars))
    .refine((text) => LINE.test(text), ONE_LINE)
    .refine((text) => text === "" || VISIBLE.test(text), NOTHING_TO_SEE)
    .meta({ pattern: `^\\s*$|${documented(LINE, VISIBLE).pattern}` });
}

/** Several lines, or none: descriptions. Kept as they were written. */
export function linesSchema(maxChars: number) {
  return z
    .string()
    .max(maxChars, atMost(maxChars))
    .refine((text) => LINES.test(text), SEVERAL_LINES)
    .meta({ pattern: LINES.source });
}

/** Several lines that say something: notes. Blanks around them are cut off. */
export function noteSchema(maxChars: number) {
  return z
    .string()
    .trim()
    .min(1, "Must not be empty.")
    .max(maxChars, atMost(maxChars))
    .refine((text) => LINES.test(text), SEVERAL_LINES)
    .refine((text) => VISIBLE.test(text), NOTHING_TO_SEE)
    .meta(documented(LINES, VISIBLE));
}
