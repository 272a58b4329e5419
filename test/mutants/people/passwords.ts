import type { Mutant } from "../mutant.ts";

const TESTS = "test/identity/passwords.test.ts";

/** What a password may be. */
export const PASSWORDS: readonly Mutant[] = [
  {
    name: "a password of eleven characters",
    change: ["const MIN_PASSWORD_CHARS = 12;", "const MIN_PASSWORD_CHARS = 11;"],
    in: "passwords/",
    dies: TESTS,
    by: "is 12 to 128 characters",
  },
  {
    name: "a password of 129 characters",
    change: ["  .refine((text) => chars(text) <= MAX_PASSWORD_CHARS, tooLong)\n", ""],
    dies: TESTS,
    by: "is 12 to 128 characters",
  },
  {
    name: "a common password",
    change: [
      "forms.some((word) => COMMON_PASSWORDS.has(word)) ||",
      "(forms.length > 99 && COMMON_PASSWORDS.size > 0) ||",
    ],
    dies: TESTS,
    by: "is refused in capitals, in wide letters, said twice, or as a row of keys",
  },
  {
    name: "a password of one row of keys",
    change: ["|| isMonotonous(forms[0])", ""],
    dies: TESTS,
    by: "is refused in capitals, in wide letters, said twice, or as a row of keys",
  },
  {
    name: "a password is another one on another keyboard",
    change: [`return password.normalize("NFKC");`, "return password;"],
    dies: TESTS,
    by: "is the same password however a keyboard composes it",
  },
  {
    name: "the end of a password does not count",
    change: [`return text.padEnd(encoder.encode(text).length, "\\0");`, "return text;"],
    dies: TESTS,
    by: "counts to its last letter",
  },
  {
    name: "a weak hash stays weak",
    change: ["outdated: right && !hash.startsWith(PHC_PREFIX)", "outdated: false"],
    dies: TESTS,
    by: "with weaker parameters still signs in, and is stronger afterwards",
  },
  {
    name: "a password is hashed with less memory",
    change: ["memoryCost: 19 * 1024,", "memoryCost: 8 * 1024,"],
    dies: TESTS,
    by: "is an Argon2id hash in PHC format with OWASP's parameters, and different each time",
  },
];
