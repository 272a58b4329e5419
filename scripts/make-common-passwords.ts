/**
 * Writes src/identity/passwords/common-passwords.ts from a public list ordered by frequency: the 3,000 most common ones, and
 * every other that is long enough to pass for a password here. In the order of the alphabet, which packs best.
 *
 *   node scripts/make-common-passwords.ts
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dictionary } from "@zxcvbn-ts/language-common";
import { packWords } from "../src/identity/passwords/word-list.ts";

const MOST_COMMON = 3000;
const MIN_PASSWORD_CHARS = 12;

const all: readonly string[] = dictionary["passwords-common"];
const kept = all.filter((word, rank) => rank < MOST_COMMON || word.length >= MIN_PASSWORD_CHARS);
const usable = kept.filter((word) => /^[\x21-\x7e]+$/.test(word) && !/[`\\$]/.test(word));

const words = [...new Set(usable.map((word) => word.toLowerCase()))].sort();

writeFileSync(
  join(import.meta.dirname, "../src/identity/passwords/common-passwords.ts"),
  `import { WordList } from "./word-list.ts";

/** Made by scripts/make-common-passwords.ts: ${words.length} passwords that are guessed first, in lower case. */
export const COMMON_PASSWORDS = new WordList(
  \`${packWords(words)}\`,
);
`,
);
