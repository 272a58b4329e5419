import * as z from "zod";
import { COMMON_PASSWORDS } from "./common-passwords.ts";
import { normalizePassword } from "./password-parameters.ts";

const MIN_PASSWORD_CHARS = 12;
const MAX_PASSWORD_CHARS = 128;
const tooLong = { error: `Must have at most ${MAX_PASSWORD_CHARS} characters.`, abort: true };
/** Four UTF-16 units a character leave room for accents spelled apart. */
const MAX_PASSWORD_UNITS = MAX_PASSWORD_CHARS * 4;

const chars = (text: string) => [...text.normalize("NFKC")].length;

/** A new password: 12 to 128 characters (NIST SP 800-63B-4, 3.1.1.2), none that is guessed first. */
export const passwordSchema = z
  .string()
  .max(MAX_PASSWORD_UNITS, tooLong)
  .refine((text) => chars(text) >= MIN_PASSWORD_CHARS, {
    error: `Must have at least ${MIN_PASSWORD_CHARS} characters.`,
    abort: true,
  })
  .refine((text) => chars(text) <= MAX_PASSWORD_CHARS, tooLong)
  .refine((text) => !isCommon(text), "Is too easy to guess. A few unrelated words are good.");

/** True for what is guessed first: a common password, also with digits and signs around it, or said twice. */
function isCommon(password: string): boolean {
  const plain = normalizePassword(password).toLowerCase();
  const core = plain.replaceAll(/^[^a-z]+|[^a-z]+$/g, "");
  const once = /^(.+?)\1+$/.exec(plain)?.[1];
  return (
    [plain, core, once].some(
      (word) => word !== undefined && word !== "" && COMMON_PASSWORDS.has(word),
    ) || isMonotonous(plain)
  );
}

/** Too few different characters, or all of them in the order of the alphabet or the digits. */
function isMonotonous(password: string): boolean {
  const codes = [...password].map((char) => char.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  return new Set(codes).size < 5 || steps.every((step) => step === steps[0]);
}
