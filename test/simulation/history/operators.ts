import type { Random } from "../world/index.ts";
import type { Action } from "./action.ts";
import { SKUS } from "./goods.ts";
import type { Play } from "./play.ts";
import type { KeyedRequest, Kind, PlacedOrder } from "./records.ts";

const HOUR_MS = 3_600_000;

/** Mostly one that somebody has paid for. */
function anyOrder(play: Play, random: Random): PlacedOrder | undefined {
  const { orders } = play.records;
  const paid = orders.filter(({ intent }) => intent !== undefined);
  return random.chance(0.85) ? random.pick(paid) : random.pick(orders);
}

function newOrderRequest(
  play: Play,
  order: PlacedOrder | undefined,
  make: { readonly kind: Kind; readonly path: string; readonly body: object },
): KeyedRequest | undefined {
  if (order === undefined) return undefined;
  return play.newRequest(make.kind, play.people.operator, {
    path: `/api/v1/orders/${order.id}${make.path}`,
    body: make.body,
  });
}

async function sendIfAny(
  play: Play,
  random: Random,
  request: KeyedRequest | undefined,
): Promise<void> {
  if (request !== undefined) await play.send(request, play.anyProcess(random));
}

function skuOf(order: PlacedOrder | undefined, random: Random): string {
  return random.pick(order?.skus ?? []) ?? SKUS[0];
}

/** What staff write is theirs to choose, also where the shop uses the same words. */
const REASONS = ["Was broken", "order_canceled", undefined, undefined];

function refundBody(order: PlacedOrder | undefined, random: Random): object {
  const said = random.pick(REASONS);
  const reason = said === undefined ? {} : { reason: said };
  if (random.chance(0.3)) return reason;
  const amount = { amount: random.between(1, 900), currency: "EUR" };
  if (random.chance(0.4)) return { amount, ...reason };
  const restock = random.weighted({ cancel: 3, return: 3, none: 2 });
  const items = [{ sku: skuOf(order, random), quantity: random.between(1, 2), restock }];
  if (random.chance(0.3)) return { amount: { ...amount, amount: 0 }, items, ...reason };
  return { items, ...reason };
}

async function refund(play: Play, random: Random): Promise<void> {
  const order = anyOrder(play, random);
  const make = { kind: "refund", path: "/refunds", body: refundBody(order, random) } as const;
  await sendIfAny(play, random, newOrderRequest(play, order, make));
}

/** Two people at the counter and one in the office, all about the same order. */
async function refundAtOnce(play: Play, random: Random): Promise<void> {
  const order = anyOrder(play, random);
  if (order === undefined) return;
  const path = `/api/v1/orders/${order.id}/refunds`;
  const requests = Array.from({ length: random.between(2, 3) }, () =>
    play.newRequest("refund", play.people.operator, { path, body: refundBody(order, random) }),
  );
  await Promise.all(requests.map((request) => play.send(request, play.anyProcess(random))));
}

async function cancelByStaff(play: Play, random: Random): Promise<void> {
  const make = { kind: "cancellation", path: "/cancel", body: {} } as const;
  await sendIfAny(play, random, newOrderRequest(play, anyOrder(play, random), make));
}

async function fulfill(play: Play, random: Random): Promise<void> {
  const order = anyOrder(play, random);
  const item = { sku: skuOf(order, random), quantity: 1 };
  const parcel = random.chance(0.6) ? {} : { items: [item] };
  const despite = random.chance(0.3) ? { despite: random.pick(["refunded", "disputed"]) } : {};
  const body = {
    carrier: "DHL",
    trackingNumber: `T${random.between(1, 999)}`,
    ...parcel,
    ...despite,
  };
  const make = { kind: "fulfillment", path: "/fulfillments", body } as const;
  await sendIfAny(play, random, newOrderRequest(play, order, make));
}

/** A morning's parcels in one call, and whichever of them cannot be sent. */
async function fulfillMany(play: Play, random: Random): Promise<void> {
  const some = Array.from({ length: random.between(2, 4) }, () => anyOrder(play, random));
  const ids = [...new Set(some.flatMap((order) => (order === undefined ? [] : [order.id])))];
  if (ids.length === 0) return;
  const orders = ids.map((id) =>
    random.chance(0.5) ? { id } : { id, trackingNumber: `T${random.between(1, 999)}` },
  );
  const request = play.newRequest("fulfillments", play.people.operator, {
    path: "/api/v1/fulfillments",
    body: { orders },
  });
  await play.send(request, play.anyProcess(random));
}

async function addNote(play: Play, random: Random): Promise<void> {
  const make = { kind: "note", path: "/notes", body: { body: "Called them" } } as const;
  await sendIfAny(play, random, newOrderRequest(play, anyOrder(play, random), make));
}

async function moveStock(play: Play, random: Random): Promise<void> {
  const sku = random.pick(SKUS) ?? SKUS[0];
  const kind = random.weighted({ receive: 5, damage: 2, adjust: 2, return: 1 });
  const quantity = random.between(1, 4) * (kind === "adjust" && random.chance(0.7) ? -1 : 1);
  const path = `/api/v1/inventory/${sku}/movements`;
  const body = { kind, quantity, reason: "Counted" };
  const request = play.newRequest("movement", play.people.operator, { path, body });
  await play.send(request, play.anyProcess(random));
}

async function anyProduct(play: Play, random: Random): Promise<string | undefined> {
  const sql = "SELECT id FROM products ORDER BY id";
  return random.pick(await play.world.rows<{ id: string }>(sql))?.id;
}

async function makeDiscount(play: Play, random: Random): Promise<void> {
  const code = `CODE${play.keys}`;
  const off = random.chance(0.5)
    ? { kind: "percentage", percentOff: random.pick([10, 33, 100]) }
    : { kind: "fixed", amountOff: { amount: random.between(1, 700), currency: "EUR" } };
  const limits = {
    ...(random.chance(0.6) ? { maxUses: random.between(1, 2) } : {}),
    ...(random.chance(0.4) ? { maxUsesPerCustomer: 1 } : {}),
    ...(random.chance(0.2)
      ? { endsAt: new Date(play.world.now + random.between(1, 48) * HOUR_MS).toISOString() }
      : {}),
  };
  const products = random.chance(0.5) ? { products: [await anyProduct(play, random)] } : {};
  const body = { code, ...off, ...limits, ...products };
  const request = play.newRequest("discount", play.people.operator, {
    path: "/api/v1/discounts",
    body,
  });
  await play.send(request, play.anyProcess(random));
}

/** The customer says that it never came. */
async function sendReceipt(play: Play, random: Random): Promise<void> {
  const make = { kind: "replay", path: "/receipt", body: {} } as const;
  await sendIfAny(play, random, newOrderRequest(play, anyOrder(play, random), make));
}

/** The shop gets another name, and hears of low stock or not. */
async function saySettings(play: Play, random: Random): Promise<void> {
  const body = {
    ...{ name: `Shop ${random.between(1, 9)}`, tagline: null, seller: null },
    receipt: { footer: null },
    operatorMails: { paidOrders: true, lowStock: random.chance(0.7), attention: true },
  };
  const process = play.anyProcess(random);
  await play.ask(play.people.operator, ["PUT", "/api/v1/settings/shop"], { body, process });
}

/** Somebody looks into the inbox and has an event done again, which must be safe at any time. */
async function replayEvent(play: Play, random: Random): Promise<void> {
  const process = play.anyProcess(random);
  const { operator } = play.people;
  const list = await play.ask(operator, ["GET", "/api/v1/webhook-events?pageSize=20"], { process });
  const found = random.pick((list?.body?.data ?? []) as { id: string }[]);
  if (found === undefined) return;
  const path = `/api/v1/webhook-events/${found.id}/replay`;
  await play.send(play.newRequest("replay", operator, { path, body: {} }), process);
}

/** Somebody has an event sent again, tries out the endpoint, or switches it off or on. */
async function tendEndpoint(play: Play, random: Random): Promise<void> {
  const process = play.anyProcess(random);
  const { operator } = play.people;
  const path = `/api/v1/webhook-endpoints/${play.endpoint}`;
  const how = random.weighted({ redeliver: 3, test: 1, pause: 1, resume: 1 });
  if (how === "pause" || how === "resume") {
    const body = { status: how === "pause" ? "paused" : "active" };
    await play.ask(operator, ["PATCH", path], { body, process });
    return;
  }
  if (how === "test") {
    await play.send(
      play.newRequest("replay", operator, { path: `${path}/test`, body: {} }),
      process,
    );
    return;
  }
  const list = await play.ask(operator, ["GET", `${path}/deliveries`], { process });
  const found = random.pick((list?.body?.data ?? []) as { id: string }[]);
  if (found === undefined) return;
  const again = `/api/v1/webhook-deliveries/${found.id}/redeliver`;
  await play.send(play.newRequest("replay", operator, { path: again, body: {} }), process);
}

export const operators = {
  refund: { weight: 4, together: true, happen: refund },
  refund_at_once: { weight: 1.5, together: false, happen: refundAtOnce },
  cancel_by_staff: { weight: 2, together: true, happen: cancelByStaff },
  fulfill: { weight: 2, together: true, happen: fulfill },
  fulfill_many: { weight: 1, together: true, happen: fulfillMany },
  add_note: { weight: 0.7, together: true, happen: addNote },
  move_stock: { weight: 3, together: true, happen: moveStock },
  send_receipt: { weight: 1.5, together: true, happen: sendReceipt },
  say_settings: { weight: 0.5, together: true, happen: saySettings },
  make_discount: { weight: 2, together: true, happen: makeDiscount },
  tend_endpoint: { weight: 1.5, together: false, happen: tendEndpoint },
  replay_event: { weight: 1.5, together: false, happen: replayEvent },
} satisfies Record<string, Action>;
