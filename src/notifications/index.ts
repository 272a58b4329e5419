export { createMailer, MailRefused, type Mailer } from "./mailer.ts";
