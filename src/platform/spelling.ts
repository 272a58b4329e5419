/** What nobody sees, such as the zero-width spaces that copied text brings along. https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** The accents of Latin, Greek and Cyrillic letters, once they stand beside their letter. */
const ACCENTS = /[\u0300-\u036f]/gu;

/** Letters that Unicode does not take apart, as people spell them who have not got them on their keyboard. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ĸ: "k",
  ı: "i",
  ς: "σ",
};
const FOLDED = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

/**
 * What was typed or pasted, as it is compared: without what nobody sees and without blanks around it, each letter as one
 * character where it can be (NFC). For what people copy: e-mail addresses, codes, SKUs.
 */
export function asTyped(text: string): string {
  return text.replaceAll(INVISIBLE, "").normalize("NFC").trim();
}

/**
 * A text in plain letters, for which case, accents and ligatures make no difference: "Straße Øl Łódź" is "strasse ol
 * lodz". Scripts that it has no plain letters for stay as they are.
 */
export function fold(text: string): string {
  return text
    .replaceAll(INVISIBLE, "")
    .normalize("NFKD")
    .replaceAll(ACCENTS, "")
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(FOLDED, (letter) => LETTERS[letter] ?? letter);
}
