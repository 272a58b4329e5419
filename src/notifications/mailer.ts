import { Resend } from "resend";
import type { Config } from "../platform/config.ts";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Sends one mail; `idempotencyKey` makes a repeated call the same mail. Throws `MailRefused` when no retry can help. */
export type Mailer = (mail: Mail, idempotencyKey: string) => Promise<"sent" | "not_configured">;

/** Resend will never take this mail: its address or content is wrong. */
export class MailRefused extends Error {
  override readonly name = "MailRefused";
}

/** https://resend.com/docs/api-reference/errors: what sending again does not change. */
const FINAL = new Set([
  "validation_error",
  "missing_required_field",
  "invalid_from_address",
  "invalid_attachment",
  "invalid_parameter",
  "invalid_idempotent_request",
]);

/** The one place that speaks to Resend. Without a key nothing is sent, and the caller is told. */
export function createMailer(mail: Config["mail"]): Mailer {
  if (mail === undefined) return async () => "not_configured";
  const resend = new Resend(mail.apiKey, mail.apiUrl === undefined ? {} : { baseUrl: mail.apiUrl });
  return async ({ to, subject, html, text }, idempotencyKey) => {
    const { error } = await resend.emails.send(
      { from: mail.from, to, subject, html, text },
      { idempotencyKey },
    );
    if (error === null) return "sent";
    const words = `Resend: ${error.name}: ${error.message}`;
    throw FINAL.has(error.name) ? new MailRefused(words) : new Error(words);
  };
}
