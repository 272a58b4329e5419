import * as z from "zod";
import { invalidField } from "../../platform/errors.ts";
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
  .refine((text) => !isCommon(text), "Is too easy to guess. A few unrelated words are good.")
  .meta({
    minLength: MIN_PASSWORD_CHARS,
    maxLength: MAX_PASSWORD_CHARS,
    description:
      "Counted after NFKC, each code point as one. None that is guessed first, nor one's own email address.",
  });

/** Refuses what a guesser knows without a list: the address that one signs in with, whole or the part before its @. */
export function assertNotOwnAddress(password: string, email: string): void {
  const [local = ""] = email.split("@");
  if (formsOf(password).some((form) => form === email || form === local || form === core(local)))
    throw invalidField("password", "Must not be your email address.");
}

/** True for what is guessed first: a common password, also with digits and signs around it, or said twice. */
function isCommon(password: string): boolean {
  const forms = formsOf(password);
  return forms.some((word) => COMMON_PASSWORDS.has(word)) || isMonotonous(forms[0]);
}

/** In small letters: as it is, without digits and signs around it, and once where it is said twice. */
function formsOf(password: string): readonly [string, ...string[]] {
  const plain = normalizePassword(password).toLowerCase();
  const once = /^(.+?)\1+$/.exec(plain)?.[1] ?? "";
  return [plain, ...[core(plain), once].filter((form) => form !== "")];
}

const core = (text: string) => text.replaceAll(/^[^a-z]+|[^a-z]+$/g, "");

/** Too few different characters, or all of them in the order of the alphabet or the digits. */
function isMonotonous(password: string): boolean {
  const codes = [...password].map((char) => char.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  return new Set(codes).size < 5 || steps.every((step) => step === steps[0]);
}
