import { executeRefund, paymentEvents, reportStuckRefund } from "./checkout/index.ts";
import { linkMailData, ownerOfToken, signInMailData } from "./identity/index.ts";
import {
  type Mail,
  MailRefused,
  newSignInMail,
  type OrderMailData,
  operatorMail,
  orderCanceledMail,
  paymentFailedMail,
  paymentReturnedMail,
  receiptMail,
  refundedMail,
  resetPasswordMail,
  shippedMail,
  verifyEmailMail,
} from "./notifications/index.ts";
import { adoptGuestOrders, findOrder, orderTokenOf, presentOrder } from "./orders/index.ts";
import { SECOND_MS, toTimestamp } from "./platform/clock.ts";
import { backoffMs } from "./platform/jobs/backoff.ts";
import { type Message as Job, jobSchema } from "./platform/jobs/messages.ts";
import { recordDeadLetter, UNREADABLE } from "./platform/jobs/store.ts";
import { deliver, payloadOf, type Tellers, Undeliverable } from "./platform/outbox/deliver.ts";
import { findOutboxRow, markDead } from "./platform/outbox/store.ts";
import { type AppContext, createContext, type Services } from "./services.ts";
import { buryEvent, ignored, processEvent } from "./webhooks/index.ts";

const DEAD_LETTER_QUEUE = /-dead$/;
const RETRIES_OVER = "Every retry failed.";

/** Whose events are whose. */
const eventConsumers = { stripe: paymentEvents, resend: ignored };

const handlers: Readonly<Record<Job["type"], (ctx: AppContext, job: Job) => Promise<void>>> = {
  webhook: (ctx, job) => processEvent(ctx, job, eventConsumers),
  outbox: (ctx, job) => deliver(ctx, job, tellers),
};

/** What each promise of the outbox means. */
const tellers: Tellers<AppContext> = {
  refund: executeRefund,
  "mail.receipt": (ctx, payload, id) => mailAboutOrder(ctx, payload, id, receiptMail),
  "mail.payment_returned": (ctx, payload, id) =>
    mailAboutOrder(ctx, payload, id, paymentReturnedMail),
  "mail.payment_failed": (ctx, payload, id) => mailAboutOrder(ctx, payload, id, paymentFailedMail),
  "mail.refunded": (ctx, payload, id) => mailAboutOrder(ctx, payload, id, refundedMail),
  "mail.order_canceled": (ctx, payload, id) => mailAboutOrder(ctx, payload, id, orderCanceledMail),
  "mail.shipped": (ctx, payload, id) => mailAboutOrder(ctx, payload, id, shippedMail),
  "mail.operators": mailOperators,
  "mail.verify_email": (ctx, payload, id) =>
    mailLink(ctx, payload, id, "/verify-email", verifyEmailMail),
  "mail.reset_password": (ctx, payload, id) =>
    mailLink(ctx, payload, id, "/reset-password", resetPasswordMail),
  "mail.new_sign_in": mailSignIn,
  email_verified: async (ctx, { tokenId }) => {
    const owner = await ownerOfToken(ctx, tokenId);
    if (owner !== undefined)
      await ctx.db.run(adoptGuestOrders(owner.email, owner.accountId, ctx.now()));
  },
};

async function mailAboutOrder<Payload extends { readonly orderId: string }>(
  ctx: AppContext,
  payload: Payload,
  id: string,
  compose: (data: OrderMailData, payload: Payload) => Mail,
): Promise<void> {
  const [row] = await ctx.db.run(findOrder(payload.orderId));
  if (row === undefined || row.email === null)
    throw new Undeliverable("The order has no address to write to.");
  const token = await orderTokenOf(ctx, row.id);
  const data = {
    shopName: ctx.config.shopName,
    to: row.email,
    orderUrl: `${ctx.config.publicUrl}/orders/${row.id}?token=${token}`,
    order: presentOrder(row),
  };
  const mail = compose(data, payload);
  await send(ctx, mail, id);
}

/** A mail with a link that proves who reads it. Where there is no such user, there is nobody to tell. */
async function mailLink(
  ctx: AppContext,
  { tokenId }: { readonly tokenId: string },
  id: string,
  path: string,
  compose: (data: { shopName: string; to: string; name: string; url: string }) => Mail,
): Promise<void> {
  const found = await linkMailData(ctx, tokenId);
  if (found === undefined) return;
  const { shopName, publicUrl } = ctx.config;
  const url = `${publicUrl}${path}?token=${encodeURIComponent(found.token)}`;
  await send(ctx, compose({ shopName, to: found.to, name: found.name, url }), id);
}

async function mailSignIn(
  ctx: AppContext,
  { sessionId }: { readonly sessionId: string },
  id: string,
): Promise<void> {
  const found = await signInMailData(ctx, sessionId);
  if (found === undefined) return;
  const { shopName, publicUrl } = ctx.config;
  const device = found.userAgent === "" ? "a program" : found.userAgent;
  const at = toTimestamp(found.createdAt);
  const data = {
    shopName,
    to: found.email,
    name: found.name,
    url: `${publicUrl}/account/sessions`,
    device,
    at,
  };
  await send(ctx, newSignInMail(data), id);
}

async function mailOperators(
  ctx: AppContext,
  { subject, text }: { readonly subject: string; readonly text: string },
  id: string,
): Promise<void> {
  const { shopName, operatorEmail: to } = ctx.config;
  if (to === undefined) throw new Undeliverable("OPERATOR_EMAIL is not configured any more.");
  await send(ctx, operatorMail({ shopName, to, subject, text }), id);
}

async function send(ctx: AppContext, mail: Mail, id: string): Promise<void> {
  const outcome = await ctx.mailer(mail, id).catch((error: unknown) => {
    throw error instanceof MailRefused ? new Undeliverable(error.message) : error;
  });
  if (outcome === "not_configured") ctx.log.raise("warn");
  ctx.log.set({ mail: outcome });
}

/** Handles and settles each message by itself: one that fails does not touch the others. Never throws. */
export async function consume(
  batch: MessageBatch<unknown>,
  services: Services,
  later: (work: Promise<unknown>) => void,
): Promise<void> {
  const settle = DEAD_LETTER_QUEUE.test(batch.queue) ? bury : work;
  await Promise.all(
    batch.messages.map(async (message) => {
      const job = jobSchema.safeParse(message.body);
      const ctx = createContext(services, {
        requestId: job.success ? job.data.requestId : message.id,
        actor: { kind: "system", label: "system", address: "" },
        later,
        log: { event: "job", queue: batch.queue, job: job.data, delivery: message.attempts },
      });
      const started = services.now();
      try {
        await settle(ctx, message, job.success ? job.data : undefined, batch.queue);
      } catch (error) {
        ctx.log.raise("warn");
        ctx.log.set({ error });
        message.retry({ delaySeconds: Math.ceil(backoffMs(message.attempts) / SECOND_MS) });
      }
      ctx.log.emit({ ms: services.now() - started, trips: ctx.db.trips });
    }),
  );
}

async function work(
  ctx: AppContext,
  message: Message<unknown>,
  job: Job | undefined,
  queue: string,
): Promise<void> {
  if (job === undefined) {
    ctx.log.raise("error");
    await ctx.db.run(deadLetter(ctx, message, queue, UNREADABLE));
  } else {
    await handlers[job.type](ctx, job);
  }
  message.ack();
}

/** What reached the dead-letter queue is written down where a person finds it, and its row stops being tried. */
async function bury(
  ctx: AppContext,
  message: Message<unknown>,
  job: Job | undefined,
  queue: string,
): Promise<void> {
  ctx.log.raise("error");
  const record = deadLetter(ctx, message, queue, job === undefined ? UNREADABLE : RETRIES_OVER);
  const rows = {
    webhook: (id: string) => buryEvent(id, RETRIES_OVER),
    outbox: (id: string) => markDead(id, RETRIES_OVER),
  };
  await ctx.db.batch(job === undefined ? [record] : [record, rows[job.type](job.id)]);
  if (job?.type === "outbox") await reportUntold(ctx, job.id);
  message.ack();
}

/** A mail that nobody gets is in the list of dead letters; money that does not go back is a person's matter at once. */
async function reportUntold(ctx: AppContext, id: string): Promise<void> {
  const [row] = await ctx.db.run(findOutboxRow(id));
  if (row?.topic !== "refund" || row.status !== "dead") return;
  await reportStuckRefund(ctx, payloadOf("refund", row.payload));
}

function deadLetter(ctx: AppContext, message: Message<unknown>, queue: string, reason: string) {
  return recordDeadLetter({
    messageId: message.id,
    queue,
    body: JSON.stringify(message.body) ?? "null",
    reason,
    requestId: ctx.requestId,
    createdAt: ctx.now(),
  });
}
