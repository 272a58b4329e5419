import type { Letter } from "../letter/letter.ts";

/** What every mail about an account is made of. */
export interface AboutAccount {
  /** Who reads it; null where nobody has proved to be at the address, so that a stranger could have written it. */
  readonly name: string | null;
  /** Where it leads. */
  readonly url: string;
}

export function accountLetter(
  { name, url }: AboutAccount,
  { subject, words, label }: { subject: string; words: string; label: string },
): Letter {
  return {
    subject,
    paragraphs: [name === null ? "Hello," : `Hello ${name},`, words],
    action: { url, label },
  };
}
