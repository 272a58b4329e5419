import { mails } from "./shop.ts";
import { settle } from "./world.ts";

const LINK = /https:\/\/shop\.test\/[^\s"<]*/;

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The address it leads to. */
  readonly link: URL;
}

/** The mails to this address once the queue is empty, oldest first. */
export async function mailTo(email: string): Promise<Mail[]> {
  await settle();
  const mine = (await mails()).filter(({ to }) => to.includes(email));
  return mine.reverse().map(({ subject, text, html }) => ({
    subject,
    text,
    html,
    link: new URL(LINK.exec(text)?.[0] ?? "about:blank"),
  }));
}

/** The token in the newest mail to this address that leads to this page. */
export async function mailedToken(
  email: string,
  page: "/verify-email" | "/reset-password",
): Promise<string> {
  const links = (await mailTo(email)).filter(({ link }) => link.pathname === page);
  const token = links.at(-1)?.link.searchParams.get("token");
  if (token === undefined || token === null) throw new Error(`No mail to ${page}`);
  return token;
}
