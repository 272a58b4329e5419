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

function matchWhole({ word, run }: Part): string {
  return run === undefined ? `stems : "${stemOf(word)}"` : `words : "${run.join(" ")}"`;
}

function matchBeginning(part: Part): string {
  const whole = matchWhole(part);
  return part.word === undefined ? whole : `(words : "${part.word}" * OR ${whole})`;
}
