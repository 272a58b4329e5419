import { linkMailData, signInMailData } from "../identity/index.ts";
import { findOrder, orderTokenOf, presentOrder } from "../orders/index.ts";
import { type Tellers, Undeliverable } from "../platform/outbox/deliver.ts";
import type { MailTopic, PayloadOf } from "../platform/outbox/topics.ts";
import type { MailContext } from "./context.ts";
import type { Letter } from "./letter/letter.ts";
import { writeMail } from "./letter/write-mail.ts";
import { MailRefused } from "./mailer.ts";
import type { AboutAccount } from "./mails/about-account.ts";
import type { AboutOrder } from "./mails/about-order.ts";
import { newSignIn } from "./mails/new-sign-in.ts";
import { operators } from "./mails/operators.ts";
import { orderCanceled } from "./mails/order-canceled.ts";
import { paymentFailed } from "./mails/payment-failed.ts";
import { paymentReturned } from "./mails/payment-returned.ts";
import { receipt } from "./mails/receipt.ts";
import { refunded } from "./mails/refunded.ts";
import { resetPassword } from "./mails/reset-password.ts";
import { shipped } from "./mails/shipped.ts";
import { verifyEmail } from "./mails/verify-email.ts";

/** Sends what each promise of a mail promises. */
export const mailTellers: Pick<Tellers<MailContext>, MailTopic> = {
  "mail.receipt": aboutOrder(receipt),
  "mail.payment_returned": aboutOrder(paymentReturned),
  "mail.payment_failed": aboutOrder(paymentFailed),
  "mail.refunded": aboutOrder(refunded),
  "mail.order_canceled": aboutOrder(orderCanceled),
  "mail.shipped": aboutOrder(shipped),
  "mail.operators": tellOperators,
  "mail.verify_email": withLink("/verify-email", verifyEmail),
  "mail.reset_password": withLink("/reset-password", resetPassword),
  "mail.new_sign_in": tellOfSignIn,
};

function aboutOrder<Details>(write: (about: AboutOrder, details: Details) => Letter) {
  return async (
    ctx: MailContext,
    payload: Details & { readonly orderId: string },
    id: string,
  ): Promise<void> => {
    const [row] = await ctx.db.run(findOrder(payload.orderId));
    if (row !== undefined && row.forgottenAt !== null) return; // nobody knows whom to tell
    if (row === undefined || row.email === null)
      throw new Undeliverable("The order has no address to write to.");
    const token = await orderTokenOf(ctx, row.id);
    const orderUrl = `${ctx.config.publicUrl}/orders/${row.id}?token=${token}`;
    const letter = write({ order: presentOrder(row), orderUrl }, payload);
    await send(ctx, { to: row.email, letter, id });
  };
}

/** A mail with a link that proves who reads it. Where there is no such user, there is nobody to tell. */
function withLink(path: string, write: (about: AboutAccount) => Letter) {
  return async (
    ctx: MailContext,
    { tokenId }: { readonly tokenId: string },
    id: string,
  ): Promise<void> => {
    const found = await linkMailData(ctx, tokenId);
    if (found === undefined) return;
    const { to, name, token } = found;
    const url = `${ctx.config.publicUrl}${path}?token=${encodeURIComponent(token)}`;
    await send(ctx, { to, letter: write({ name, url }), id });
  };
}

async function tellOfSignIn(
  ctx: MailContext,
  { sessionId }: PayloadOf<"mail.new_sign_in">,
  id: string,
): Promise<void> {
  const found = await signInMailData(ctx, sessionId);
  if (found === undefined) return;
  const { to, ...signIn } = found;
  const letter = newSignIn({ ...signIn, url: `${ctx.config.publicUrl}/account/sessions` });
  await send(ctx, { to, letter, id });
}

async function tellOperators(
  ctx: MailContext,
  notice: PayloadOf<"mail.operators">,
  id: string,
): Promise<void> {
  const { operatorEmail: to } = ctx.config;
  if (to === undefined) throw new Undeliverable("OPERATOR_EMAIL is not configured any more.");
  await send(ctx, { to, letter: operators(notice), id });
}

interface Sending {
  readonly to: string;
  readonly letter: Letter;
  /** The promise's: the mail service's idempotency key. */
  readonly id: string;
}

async function send(ctx: MailContext, { to, letter, id }: Sending): Promise<void> {
  const mail = writeMail({ to, shopName: ctx.config.shopName }, letter);
  const outcome = await ctx.mailer(mail, id).catch((error: unknown) => {
    throw error instanceof MailRefused ? new Undeliverable(error.message) : error;
  });
  if (outcome === "not_configured") ctx.log.raise("warn");
  ctx.log.set({ mail: outcome });
}
