import type { Random } from "../world/index.ts";
import type { Action } from "./action.ts";
import { SKUS } from "./goods.ts";
import { flow } from "./machines.ts";
import { payFor } from "./payers.ts";
import type { Caller } from "./people.ts";
import type { Play } from "./play.ts";
import { KEPT_MS, type KeyedRequest, type PlacedOrder } from "./records.ts";

const PAGES = { successUrl: "https://a.test/thanks", cancelUrl: "https://a.test/cart" };

function someItems(random: Random): { sku: string; quantity: number }[] {
  // One currency an order; the last SKU is in another one, and sometimes somebody tries to mix them.
  const euros = SKUS.slice(0, -1);
  const skus = random.chance(0.15) ? SKUS : random.chance(0.2) ? SKUS.slice(-1) : euros;
  const count = random.chance(0.3) ? 2 : 1;
  return Array.from({ length: count }, () => ({
    sku: random.pick(skus) ?? SKUS[0],
    quantity: random.chance(0.8) ? 1 : random.between(2, 4),
  }));
}

async function reserve(play: Play, random: Random): Promise<void> {
  const who = play.anyShopper(random);
  const body = { items: someItems(random) };
  const request = play.newRequest("reservation", who, { path: "/api/v1/reservations", body });
  await play.send(request, play.anyProcess(random));
}

function newCheckout(play: Play, random: Random): KeyedRequest {
  const held = random.pick(play.records.reservations);
  const fromHold = held !== undefined && random.chance(0.6);
  const who = fromHold && random.chance(0.95) ? held.who : play.anyShopper(random);
  const code = random.chance(0.25) ? random.pick(play.records.discountCodes) : undefined;
  const body = {
    ...(fromHold ? { reservationId: held.id } : { items: someItems(random) }),
    ...(random.chance(0.8) ? { email: who.email } : {}),
    ...(code === undefined ? {} : { discountCode: code }),
    ...PAGES,
  };
  return play.newRequest("checkout", who, { path: "/api/v1/checkouts", body });
}

async function checkOut(play: Play, random: Random): Promise<void> {
  await play.send(newCheckout(play, random), play.anyProcess(random));
}

/** As most purchases go: chosen, paid within minutes, and the shop told at once. */
async function buy(play: Play, random: Random): Promise<void> {
  const who = play.anyShopper(random);
  const body = { items: someItems(random), email: who.email, ...PAGES };
  const request = play.newRequest("checkout", who, { path: "/api/v1/checkouts", body });
  const before = play.records.orders.length;
  await play.send(request, play.anyProcess(random));
  const order = play.records.orders[before];
  if (order === undefined) return;
  await payFor(play, order);
  await flow(play, random);
}

/** A double click: the same request, twice at once, perhaps to two processes. */
async function submitTwice(play: Play, random: Random): Promise<void> {
  const request = newCheckout(play, random);
  await Promise.all([
    play.send(request, play.anyProcess(random)),
    play.send(request, play.anyProcess(random)),
  ]);
}

/** Somebody who got no answer, or not the one they had hoped for, sends the same again. */
async function repeat(play: Play, random: Random): Promise<void> {
  const fresh = play.records.requests.filter((request) => play.isFresh(request));
  const open = fresh.filter(({ answer }) => answer === undefined);
  const request = random.chance(0.7)
    ? (random.pick(open) ?? random.pick(fresh))
    : random.pick(fresh);
  if (request !== undefined) await play.send(request, play.anyProcess(random));
}

/** A key that is used for something else gets nothing of the first request. */
async function reuseKey(play: Play, random: Random): Promise<void> {
  const known = play.records.requests.filter(
    (request) => play.isFresh(request) && request.answer !== undefined && "items" in request.body,
  );
  const request = random.pick(known);
  if (request === undefined) return;
  const body = { ...request.body, items: [{ sku: SKUS[0], quantity: 17 }] };
  const answer = await play.ask(request.who, ["POST", request.path], {
    body,
    headers: { "Idempotency-Key": request.key },
    process: play.anyProcess(random),
  });
  if (answer === undefined || answer.status === 422 || answer.status >= 500) return;
  play.records.breach(
    `I7: ${request.key} was sent with another body to ${request.path} and answered ${answer.status} ${answer.text}`,
  );
}

/** Somebody wants more than there may be: as many holds as they can get, at once and by two routes. */
async function grab(play: Play, random: Random): Promise<void> {
  const who = play.anyShopper(random);
  const items = [{ sku: random.pick(SKUS) ?? SKUS[0], quantity: random.between(1, 3) }];
  const count = random.between(2, play.holdsPerCaller < 20 ? play.holdsPerCaller + 2 : 4);
  const requests = Array.from({ length: count }, () =>
    random.chance(0.5)
      ? play.newRequest("reservation", who, { path: "/api/v1/reservations", body: { items } })
      : play.newRequest("checkout", who, {
          path: "/api/v1/checkouts",
          body: { items, email: who.email, ...PAGES },
        }),
  );
  await Promise.all(requests.map((request) => play.send(request, play.anyProcess(random))));
}

async function release(play: Play, random: Random): Promise<void> {
  const held = random.pick(play.records.reservations);
  if (held === undefined) return;
  const path = `/api/v1/reservations/${held.id}`;
  const { orderToken: token } = held;
  await play.ask(held.who, ["DELETE", path], {
    headers: tokenHeader({ token }),
    process: play.anyProcess(random),
  });
}

/** Somebody wants other things for the rest of their time: all of them, or what they had. */
async function changeHold(play: Play, random: Random): Promise<void> {
  const held = random.pick(play.records.reservations);
  if (held === undefined) return;
  const who = random.chance(0.95) ? held.who : play.anyShopper(random);
  const items = someItems(random);
  const answer = await play.ask(who, ["PATCH", `/api/v1/reservations/${held.id}`], {
    body: { items },
    headers: tokenHeader({ token: held.orderToken }),
    process: play.anyProcess(random),
  });
  if (answer?.status !== 200) return;
  play.world.count("holds changed");
  const { items: has, expiresAt } = answer.body.data as Changed;
  held.skus = has.map(({ sku }) => sku);
  const asked = Map.groupBy(items, ({ sku }) => sku);
  const right = has.every(
    ({ sku, quantity }) =>
      quantity === (asked.get(sku) ?? []).reduce((sum, item) => sum + item.quantity, 0),
  );
  if (!right || has.length !== asked.size || Date.parse(expiresAt) !== held.expiresAt)
    play.records.breach(`I8: ${held.id} was asked for other items and answered ${answer.text}`);
}

interface Changed {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly expiresAt: string;
}

async function cancel(play: Play, random: Random): Promise<void> {
  const order = random.pick(play.records.orders);
  if (order === undefined) return;
  const path = `/api/v1/orders/${order.id}/cancel`;
  const request = play.newRequest("cancellation", order.who, {
    path,
    body: {},
    headers: tokenHeader(order),
  });
  await play.send(request, play.anyProcess(random));
}

function tokenHeader(order: Pick<PlacedOrder, "token">): Record<string, string> {
  return order.token === undefined ? {} : { "X-Order-Token": order.token };
}

/** What is one's own can be read, and what is another's cannot, whatever one has of one's own. */
async function look(play: Play, random: Random): Promise<void> {
  const order = random.pick(play.records.orders);
  if (order === undefined) return;
  const process = play.anyProcess(random);
  const mine = await play.ask(order.who, ["GET", `/api/v1/orders/${order.id}`], {
    headers: tokenHeader(order),
    process,
  });
  const mayBeGone = order.lost !== undefined || order.at <= play.world.now - KEPT_MS;
  const gone = mayBeGone && mine?.status === 404;
  const wrong =
    mine !== undefined && mine.status < 500 && mine.body?.data?.id !== order.id && !gone;
  if (wrong) play.records.breach(`I6: ${order.id} was answered ${mine.status} to its own customer`);
  const other = random.pick(play.people.shoppers.filter((one) => one !== order.who));
  if (other !== undefined) await pry(play, random, { order, other });
}

/** Somebody tries to read or to cancel another's order, with what they have. */
async function pry(
  play: Play,
  random: Random,
  { order, other }: { readonly order: PlacedOrder; readonly other: Caller },
): Promise<void> {
  const own = play.records.orders.find(({ who }) => who === other);
  const path = `/api/v1/orders/${order.id}`;
  const [method, address] = random.pick([
    ["GET", path],
    ["GET", `${path}/events`],
    ["POST", `${path}/cancel`],
    ["POST", `${path}/refunds`],
  ]) ?? ["GET", path];
  const answer = await play.ask(other, [method, address], {
    ...(method === "POST" ? { body: {} } : {}),
    headers: { ...(own === undefined ? {} : tokenHeader(own)), "Idempotency-Key": "prying" },
    process: play.anyProcess(random),
  });
  play.world.count("prying");
  if (answer === undefined || answer.status >= 400) return;
  play.records.breach(`I12: ${other.name} was answered ${answer.status} to ${method} ${address}`);
}

export const shoppers = {
  reserve: { weight: 10, together: true, happen: reserve },
  buy: { weight: 9, together: true, happen: buy },
  check_out: { weight: 12, together: true, happen: checkOut },
  submit_twice: { weight: 4, together: false, happen: submitTwice },
  repeat: { weight: 8, together: true, happen: repeat },
  reuse_key: { weight: 1, together: false, happen: reuseKey },
  grab: { weight: 3, together: false, happen: grab },
  change_hold: { weight: 5, together: true, happen: changeHold },
  release: { weight: 3, together: true, happen: release },
  cancel: { weight: 3, together: true, happen: cancel },
  look: { weight: 3, together: false, happen: look },
} satisfies Record<string, Action>;
