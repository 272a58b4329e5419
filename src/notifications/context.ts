import type { IdentityContext } from "../identity/index.ts";
import type { Mailer } from "./mailer.ts";

/** What the tellers of mails need. */
export interface MailContext extends IdentityContext {
  readonly mailer: Mailer;
}
