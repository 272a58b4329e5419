import * as z from "zod";

const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** What a person writes: no half of a character and no control character, which a database or a reader would change. */
export function textSchema() {
  return z
    .string()
    .refine(
      (text) => text.isWellFormed() && !CONTROL.test(text),
      "Has a character that no text has.",
    );
}
