/** `A` says that a word begins with nothing of the one before it, `B` that with one letter, and so on to `Z`. */
const NOTHING = "A".charCodeAt(0);
const MOST = "Z".charCodeAt(0) - NOTHING;

/** Packs small words in the order of the alphabet: of each, what it shares with the one before it is a capital letter. */
export function packWords(words: readonly string[]): string {
  return words.map((word, i) => packed(word, words[i - 1] ?? "")).join("");
}

function packed(word: string, before: string): string {
  let shared = 0;
  while (shared < MOST && shared < word.length && word[shared] === before[shared]) shared += 1;
  return String.fromCharCode(NOTHING + shared) + word.slice(shared);
}

/** Packed words without a capital letter, unpacked when somebody first asks for one: exactly these, and no other. */
export class WordList implements Iterable<string> {
  readonly #packed: string;
  #words: Set<string> | undefined;

  constructor(text: string) {
    this.#packed = text;
  }

  has(word: string): boolean {
    return this.#unpacked().has(word);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#unpacked().values();
  }

  #unpacked(): Set<string> {
    this.#words ??= new Set(unpack(this.#packed));
    return this.#words;
  }
}

function unpack(text: string): string[] {
  let before = "";
  return text.split(/(?=[A-Z])/).map((part) => {
    before = before.slice(0, part.charCodeAt(0) - NOTHING) + part.slice(1);
    return before;
  });
}
