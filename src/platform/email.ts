import * as z from "zod";
import { asTyped } from "./spelling.ts";

/** The longest that the parts of an address may be together. https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 */
export const MAX_EMAIL_CHARS = 320;

/** Up to 64 characters before the sign, up to 63 between two dots after it. https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1, https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const PARTS = /^(?=[^@]{1,64}@)(?![^@]*@(?:[^@]*\.)?[^.@]{64})/;

/** An e-mail address as it is kept and compared, wherever it comes from: as typed, in small letters. */
export function asEmail(text: string): string {
  return asTyped(text).toLowerCase();
}

/** Whatever asks for an e-mail address, in the API, on pages and on the command line. `wrong` is said of what is none. */
export function emailAddress(wrong = "Must be an email address.") {
  return z
    .string()
    .overwrite(asEmail)
    .max(MAX_EMAIL_CHARS)
    .check(z.email(wrong), z.regex(PARTS, wrong))
    .meta({ format: "email", pattern: `${PARTS.source}${z.regexes.email.source.slice(1)}` });
}
