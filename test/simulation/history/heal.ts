import type { Random } from "../world/index.ts";
import { deliverDue, sendEvent } from "./machines.ts";
import { atStripe, refundsAtStripe, takeEvents } from "./payers.ts";
import { CRONS, type Play } from "./play.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long a bank may keep the shop waiting before it stops. */
const BANK_DAYS = 16;
const MOST_ROUNDS = 250;
/** Between two looks of the shop at what no webhook told it; in milliseconds. */
const LOOK_MS = 65 * MINUTE_MS;
const LOOKS = 2;
/** More than it needs for the longest time that a history waits. */
const MOST_LOOKS = 60;
/** The shop looks at some days at a time. */
const LOOKS_AFTER_DAYS = 6;
/** Moments that are this close together are one; in milliseconds. */
const GRAIN_MS = 2 * MINUTE_MS;

/**
 * Everything works again from here on: clients repeat what was never answered, webhooks and messages come, cron runs,
 * banks decide, and time passes until nothing is left to do. A shop that never comes to rest is a breach.
 */
export async function heal(play: Play, random: Random): Promise<void> {
  play.world.tell("# everything works again");
  play.down.clear();
  await play.prepare("heal");
  await repeatUnanswered(play, random);
  await resumeEndpoint(play);
  await pass(play, MINUTE_MS);
  await letBanksDecide(play, random);
  await comeToRest(play);
  const waiting = await waitsForBank(play);
  if (waiting) {
    await pass(play, BANK_DAYS * DAY_MS);
    await letBanksDecide(play, random);
  }
  const least = waiting || play.restores > 0 ? LOOKS_AFTER_DAYS : LOOKS;
  for (let i = 0; i < least || (i < MOST_LOOKS && (await isBehind(play))); i += 1)
    await pass(play, LOOK_MS);
  await comeToRest(play);
}

/** Whether the shop has yet to read what Stripe listed some time ago: it reads some days at a time. */
async function isBehind({ world }: Play): Promise<boolean> {
  const [row] = await world.rows<{ readUntil: number }>(
    `SELECT min(state ->> '$.events.readUntil', state ->> '$.sessions.readUntil') AS readUntil
     FROM reconciliations WHERE name = 'stripe'`,
  );
  return row !== undefined && row.readUntil < world.now - 2 * LOOK_MS;
}

async function waitsForBank(play: Play): Promise<boolean> {
  const held = await play.world.rows("SELECT id FROM reservations WHERE status = 'held' LIMIT 1");
  return held.length > 0;
}

/** A client that got no answer asks until it gets one, or gives up. */
async function repeatUnanswered(play: Play, random: Random): Promise<void> {
  for (const request of play.records.requests) {
    const wanted = request.answer === undefined && play.isFresh(request) && random.chance(0.7);
    for (let tries = 0; wanted && tries < 5 && request.answer === undefined; tries += 1) {
      await play.send(request, 0);
      play.world.now += MINUTE_MS / 2;
    }
  }
}

/** Somebody has mended what takes the events, or switched it on again. */
async function resumeEndpoint(play: Play): Promise<void> {
  const path = `/api/v1/webhook-endpoints/${play.endpoint}`;
  const body = { status: "active" };
  const answer = await play.ask(play.people.operator, ["PATCH", path], { body });
  if (answer?.status !== 200) play.records.breach(`The endpoint was answered ${answer?.text}`);
}

async function pass(play: Play, ms: number): Promise<void> {
  play.world.now += ms;
  await work(play);
}

/** One round of everything that a healthy shop and its neighbours do. */
async function work(play: Play): Promise<void> {
  await takeEvents(play);
  for (const event of play.records.events) {
    if (!event.acknowledged && !event.lost) await sendEvent(play, event, 0);
  }
  await deliverDue(play, 0);
  for (const expression of CRONS) {
    if (isTimeFor(play, expression)) await play.world.cron(expression);
  }
  await deliverDue(play, 0);
}

/** Every minute what is asked for every minute, and the rest at least once in an hour. */
function isTimeFor(play: Play, expression: string): boolean {
  if (expression === "* * * * *") return true;
  const due = play.world.now - (play.lastRuns.get(expression) ?? 0) >= LOOK_MS;
  if (due) play.lastRuns.set(expression, play.world.now);
  return due;
}

/** The next moment at which something is due; undefined when nothing is. */
async function nextDue(play: Play): Promise<number | undefined> {
  const [row] = await play.world.rows<{ due: number | null }>(`SELECT min(due) AS due FROM (
    SELECT min(wake_at) AS due FROM outbox WHERE status = 'pending'
    UNION ALL SELECT min(coalesce(wake_at, received_at)) FROM webhook_events WHERE status IN ('received', 'failed')
    UNION ALL SELECT min(wake_at) FROM webhook_deliveries
    UNION ALL SELECT min(expires_at) FROM reservations WHERE status = 'held')`);
  const waiting = play.world.queue.messages.map(({ dueAt }) => dueAt);
  const dues = [...waiting, ...(row?.due == null ? [] : [row.due])];
  return dues.length === 0 ? undefined : Math.min(...dues);
}

async function comeToRest(play: Play): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await work(play);
    const due = await nextDue(play);
    const coming = play.records.events.some(({ acknowledged, lost }) => !acknowledged && !lost);
    if (due === undefined && !coming) return;
    // A hold that waits for a bank is not work; the bank decides, or time does.
    if (due !== undefined && due > play.world.now + 2 * DAY_MS && !coming) return;
    play.world.now = Math.max(play.world.now, due ?? 0) + GRAIN_MS;
  }
  const words = play.world.log.filter((line) => !line.includes('"level":"info"')).slice(-3);
  play.records.breach(`The shop does not come to rest: ${words.join("\n")}`);
}

/** Most of what is under way at a bank ends; a little stays open, as it does. */
async function letBanksDecide(play: Play, random: Random): Promise<void> {
  for (const intent of play.records.intents) {
    const outcome = random.chance(0.6) ? "succeeded" : "failed";
    if (random.chance(0.8)) await atStripe(play, `/payments/${intent}/settle`, { outcome });
  }
  for (const { id, status } of await refundsAtStripe(play)) {
    const how = random.chance(0.8) ? "succeed" : "fail";
    if (status === "pending") await atStripe(play, `/refunds/${id}/${how}`);
  }
}
