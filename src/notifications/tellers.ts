import { linkMailData, signInMailData } from "../identity/index.ts";
import { findNamedLevel } from "../inventory/index.ts";
import { findReceipt, orderTokenOf, presentOrder, presentPaid } from "../orders/index.ts";
import { type Tellers, Undeliverable } from "../platform/outbox/deliver.ts";
import type { MailTopic, PayloadOf } from "../platform/outbox/topics.ts";
import { findSettings, type ShopSettings, settingsOf, shopName } from "../settings/index.ts";
import type { MailContext } from "./context.ts";
import type { Letter } from "./letter/letter.ts";
import { writeMail } from "./letter/write-mail.ts";
import { MailRefused } from "./mailer.ts";
import type { AboutAccount } from "./mails/about-account.ts";
import type { AboutOrder } from "./mails/about-order.ts";
import { lowStock } from "./mails/low-stock.ts";
import { newSignIn } from "./mails/new-sign-in.ts";
import { operators } from "./mails/operators.ts";
import { orderCanceled } from "./mails/order-canceled.ts";
import { orderPaid } from "./mails/order-paid.ts";
import { paymentFailed } from "./mails/payment-failed.ts";
import { paymentReturned } from "./mails/payment-returned.ts";
import { receipt } from "./mails/receipt.ts";
import { refunded } from "./mails/refunded.ts";
import { resetPassword } from "./mails/reset-password.ts";
import { shipped } from "./mails/shipped.ts";
import { verifyEmail } from "./mails/verify-email.ts";

/** Sends what each promise of a mail promises. */
export const mailTellers: Pick<Tellers<MailContext>, MailTopic> = {
  "mail.receipt": toBuyer(writeReceipt),
  "mail.payment_returned": aboutOrder(paymentReturned),
  "mail.payment_failed": aboutOrder(paymentFailed),
  "mail.refunded": aboutOrder(refunded),
  "mail.order_canceled": aboutOrder(orderCanceled),
  "mail.shipped": aboutOrder(shipped),
  "mail.order_paid": tellOfSale,
  "mail.low_stock": tellOfLowStock,
  "mail.operators": tellOperators,
  "mail.verify_email": withLink("/verify-email", verifyEmail),
  "mail.reset_password": withLink("/reset-password", resetPassword),
  "mail.new_sign_in": tellOfSignIn,
};

/** An order with who buys it and who sells; its buyer reads it at `path`. */
async function readSale(ctx: MailContext, orderId: string) {
  const [[row], [paid], [settings]] = await ctx.db.batch(findReceipt(orderId));
  if (row === undefined) throw new Undeliverable("There is no such order.");
  return { row, paid: paid && presentPaid(ctx, paid), settings: settingsOf(settings) };
}

function aboutOrder<Details>(write: (about: AboutOrder, details: Details) => Letter) {
  return toBuyer((about, { payload }: Sale<Details>) => write(about, payload));
}

interface Sale<Details> extends Omit<Awaited<ReturnType<typeof readSale>>, "row"> {
  readonly payload: Details;
  /** Where the receipt can be printed. */
  readonly receiptUrl: string;
}

function toBuyer<Details>(write: (about: AboutOrder, sale: Sale<Details>) => Letter) {
  return async (
    ctx: MailContext,
    payload: Details & { readonly orderId: string },
    id: string,
  ): Promise<void> => {
    const { row, ...sale } = await readSale(ctx, payload.orderId);
    if (row.forgottenAt !== null) return; // nobody knows whom to tell
    if (row.email === null) throw new Undeliverable("The order has no address to write to.");
    const page = `${ctx.config.publicUrl}/orders/${row.id}`;
    const query = `?token=${await orderTokenOf(ctx, row.id)}`;
    const about = { order: presentOrder(row), orderUrl: page + query };
    const letter = write(about, { ...sale, payload, receiptUrl: `${page}/receipt${query}` });
    await send(ctx, { to: row.email, letter, id, settings: sale.settings });
  };
}

/** What the database says was paid has been, before its receipt was promised. */
function writeReceipt(
  about: AboutOrder,
  { paid, settings, receiptUrl }: Sale<PayloadOf<"mail.receipt">>,
): Letter {
  if (paid === undefined) throw new Undeliverable("The order was not paid.");
  return receipt(about, { paid, settings, receiptUrl });
}

/** Nobody is told where there is nobody any more; of a sale the operators need not be. */
async function tellOfSale(
  ctx: MailContext,
  { orderId }: PayloadOf<"mail.order_paid">,
  id: string,
): Promise<void> {
  const { operatorEmail: to, publicUrl } = ctx.config;
  if (to === undefined) return;
  const { row, settings } = await readSale(ctx, orderId);
  const letter = orderPaid(presentOrder(row), `${publicUrl}/orders/${row.id}`);
  await send(ctx, { to, letter, id, settings });
}

async function tellOfLowStock(
  ctx: MailContext,
  { sku }: PayloadOf<"mail.low_stock">,
  id: string,
): Promise<void> {
  const { operatorEmail: to, publicUrl } = ctx.config;
  if (to === undefined) return;
  const [[level], [settings]] = await ctx.db.batch([findNamedLevel(sku), findSettings()]);
  if (level === undefined) throw new Undeliverable("There is no such SKU.");
  const letter = lowStock(level, `${publicUrl}/products/${level.slug}`);
  await send(ctx, { to, letter, id, settings: settingsOf(settings) });
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
  /** Where they were read with what the letter says. */
  readonly settings?: ShopSettings;
}

async function send(ctx: MailContext, { to, letter, id, ...read }: Sending): Promise<void> {
  const settings = read.settings ?? settingsOf((await ctx.db.run(findSettings()))[0]);
  const mail = writeMail({ to, shopName: shopName(ctx.config, settings) }, letter);
  const outcome = await ctx.mailer(mail, id).catch((error: unknown) => {
    throw error instanceof MailRefused ? new Undeliverable(error.message) : error;
  });
  if (outcome === "not_configured") ctx.log.raise("warn");
  ctx.log.set({ mail: outcome });
}
