export { createMailer, type Mailer } from "./mailer.ts";
export { mailTellers } from "./tellers.ts";
