import { MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { postponeDeliveries } from "../deliveries/store.ts";
import { writeMessage } from "./message.ts";
import { type Outcome, post } from "./post.ts";
import { NotSent } from "./resolve-host.ts";
import { pauseAfter } from "./retry-schedule.ts";
import { signedHeaders } from "./sign.ts";
import {
  type Attempt,
  countAttempt,
  findPayload,
  findWaiting,
  insertAttempt,
  keepPayload,
  markDelivered,
  markFailed,
  markFailing,
  markHealthy,
  type Waiting,
} from "./store.ts";

/** How long an endpoint that does not answer is left alone, with all that waits for it: each try takes as long as it may. */
const QUIET_MS = MINUTE_MS;

/**
 * Tries to bring an event to an endpoint:
 *
 *     1. what is said, kept          one batch, the first time alone
 *     2. the request                 signed; the event's id says that it is the same one again
 *     3. the log, and what follows   one batch
 *
 * Dead before 3: the sweep sends it again. A failure of the endpoint is written down and not thrown, so that it keeps
 * nothing else waiting; what is thrown is the database's.
 */
export async function sendDelivery(ctx: Context, { id }: { readonly id: string }): Promise<void> {
  const [waiting] = await ctx.db.run(findWaiting(id, ctx.now()));
  if (waiting === undefined) return;
  ctx.log.set({ webhook: waiting.type, eventId: waiting.eventId, attempt: waiting.tries + 1 });
  const { quietUntil } = waiting;
  if (quietUntil !== null && quietUntil > ctx.now()) {
    await ctx.db.run(postponeDeliveries([id], quietUntil));
    return;
  }
  const body = await bodyOf(ctx, waiting);
  const started = ctx.now();
  const outcome = await send(ctx, waiting, body);
  const now = ctx.now();
  await writeDown(ctx, waiting, { ...outcome, deliveryId: id, latencyMs: now - started, now });
}

/** The bytes that each endpoint gets each time; undefined where what they are about is gone. */
async function bodyOf(ctx: Context, waiting: Waiting): Promise<string | undefined> {
  if (waiting.payload !== null) return waiting.payload;
  const message = await writeMessage(ctx, waiting);
  if (message === undefined) return undefined;
  const { eventId } = waiting;
  const [, [kept]] = await ctx.db.batch([keepPayload(eventId, message), findPayload(eventId)]);
  if (kept === undefined) return undefined;
  // Whoever it names was forgotten meanwhile: it is written anew, of what is left.
  return kept.payload ?? bodyOf(ctx, waiting);
}

async function send(ctx: Context, waiting: Waiting, body: string | undefined): Promise<Outcome> {
  const failed = (error: string) => ({ status: null, error, answered: true });
  if (body === undefined) return failed("What this event is about is gone.");
  try {
    const headers = await signedHeaders(ctx, waiting, body);
    return await post({ url: waiting.url, headers, body }, ctx.config.webhooksOut);
  } catch (error) {
    if (error instanceof NotSent) return failed(error.message);
    throw error;
  }
}

async function writeDown(ctx: Context, waiting: Waiting, attempt: Attempt): Promise<void> {
  const { status, error, answered, now } = attempt;
  ctx.log.set({ answered: status, ...(error === null ? {} : { reason: error }) });
  const log = [insertAttempt(attempt), countAttempt(attempt)] as const;
  if (error === null) {
    await ctx.db.batch([...log, markDelivered(attempt), markHealthy(waiting.endpointId)]);
    return;
  }
  ctx.log.raise("warn");
  const pause = pauseAfter(waiting.tries + 1);
  const failed = markFailed(attempt, pause === undefined ? undefined : now + pause);
  const quietUntil = answered ? null : now + QUIET_MS;
  await ctx.db.batch([...log, failed, markFailing(waiting.endpointId, now, quietUntil)]);
}
