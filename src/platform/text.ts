import * as z from "zod";

/** A control character; a line of text has none, several lines have the three that part them. */
const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_LAYOUT = /[^\P{Cc}\t\n\r]/u;
const NEW_LINE = /[\u2028\u2029]/u;
/** Makes what comes after it read the other way round. https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/u;
/** Letters, digits, signs and pictures, but for those that are drawn as nothing. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const DRAWN_AS_NOTHING = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;

const ONE_LINE = "Must be one line of text, without control characters.";
const SEVERAL_LINES = "Has a character that no text has.";
const NOTHING_TO_SEE = "Must have something in it that can be seen.";
const atMost = (chars: number) => `Must have at most ${chars} characters.`;

/** Half of a character, a code point that is none, or one that turns the text around it. */
function isBroken(text: string): boolean {
  return !text.isWellFormed() || /\p{Noncharacter_Code_Point}/u.test(text) || DIRECTION.test(text);
}

function isOneLine(text: string): boolean {
  return !(isBroken(text) || CONTROL.test(text) || NEW_LINE.test(text));
}

function hasVisible(text: string): boolean {
  return VISIBLE.test(withoutInvisible(text));
}

/** Takes out what nobody sees, such as the zero-width spaces that copied text brings along. */
function withoutInvisible(text: string): string {
  return text.replaceAll(DRAWN_AS_NOTHING, "");
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
    .refine(isOneLine, ONE_LINE)
    .refine(hasVisible, NOTHING_TO_SEE);
}

/** The same where there may be nothing. */
export function optionalLineSchema(maxChars: number) {
  return z
    .string()
    .trim()
    .max(maxChars, atMost(maxChars))
    .refine(isOneLine, ONE_LINE)
    .refine((text) => text === "" || hasVisible(text), NOTHING_TO_SEE);
}

/** Several lines, or none: descriptions, notes. Kept as they were written. */
export function linesSchema(maxChars: number) {
  return z
    .string()
    .max(maxChars, atMost(maxChars))
    .refine((text) => !(isBroken(text) || CONTROL_BUT_LAYOUT.test(text)), SEVERAL_LINES);
}
