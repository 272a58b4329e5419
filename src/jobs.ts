import { indexProduct, indexVariant } from "./catalog/index.ts";
import { executeRefund, paymentEvents, reportStuckRefund } from "./checkout/index.ts";
import { jobRunner, reportStuckJob } from "./csv/index.ts";
import { indexCustomer, indexUser } from "./identity/index.ts";
import { mailTellers } from "./notifications/index.ts";
import { adoptVerifiedOrders, indexOrder } from "./orders/index.ts";
import { SECOND_MS } from "./platform/clock.ts";
import type { Statement } from "./platform/db.ts";
import { backoffMs } from "./platform/jobs/backoff.ts";
import { type Message as Job, jobSchema } from "./platform/jobs/messages.ts";
import { recordDeadLetter, UNREADABLE } from "./platform/jobs/store.ts";
import { purgeCaches } from "./platform/memory/purge.ts";
import { deliver, payloadOf, type Tellers } from "./platform/outbox/deliver.ts";
import { findOutboxRow, markDead } from "./platform/outbox/store.ts";
import { type AppContext, costOf, createContext, type Services } from "./services.ts";
import { relayDeliveries, sendDelivery } from "./subscribers/index.ts";
import { buryEvent, ignored, processEvent } from "./webhooks/index.ts";

const DEAD_LETTER_QUEUE = /-dead$/;
const RETRIES_OVER = "Every retry failed.";

/** Whose events are whose. */
const eventConsumers = { stripe: paymentEvents, resend: ignored };

const handlers: Readonly<Record<Job["type"], (ctx: AppContext, job: Job) => Promise<void>>> = {
  webhook: (ctx, job) => processEvent(ctx, job, eventConsumers),
  outbox: (ctx, job) => deliver(ctx, job, tellers),
  delivery: sendDelivery,
};

/** What each promise of the outbox means. */
const tellers: Tellers<AppContext> = {
  refund: executeRefund,
  ...mailTellers,
  email_verified: adoptVerifiedOrders,
  "cache.purge": purgeCaches,
  "search.product": indexProduct,
  "search.variant": indexVariant,
  "search.order": indexOrder,
  "search.user": indexUser,
  "search.customer": indexCustomer,
  "csv.run": jobRunner(),
};

/** Handles and settles each message by itself: one that fails does not touch the others. Never throws. */
export async function consume(
  batch: MessageBatch<unknown>,
  services: Services,
  later: (work: Promise<unknown>) => void,
): Promise<void> {
  const dead = DEAD_LETTER_QUEUE.test(batch.queue);
  const settle = dead ? bury : work;
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
      ctx.log.emit({ ms: services.now() - started, trips: costOf(ctx).trips });
    }),
  );
  if (!dead) await tellSubscribers(batch, services, later);
}

/** What these messages have changed is told at once, and so is what waited behind the deliveries among them. Else the sweep tells it. */
async function tellSubscribers(
  { queue }: MessageBatch<unknown>,
  services: Services,
  later: (work: Promise<unknown>) => void,
): Promise<void> {
  const ctx = createContext(services, {
    requestId: `queue_${crypto.randomUUID()}`,
    actor: { kind: "system", label: "system", address: "" },
    later,
    log: { event: "relay", queue },
  });
  try {
    await relayDeliveries(ctx);
  } catch (error) {
    ctx.log.note("warn", "not_relayed", error);
    ctx.log.emit();
  }
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
  const end = job && ends[job.type](job.id);
  await ctx.db.batch(end === undefined ? [record] : [record, end]);
  if (job?.type === "outbox") await reportUntold(ctx, job.id);
  message.ack();
}

/** What becomes of the row; of a delivery nothing, for its own log says when it is tried again. */
const ends: Readonly<Record<Job["type"], (id: string) => Statement | undefined>> = {
  webhook: (id) => buryEvent(id, RETRIES_OVER),
  outbox: (id) => markDead(id, RETRIES_OVER),
  delivery: () => undefined,
};

/** A mail that nobody gets is in the list of dead letters; money that does not go back is a person's matter at once, and an import whoever waits for it. */
async function reportUntold(ctx: AppContext, id: string): Promise<void> {
  const [row] = await ctx.db.run(findOutboxRow(id));
  if (row?.status !== "dead") return;
  if (row.topic === "refund") await reportStuckRefund(ctx, payloadOf("refund", row.payload));
  if (row.topic === "csv.run") await reportStuckJob(ctx, payloadOf("csv.run", row.payload));
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
