import { signatureHeader } from "../../../emulators/stripe/webhooks/signature.ts";
import { FAULTS, type Fault, type QueuedMessage, type Random, SECRETS } from "../world/index.ts";
import { DAY_MORE } from "../world/retention-clock.ts";
import type { Action } from "./action.ts";
import { CRONS, type Party, type Play, RECONCILES } from "./play.ts";
import type { PendingEvent } from "./records.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const BATCH = 10;

/** Stripe sends an event; what is not answered 200 it sends again. */
export async function sendEvent(play: Play, pending: PendingEvent, process: number): Promise<void> {
  const { body, type } = pending.event;
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    "Stripe-Signature": await signatureHeader(body, SECRETS.STRIPE_WEBHOOK_SECRET, play.world.now),
  };
  play.world.tell(`webhook ${type} ${pending.event.eventId}`);
  const answer = await play.world.request("POST", "/webhooks/stripe", { body, headers, process });
  play.world.count("webhooks");
  if (answer?.status === 200) {
    if (pending.acknowledged) play.world.count("duplicate webhooks");
    pending.acknowledged = true;
  } else if (answer !== undefined && answer.status < 500) {
    play.records.breach(`${type} was answered ${answer.status} ${answer.text}`);
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.between(0, left.length - 1), 1));
}

/** Some of the events that wait, in any order, one after the other or all at once; and some that came before. */
async function deliverEvents(play: Play, random: Random): Promise<void> {
  const { events } = play.records;
  const waiting = events.filter(({ acknowledged, lost }) => !acknowledged && !lost);
  const again = events.filter(({ acknowledged, lost }) => acknowledged && !lost);
  const some = shuffled(waiting, random).slice(0, random.between(1, 8));
  const copy = random.chance(0.3) ? random.pick(again) : undefined;
  const all = copy === undefined ? some : [...some, copy];
  const send = (one: PendingEvent) => sendEvent(play, one, play.anyProcess(random));
  if (random.chance(0.5)) await Promise.all(all.map(send));
  else for (const one of all) await send(one);
}

/** An event that never comes: Stripe has given up on it, or was never told where to. */
async function loseEvent(play: Play, random: Random): Promise<void> {
  if (!RECONCILES) return;
  const waiting = play.records.events.filter(({ acknowledged, lost }) => !acknowledged && !lost);
  const event = random.pick(waiting);
  if (event === undefined) return;
  event.lost = true;
  play.world.count("lost webhooks");
}

function batches(messages: readonly QueuedMessage[]): QueuedMessage[][] {
  const sameQueue = Map.groupBy(messages, ({ queue }) => queue);
  return [...sameQueue.values()].flatMap((some) =>
    Array.from({ length: Math.ceil(some.length / BATCH) }, (_, i) =>
      some.slice(i * BATCH, (i + 1) * BATCH),
    ),
  );
}

/** Everything that is due, in batches of one queue each. */
export async function deliverDue(play: Play, process: number): Promise<void> {
  for (const batch of batches(play.world.queue.due())) await play.world.deliver(batch, process);
}

/** The queue hands out some of what is due, in any order; now and then the same to two consumers. */
async function deliverMessages(play: Play, random: Random): Promise<void> {
  const due = shuffled(play.world.queue.due(), random).slice(0, random.between(1, 12));
  for (const batch of batches(due)) {
    const first = play.world.deliver(batch, play.anyProcess(random));
    if (!random.chance(0.15)) await first;
    else await Promise.all([first, play.world.deliver(batch, play.anyProcess(random))]);
  }
}

/** As on a good day: what is to be told is told, and done. */
export async function flow(play: Play, random: Random): Promise<void> {
  const process = play.anyProcess(random);
  for (const event of play.records.events) {
    if (!event.acknowledged && !event.lost) await sendEvent(play, event, process);
  }
  await deliverDue(play, process);
  await deliverDue(play, process);
}

async function loseMessage(play: Play, random: Random): Promise<void> {
  const message = random.pick(play.world.queue.messages);
  if (message === undefined) return;
  play.world.queue.remove(message);
  play.world.count("lost messages");
}

async function runCron(play: Play, random: Random): Promise<void> {
  const expression = random.chance(0.7) ? "* * * * *" : random.pick(CRONS);
  if (expression !== undefined) await play.world.cron(expression, play.anyProcess(random));
}

async function overlapCron(play: Play, random: Random): Promise<void> {
  await Promise.all([runCron(play, random), runCron(play, random)]);
}

/** Time passes; the minutes of it that cron runs in are few, as if the others had been missed. */
async function wait(play: Play, random: Random, ms: number): Promise<void> {
  play.world.now += ms;
  if (ms >= 10 * MINUTE_MS && random.chance(0.6)) await play.world.cron("* * * * *");
}

/** A month and more goes by, with a quiet day now and then, and what is over is let go of. */
async function waitMonth(play: Play, random: Random): Promise<void> {
  for (let fortnight = 0; fortnight < 3; fortnight += 1) {
    play.world.now += random.between(11, 14) * 24 * HOUR_MS;
    for (const expression of CRONS) await play.world.cron(expression, play.anyProcess(random));
    await flow(play, random);
  }
  // As if the purge had run on each of these days.
  while ((await play.world.rows(DAY_MORE, play.world.now)).length > 0);
  await Promise.all([1, 2].map(() => play.world.cron("*/5 * * * *", play.anyProcess(random))));
  play.world.count("months");
}

/** Clocks of machines are set right now and then. */
async function jump(play: Play, random: Random): Promise<void> {
  play.world.now += random.between(-5, 5) * SECOND_MS;
}

async function kill(play: Play, random: Random): Promise<void> {
  play.world.kill(play.anyProcess(random));
  play.world.count("killed between requests");
}

/** Somebody cannot be reached until further notice, or can be again. */
async function breakDown(play: Play, random: Random): Promise<void> {
  if (play.down.size > 0) return play.down.clear();
  const party = random.weighted<Party>({
    ...{ stripe: 4, resend: 3, queue: 2, database: 1, subscriber: 2, dns: 0.5 },
  });
  const faults = FAULTS.filter((fault) => !fault.startsWith("crash"));
  const fault: Fault = random.pick(faults) ?? "error";
  play.down.set(party, fault);
  play.world.count(`outage ${party}`);
}

export const machines = {
  flow: { weight: 14, together: true, happen: flow },
  deliver_events: { weight: 8, together: true, happen: deliverEvents },
  lose_event: { weight: 1.5, together: false, happen: loseEvent },
  deliver_messages: { weight: 8, together: true, happen: deliverMessages },
  lose_message: { weight: 1.5, together: false, happen: loseMessage },
  cron: { weight: 8, together: true, happen: runCron },
  overlap_cron: { weight: 2, together: false, happen: overlapCron },
  wait_seconds: {
    weight: 6,
    together: false,
    happen: (play, random) => wait(play, random, random.between(1, 90) * SECOND_MS),
  },
  wait_minutes: {
    weight: 7,
    together: false,
    happen: (play, random) => wait(play, random, random.between(2, 20) * MINUTE_MS),
  },
  wait_hours: {
    weight: 1.5,
    together: false,
    happen: (play, random) => wait(play, random, random.between(1, 30) * HOUR_MS),
  },
  wait_days: {
    weight: 0.7,
    together: false,
    happen: (play, random) => wait(play, random, random.between(2, 16) * 24 * HOUR_MS),
  },
  wait_month: { weight: 0.4, together: false, happen: waitMonth },
  clock_jump: { weight: 1, together: false, happen: jump },
  kill: { weight: 1.5, together: false, happen: kill },
  break_down: { weight: 1.5, together: false, happen: breakDown },
} satisfies Record<string, Action>;
