import * as z from "zod";

const TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u;

/** What a person writes: no half of a character and no control character, which a database or a reader would change. */
export function textSchema() {
  return z.string().regex(TEXT, "Has a character that no text has.");
}
