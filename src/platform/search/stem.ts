const ENGLISH = /^[a-z]{3,}$/;

/** One letter for each of the word's: a consonant or a vowel, which is what `y` is after a consonant. */
function shapeOf(word: string): string {
  let shape = "";
  for (const letter of word) {
    const vowel = "aeiou".includes(letter) || (letter === "y" && shape.endsWith("c"));
    shape += vowel ? "v" : "c";
  }
  return shape;
}

const measure = (word: string) => shapeOf(word).match(/v+c+/g)?.length ?? 0;
const hasVowel = (word: string) => shapeOf(word).includes("v");
const endsShort = (word: string) => /cvc$/.test(shapeOf(word)) && !/[wxy]$/.test(word);

/** "berries", "glasses", "mugs"; not "glass" and not "bus". */
function withoutPlural(word: string): string {
  if (word.endsWith("sses")) return word.slice(0, -2);
  if (word.endsWith("ies")) return word.slice(0, word.length > 4 ? -2 : -1);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** "roasted", "baking", "running". */
function withoutTense(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const stem = /^(.+)(?:ed|ing)$/.exec(word)?.[1];
  if (stem === undefined || !hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/([^aeioulsz])\1$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function withoutFinalE(word: string): string {
  const stem = word.slice(0, -1);
  if (!word.endsWith("e")) return word;
  return measure(stem) > 1 || (measure(stem) === 1 && !endsShort(stem)) ? stem : word;
}

/**
 * What an English word has in common with its plural and its other forms: the first and the last step of Porter's
 * algorithm (https://tartarus.org/martin/PorterStemmer/def.txt), which is as much as the names of goods need. Words in
 * other letters are their own stems. Expects a folded word.
 */
export function stemOf(word: string): string {
  if (!ENGLISH.test(word)) return word;
  const one = withoutTense(withoutPlural(word));
  const ended = /y$/.test(one) && hasVowel(one.slice(0, -1)) ? `${one.slice(0, -1)}i` : one;
  return withoutFinalE(ended);
}
