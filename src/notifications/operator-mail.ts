import { escapeHtml, frame } from "./layout.ts";
import type { Mail } from "./mailer.ts";

/** "Somebody has to look at this." For those who run the shop. */
export function operatorMail(data: {
  readonly shopName: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}): Mail {
  const { shopName, to, subject, text } = data;
  const body = `<p style="margin:0;white-space:pre-line;overflow-wrap:anywhere">${escapeHtml(text)}</p>`;
  return { to, subject, html: frame(shopName, subject, body), text: `${text}\n\n${shopName}` };
}
