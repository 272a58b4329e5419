import type { DatabaseSync } from "node:sqlite";
import type { Caller } from "./kill-caller.ts";
import type { StripeSession } from "./kill-stripe.ts";
import type { Item, Told } from "./kill-told.ts";

/** What an order may have become since somebody read a status. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  pending_payment: ["pending_payment", "paid", "canceled", "expired"],
  paid: ["paid", "canceled"],
  canceled: ["canceled"],
  expired: ["expired", "paid"],
};

/** Of each order the page where it is paid; once it was, the shop forgets that page, as nobody goes there any more. */
const PAGES = "SELECT order_id, iif(status = 'succeeded', 'paid', session_url) FROM payments";

interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly captured: number;
  readonly refunded: number;
}

/** I6: what was acknowledged and is not on disk. `delivered` are the provider's events that were answered 2xx. */
export function findLosses(
  database: DatabaseSync,
  told: Told,
  delivered: readonly string[],
): string[] {
  const reservations = column(database, "SELECT id, status FROM reservations");
  const orders = column(database, "SELECT id, status FROM orders");
  const pages = column(database, PAGES);
  const keys = column(database, "SELECT key, status FROM idempotency_keys");
  const movements = column(database, "SELECT printf('mov_%016d', seq), kind FROM stock_movements");
  const inbox = column(database, "SELECT event_id, status FROM webhook_events");
  const lost = (what: string, ids: Iterable<string>, rows: ReadonlyMap<string, unknown>) =>
    [...ids].filter((id) => !rows.has(id)).map((id) => `${what} ${id} is lost`);
  return [
    ...damage(database),
    ...lost("reservation", told.reservations, reservations),
    ...[...told.released]
      .filter((id) => reservations.get(id) !== "released")
      .map((id) => `reservation ${id} was released and is ${reservations.get(id)}`),
    ...lost("order", told.purchases.keys(), orders),
    ...[...told.purchases.values()]
      .filter(
        ({ orderId, paymentUrl }) => ![paymentUrl, "paid"].includes(String(pages.get(orderId))),
      )
      .map(({ orderId }) => `the payment page of order ${orderId} is lost`),
    ...[...told.seen].flatMap(([id, statuses]) => wentBack(id, statuses, orders.get(id))),
    ...lost("refund", told.refunds.keys(), column(database, "SELECT id, status FROM refunds")),
    ...lost("movement", told.received.keys(), movements),
    // A guest's key is not on disk as it was sent: `findOtherAnswers` asks for those again.
    ...told.keyed.filter(isKnownCaller).flatMap(({ ask, answer }) => {
      const key = ask.headers?.["Idempotency-Key"] ?? "";
      return keys.get(key) === answer.status
        ? []
        : [`the answer to ${ask.path} with the key ${key} is lost`];
    }),
    ...lost("event", delivered, inbox),
  ];
}

/** Whether a request names its caller: then its key is on disk as it was sent. */
export function isKnownCaller({ ask }: Told["keyed"][number]): boolean {
  return ask.headers?.["Authorization"] !== undefined;
}

function wentBack(id: string, statuses: ReadonlySet<string>, now: unknown): string[] {
  const possible = (status: string) => LATER[status]?.includes(String(now)) ?? false;
  return [...statuses]
    .filter((status) => !possible(status))
    .map((status) => `order ${id} was ${status} and is ${now}`);
}

function damage(database: DatabaseSync): string[] {
  const words = database
    .prepare("PRAGMA integrity_check")
    .all()
    .map((row) => String(row["integrity_check"]));
  const orphans = database.prepare("PRAGMA foreign_key_check").all();
  return [
    ...words.filter((word) => word !== "ok"),
    ...orphans.map(({ table, rowid, parent }) => `${table} ${rowid} has no ${parent}`),
  ];
}

/** The first column to the second. */
function column(database: DatabaseSync, sql: string): Map<string, unknown> {
  const rows = database.prepare(sql).all().map(Object.values);
  return new Map(rows.map(([key, value]) => [String(key), value]));
}

/** I7: sends everything with a key once more; each answer must be the first one, byte for byte. */
export async function findOtherAnswers(caller: Caller, told: Told): Promise<string[]> {
  const compared = told.keyed.map(async ({ ask, answer }) => {
    const again = await caller.ask(ask);
    const same =
      again.status === answer.status &&
      again.text === answer.text &&
      again.location === answer.location;
    return same
      ? []
      : [`${ask.path} was answered ${answer.text} and then ${again.status} ${again.text}`];
  });
  return (await Promise.all(compared)).flat();
}

/** I9, and money: what Stripe has and what the orders say are the same, and nobody paid twice or for nothing. */
export function findMoneyGaps(
  database: DatabaseSync,
  told: Told,
  sessions: readonly StripeSession[],
): string[] {
  const rows = database.prepare("SELECT id, status, captured, refunded FROM orders").all();
  const orders = new Map(rows.map((row) => [String(row["id"]), row as unknown as OrderRow])); // the columns selected
  const byOrder = Map.groupBy(sessions, ({ orderId }) => orderId);
  const paid = (id: string) => byOrder.get(id)?.some(({ captured }) => captured > 0) ?? false;
  return [
    ...[...byOrder]
      .filter(([, pages]) => pages.length > 1)
      .map(([id, { length }]) => `order ${id} has ${length} payment pages`),
    ...sessions.flatMap((session) => compareMoney(session, orders.get(session.orderId))),
    ...[...orders.values()]
      .filter(({ id, status }) => status === "paid" && !paid(id))
      .map(({ id }) => `order ${id} is paid, but not at Stripe`),
    ...[...told.paid].filter((id) => !paid(id)).map((id) => `the payment of ${id} is lost`),
  ];
}

function compareMoney(session: StripeSession, order: OrderRow | undefined): string[] {
  const { id, orderId, status, captured, refunded } = session;
  if (order === undefined) return [`${id} is for order ${orderId}, which is not there`];
  if (status === "open") return [`${id} of order ${orderId} (${order.status}) can still be paid`];
  const gaps: string[] = [];
  if (order.captured !== captured || order.refunded !== refunded) {
    gaps.push(
      `order ${orderId}: ${order.captured} taken and ${order.refunded} returned, at Stripe ${captured} and ${refunded}`,
    );
  }
  if (order.status !== "paid" && captured !== refunded) {
    gaps.push(`order ${orderId} is ${order.status}, and ${captured - refunded} were kept`);
  }
  return gaps;
}

/** I1 from outside: what came in and back less what paid orders took, of each SKU, and nothing is reserved any more. */
export function findStockGaps(
  database: DatabaseSync,
  told: Told,
  opening: ReadonlyMap<string, number>,
): string[] {
  const orders = column(database, "SELECT id, status FROM orders");
  // What a canceled order had is on the shelf again, all of it.
  const isPaid = ({ orderId }: { orderId: string }) => orders.get(orderId) === "paid";
  const itemsOf = (all: Iterable<{ orderId: string; items: readonly Item[] }>) =>
    [...all].filter(isPaid).flatMap(({ items }) => items);
  const came = [...told.received.values(), ...itemsOf(told.refunds.values())];
  const went = itemsOf(told.purchases.values());
  const levels = database.prepare("SELECT sku, on_hand, reserved FROM stock_levels").all();
  return levels.flatMap(({ sku, on_hand, reserved }) => {
    const start = opening.get(String(sku));
    if (start === undefined) return [];
    const sum = (items: readonly Item[]) =>
      items.filter((item) => item.sku === sku).reduce((all, { quantity }) => all + quantity, 0);
    const expected = start + sum(came) - sum(went);
    return on_hand === expected && reserved === 0
      ? []
      : [`${sku}: ${on_hand} on hand (${reserved} reserved), but ${expected} must be`];
  });
}

/** I11: a receipt for each paid order, and never two. `all` when the mail service has been there the whole time. */
export function findMailGaps(
  database: DatabaseSync,
  told: Told,
  { subjects, all }: { readonly subjects: readonly string[]; readonly all: boolean },
): string[] {
  const numbers = column(database, "SELECT id, number FROM orders");
  const orders = column(database, "SELECT id, status FROM orders");
  return [...told.purchases.keys()].flatMap((id) => {
    const receipt = `Your receipt for order #${numbers.get(id)}`;
    const sent = subjects.filter((subject) => subject === receipt).length;
    const missing = all && orders.get(id) === "paid" && sent === 0;
    return missing || sent > 1 ? [`order ${id} has ${sent} receipts`] : [];
  });
}
