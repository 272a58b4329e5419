import type { Random } from "../world/index.ts";
import type { Action } from "./action.ts";
import { calledFor, sessionsAtStripe } from "./check-money.ts";
import { flow } from "./machines.ts";
import { forgetSince, whatIsKnown } from "./memory.ts";
import { COMPARES, type Moment, type Play } from "./play.ts";
import { shoppers } from "./shoppers.ts";

const DAY_MS = 24 * 3_600_000;
/** Nobody goes back further than they must. */
const OLDEST_MS = 3 * DAY_MS;

/** From here on the database can be put back to now. */
export async function takeMoment(play: Play): Promise<void> {
  const database = await play.world.takeMoment();
  play.moments.push({ at: play.world.now, database, known: whatIsKnown(play.records) });
}

/** The operators put the database back, while Stripe goes on; mostly as README.md says, and at times without a thought. */
async function restore(play: Play, random: Random): Promise<void> {
  const { now } = play.world;
  const moment = random.pick(play.moments.filter(({ at }) => now - at < OLDEST_MS));
  if (moment === undefined) return;
  await comeToBuy(play, random, random.between(0, 2));
  if (random.chance(0.3)) await goBack(play, moment, "carelessly");
  else await followTheList(play, random, moment);
  for (let runs = random.between(0, 3); runs > 0; runs -= 1) {
    await play.world.cron(COMPARES, play.anyProcess(random));
  }
  await comeToBuy(play, random, random.between(0, 2));
}

/** Customers who get as far as the payment page, just before something happens to the shop and right after it. */
async function comeToBuy(play: Play, random: Random, customers: number): Promise<void> {
  for (let left = customers; left > 0; left -= 1) await shoppers.check_out.happen(play, random);
}

/** “Go back to an earlier moment”, step by step. */
async function followTheList(play: Play, random: Random, moment: Moment): Promise<void> {
  play.world.deploy({ ORDER_NUMBERS_FROM: "closed" });
  await tryToBuy(play, random);
  const [row] = await play.world.rows<{ next: number }>("SELECT next FROM order_numbers");
  const ordersFrom = Math.max(row?.next ?? 0, play.ordersFrom) + 1;
  await goBack(play, moment, "by_the_list");
  const sessions = await sessionsAtStripe(play);
  play.ordersFrom = ordersFrom;
  play.reopening = { owed: sessions.filter(({ payment_status }) => payment_status === "paid") };
  play.world.deploy({ ORDER_NUMBERS_FROM: String(ordersFrom) });
  await tryToBuy(play, random);
}

/** A closed shop sells nothing, whatever else goes on in it. */
async function tryToBuy(play: Play, random: Random): Promise<void> {
  const { reservations } = play.records;
  const before = reservations.length;
  await shoppers.reserve.happen(play, random);
  if (reservations.length > before) play.records.breach("I6: a closed shop has held goods");
  if (random.chance(0.5)) await flow(play, random);
}

async function goBack(
  play: Play,
  moment: Moment,
  how: "by_the_list" | "carelessly",
): Promise<void> {
  const { world, records, people } = play;
  const promised = await world.rows<{ id: string }>("SELECT id FROM outbox");
  for (const { id } of promised) records.promisedBefore.add(id);
  await world.goBack(moment.database);
  forgetSince(records, moment.known, how);
  play.moments.splice(play.moments.indexOf(moment) + 1);
  // What signed their tokens may not be there any more.
  for (const { account } of people.shoppers) delete account?.token;
  const when = new Date(moment.at).toISOString();
  world.tell(`the database goes back to ${when}, ${how}`);
  world.count(`restores ${how}`);
  play.restores += 1;
}

/** I6: a shop that was put back opens once every payment of before has its order, or somebody was called to it. */
export async function checkOpening(play: Play): Promise<void> {
  const { reopening, ordersFrom } = play;
  const [row] = await play.world.rows<{ openedFrom: number }>(
    "SELECT opened_from AS openedFrom FROM opening",
  );
  if (reopening === undefined || row?.openedFrom !== ordersFrom) return;
  play.reopening = undefined;
  play.world.count("opened again");
  const orders = await play.world.rows<{ id: string }>("SELECT id FROM orders");
  const there = new Set(orders.map(({ id }) => id));
  const called = await calledFor(play);
  for (const { id, client_reference_id: orderId } of reopening.owed) {
    if (there.has(orderId)) continue;
    if (called.has(id)) play.world.count("lost orders for a person");
    else play.records.breach(`I6: the shop opened without ${orderId}, which was paid`);
  }
}

/** At the end of a history. */
export async function checkOpen(play: Play): Promise<void> {
  await checkOpening(play);
  const [row] = await play.world.rows<{ openedFrom: number }>(
    "SELECT opened_from AS openedFrom FROM opening",
  );
  if (row?.openedFrom !== play.ordersFrom)
    play.records.breach(`The shop is open from ${row?.openedFrom}, not from ${play.ordersFrom}`);
}

/** I6: a number is one order's, and an order keeps it. A restore without the list may have given one out again. */
export async function checkNumbers(play: Play): Promise<void> {
  const sure = play.records.orders.filter(({ lost }) => lost !== "carelessly");
  for (const [number, orders] of Map.groupBy(sure, (order) => order.number)) {
    const ids = new Set(orders.map(({ id }) => id));
    if (ids.size > 1)
      play.records.breach(`I6: #${number} was given out to ${[...ids].join(" and ")}`);
  }
  const rows = await play.world.rows<{ id: string; number: number }>(
    "SELECT id, number FROM orders",
  );
  const numbers = new Map(rows.map(({ id, number }) => [id, number]));
  const careless = sure.length < play.records.orders.length;
  for (const { id, number, lost } of sure) {
    // One that is written again gets another number where a number was given out again.
    if (lost !== undefined && careless) continue;
    const now = numbers.get(id) ?? number;
    if (now !== number) play.records.breach(`I6: ${id} was #${number} and is #${now}`);
  }
}

export const restores = {
  take_moment: { weight: 3, together: false, happen: takeMoment },
  restore: { weight: 2, together: false, happen: restore },
} satisfies Record<string, Action>;
