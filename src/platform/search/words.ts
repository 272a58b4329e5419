import { fold } from "../spelling.ts";
import { stemOf } from "./stem.ts";

/** Of a text, as much as is read: what it takes in the index is bounded by it. */
const MAX_INDEXED_CHARS = 10_000;

/** A word, or the characters of a run in which nobody can tell where a word begins. */
type Part =
  | { readonly word: string; readonly run?: never }
  | { readonly run: readonly string[]; readonly word?: never };

function partsOf(text: string): Part[] {
  // A letter or digit, with the marks that belong to it. Written here, both are only read where something is searched.
  const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
  // Scripts that put no blanks between words, or not between a word and what bends it.
  const RUN =
    /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+/gu;
  return (fold(text).match(WORD) ?? []).flatMap((found) => {
    const parts: Part[] = [];
    let end = 0;
    for (const { 0: run, index } of found.matchAll(RUN)) {
      if (index > end) parts.push({ word: found.slice(end, index) });
      parts.push({ run: [...run] });
      end = index + run.length;
    }
    return end < found.length ? [...parts, { word: found.slice(end) }] : parts;
  });
}

/** What the index keeps of a text: its words in their order, each character of a run as one, and the words' stems. */
export interface IndexedText {
  readonly words: string;
  readonly stems: string;
}

/** Changing what this says changes what is found: rebuild the index then (`npm run reindex`). */
export function indexText(text: string): IndexedText {
  const parts = partsOf(text.slice(0, MAX_INDEXED_CHARS));
  const stems = new Set(parts.flatMap(({ word }) => (word === undefined ? [] : [stemOf(word)])));
  return {
    words: parts.flatMap(({ word, run }) => run ?? [word]).join(" "),
    stems: [...stems].join(" "),
  };
}

/**
 * What a person typed, as an FTS5 query over the columns `words` and `stems`: every word must occur in one of its forms,
 * every run as it stands, and the last word may be a beginning, because somebody may still be typing it. Undefined where
 * there is no word in it. https://www.sqlite.org/fts5.html#full_text_query_syntax
 */
export function matchText(text: string): string | undefined {
  const parts = partsOf(text);
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const whole = parts.slice(0, -1).map(matchWhole);
  return [...new Set([...whole, matchBeginning(last)])].join(" AND ");
}

/** The same where nothing is a beginning: for what is whole or wrong, such as a number. */
export function matchWords(text: string): string | undefined {
  const parts = partsOf(text).map(matchWhole);
  return parts.length === 0 ? undefined : [...new Set(parts)].join(" AND ");
}

/** Words that have to stand side by side, of which the last may be a beginning. */
interface Phrase {
  readonly words: readonly string[];
  readonly beginning: boolean;
}

/**
 * What a person typed of a name or an address: each word as it is, for names have no other forms, each run, and each
 * address as a whole; the last of them may be a beginning.
 */
export function phrasesOf(text: string): readonly Phrase[] {
  const phrases = fold(text)
    .split(/\s+/u)
    .flatMap((typed): Omit<Phrase, "beginning">[] => {
      const parts = partsOf(typed).map(({ word, run }) => run ?? [word]);
      if (!typed.includes("@")) return parts.map((words) => ({ words }));
      return parts.length === 0 ? [] : [{ words: parts.flat() }];
    });
  return phrases.map((one, i) => ({ ...one, beginning: i === phrases.length - 1 }));
}

/** The same as an FTS5 query; undefined where there is no word in it. */
export function matchPhrases(phrases: readonly Phrase[]): string | undefined {
  const all = phrases.map(({ words, beginning }) => `"${words.join(" ")}"${beginning ? " *" : ""}`);
  return all.length === 0 ? undefined : [...new Set(all)].join(" AND ");
}

/** Whether a text says all of it: what the index would answer if it had the text. */
export function saysPhrases(text: string, phrases: readonly Phrase[]): boolean {
  const said = indexText(text).words.split(" ");
  return phrases.every(({ words, beginning }) =>
    said.some((_, at) =>
      words.every((word, i) => {
        const there = said[at + i];
        const open = beginning && i === words.length - 1;
        return open ? there?.startsWith(word) === true : there === word;
      }),
    ),
  );
}

function matchWhole({ word, run }: Part): string {
  return run === undefined ? `stems : "${stemOf(word)}"` : `words : "${run.join(" ")}"`;
}

function matchBeginning(part: Part): string {
  const whole = matchWhole(part);
  return part.word === undefined ? whole : `(words : "${part.word}" * OR ${whole})`;
}
