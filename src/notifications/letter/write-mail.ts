import type { Mail } from "../mail.ts";
import { htmlPart } from "./html-part.tsx";
import type { Letter } from "./letter.ts";
import { textPart } from "./text-part.ts";

/** Makes both parts of a mail from one letter. */
export function writeMail(
  { to, shopName }: { readonly to: string; readonly shopName: string },
  letter: Letter,
): Mail {
  return {
    to,
    subject: letter.subject,
    html: htmlPart(letter, shopName),
    text: textPart(letter, shopName),
  };
}
