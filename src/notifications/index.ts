export { createMailer, type Mail, MailRefused, type Mailer } from "./mailer.ts";
export { type OrderMailData, paymentReturnedMail, receiptMail } from "./order-mails.ts";
