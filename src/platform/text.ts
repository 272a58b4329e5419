import * as z from "zod";

/** Without flags, which the API's document has no words for; there it is read by code points, here by UTF-16 units. */
const TEXT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses.
  /^(?:[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*$/;

/** What a person writes: no half of a character and no control character, which a database or a reader would change. */
export function textSchema() {
  return z.string().regex(TEXT, "Has a character that no text has.");
}
