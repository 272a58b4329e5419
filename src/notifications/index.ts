export { newSignInMail, resetPasswordMail, verifyEmailMail } from "./identity-mails.ts";
export { createMailer, type Mail, type Mailer, MailRefused } from "./mailer.ts";
export { operatorMail } from "./operator-mail.ts";
export {
  orderCanceledMail,
  paymentFailedMail,
  paymentReturnedMail,
  refundedMail,
  shippedMail,
} from "./order-change-mails.ts";
export { type OrderMailData, receiptMail } from "./order-mails.ts";
