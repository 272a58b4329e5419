import type { Letter } from "../letter/letter.ts";

/** What every mail about an account is made of. */
export interface AboutAccount {
  /** Who reads it. */
  readonly name: string;
  /** Where it leads. */
  readonly url: string;
}

export function accountLetter(
  { name, url }: AboutAccount,
  { subject, words, label }: { subject: string; words: string; label: string },
): Letter {
  return { subject, paragraphs: [`Hello ${name},`, words], action: { url, label } };
}
