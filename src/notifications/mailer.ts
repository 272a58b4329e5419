import { Resend } from "resend";
import { SECOND_MS } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import type { Mail } from "./mail.ts";

const TIMEOUT_MS = 10 * SECOND_MS;

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
export function createMailer(mail: Config["mail"], { timeoutMs = TIMEOUT_MS } = {}): Mailer {
  if (mail === undefined) return async () => "not_configured";
  const resend = new Resend(mail.apiKey, mail.apiUrl === undefined ? {} : { baseUrl: mail.apiUrl });
  return async ({ to, subject, html, text }, idempotencyKey) => {
    const { error } = await inTime(
      timeoutMs,
      resend.emails.send({ from: mail.from, to, subject, html, text }, { idempotencyKey }),
    );
    if (error === null) return "sent";
    const words = `Resend: ${error.name}: ${error.message}`;
    throw FINAL.has(error.name) ? new MailRefused(words) : new Error(words);
  };
}

/** The SDK waits for ever. Giving up is safe: the next try has the same key. */
async function inTime<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Resend did not answer in time.")), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
