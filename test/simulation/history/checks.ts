import { checkInvariants } from "../../../src/audit/index.ts";
import { staleInIndex, untoldEvents } from "../world/index.ts";
import type { Play } from "./play.ts";
import { KEPT_MS } from "./records.ts";

/** I1, from the ledger and the holds alone: it holds at every instant. */
export async function checkStock(play: Play): Promise<void> {
  const broken = await play.world.rows<{ sku: string }>(`
    SELECT l.sku FROM stock_levels l
    WHERE l.on_hand < 0 OR l.reserved < 0 OR l.reserved > l.on_hand
      OR l.on_hand <> (SELECT coalesce(sum(on_hand_delta), 0) FROM stock_movements m WHERE m.sku = l.sku)
      OR l.reserved <> (SELECT coalesce(sum(i.quantity), 0) FROM reservation_lines i
        JOIN reservations r ON r.id = i.reservation_id WHERE r.status = 'held' AND i.sku = l.sku)`);
  for (const { sku } of broken) play.records.breach(`I1: the numbers of ${sku} do not add up`);
}

/** What must be true of every history once everything works again and nothing is left to do. */
export async function checkAll(play: Play): Promise<void> {
  const { now } = play.world;
  const invariants = await checkInvariants(play.world.system().db, { now, underWayMs: 0 });
  for (const { name, breaches } of invariants) {
    for (const breach of breaches) play.records.breach(`${name}: ${breach}`);
  }
  await checkNothingLost(play);
  await checkMail(play);
  await checkPromises(play);
  await checkSales(play);
  await checkDiscounts(play);
  for (const sentence of await staleInIndex(play.world)) play.records.breach(sentence);
  for (const sentence of await untoldEvents(play.world, {
    since: now - KEPT_MS,
    restored: play.restores > 0,
  }))
    play.records.breach(`I11: ${sentence}`);
}

/** The ids that are there, of these. */
async function present(play: Play, table: string, column: string): Promise<Set<string>> {
  const rows = await play.world.rows<{ id: string }>(`SELECT ${column} AS id FROM ${table}`);
  return new Set(rows.map(({ id }) => String(id)));
}

const TABLE_OF: Readonly<Record<string, string>> = {
  refund: "refunds",
  fulfillment: "fulfillments",
};

interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly account_id: string | null;
}

const DAY_MS = 24 * 3_600_000;
const IGNORED_KEPT_MS = 7 * DAY_MS;

/** I6: a 2xx means that it is on disk, and stays there for as long as the shop says. */
async function checkNothingLost(play: Play): Promise<void> {
  const { reservations, orders, made, canceled, events } = play.records;
  const lost = async (table: string, ids: readonly string[], column = "id") => {
    const found = await present(play, table, column);
    for (const id of ids) {
      if (!found.has(id)) play.records.breach(`I6: ${id} was acknowledged and is not in ${table}`);
    }
  };
  const gone = play.world.now - KEPT_MS;
  await lost(
    "reservations",
    reservations.filter(({ at }) => at > gone).map(({ id }) => id),
  );
  // One that was paid for and is gone, the check of the money finds.
  await lost(
    "orders",
    orders.filter(({ at, lost: away }) => at > gone && away === undefined).map(({ id }) => id),
  );
  for (const [kind, table] of Object.entries(TABLE_OF)) {
    await lost(
      table,
      made.filter((one) => one.kind === kind).map(({ id }) => id),
    );
  }
  const remembered = play.world.now - IGNORED_KEPT_MS;
  const came = events.filter(
    ({ acknowledged, event }) => acknowledged && createdAt(event.body) > remembered,
  );
  await lost(
    "webhook_events",
    came.map(({ event }) => event.eventId),
    "event_id",
  );
  const there = await play.world.rows<OrderRow>("SELECT id, status, account_id FROM orders");
  const rows = new Map(there.map((row) => [row.id, row]));
  for (const id of canceled) {
    const status = rows.get(id)?.status;
    const at = orders.find((one) => one.id === id)?.at ?? 0;
    if (status !== "canceled" && (status !== undefined || at > gone))
      play.records.breach(`I6: ${id} was canceled and is ${status}`);
  }
  for (const { id, who } of orders.filter((one) => rows.has(one.id))) {
    const owner = rows.get(id)?.account_id ?? null;
    if (owner !== (who.account?.accountId ?? null))
      play.records.breach(`I12: ${id} was placed by ${who.name} and belongs to ${owner}`);
  }
}

/** When Stripe made an event, in milliseconds. */
function createdAt(body: string): number {
  return (JSON.parse(body) as { created: number }).created * 1000;
}

/** So long the mail service knows that it has sent a mail; nobody can ask it later. */
const MAIL_KEY_LIFE_MS = 24 * 3_600_000;

interface Promised {
  readonly id: string;
  readonly topic: string;
  readonly status: string;
}

/** I11: each promised mail was sent once, and nothing else was. */
async function checkMail(play: Play): Promise<void> {
  const promised = await play.world.rows<Promised>("SELECT id, topic, status FROM outbox");
  const { mails } = play.world.internet.mail;
  const sent = Map.groupBy(mails, ({ idempotencyKey }) => idempotencyKey ?? "");
  for (const { id, topic, status } of promised) {
    const times = (sent.get(id) ?? []).map(({ at }) => at);
    const copies = times.length;
    const again = times.some((at, i) => i > 0 && at - (times[i - 1] ?? at) < MAIL_KEY_LIFE_MS);
    if (again) play.records.breach(`I11: ${topic} ${id} was sent ${copies} times`);
    else if (copies > 1) play.world.count("mails again after a day");
    if (status === "done" && topic.startsWith("mail.") && topic !== "mail.sign_in" && copies === 0)
      play.records.breach(`I11: ${topic} ${id} is done and was never sent`);
    sent.delete(id);
  }
  for (const [key, copies] of sent) {
    if (play.records.promisedBefore.has(key)) continue;
    if (copies.every(({ at }) => at <= play.world.now - KEPT_MS)) continue;
    play.records.breach(`I11: "${copies[0]?.subject}" was sent, and nobody had promised ${key}`);
  }
}

/** Whoever got a parcel or money back, or lost an order to a bank or to staff, is told; and operators, of what is theirs. */
const UNTOLD: readonly string[] = [
  `SELECT id FROM fulfillments f
    WHERE f.created_at > :gone AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'shipped:' || f.id)`,
  `SELECT order_id AS id FROM order_events WHERE type = 'order.paid' AND created_at > :gone
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'order_paid:' || order_id)`,
  `SELECT r.id FROM refunds r JOIN orders o ON o.id = r.order_id
    WHERE r.updated_at > :gone AND r.status = 'succeeded' AND r.amount > 0 AND r.source <> 'dispute' AND o.email IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'refunded:' || r.id)`,
  `SELECT o.id FROM orders o JOIN order_events e ON e.order_id = o.id
    WHERE e.created_at > :gone AND o.email IS NOT NULL AND (e.type = 'payment.failed' OR e.type = 'order.expired' AND EXISTS (
        SELECT 1 FROM order_events w WHERE w.order_id = o.id AND w.type = 'payment.processing' AND w.seq < e.seq))
      AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'payment_failed:' || o.id
        OR (dedupe_key = 'order_canceled:' || o.id AND request_id = e.request_id))`,
  `SELECT o.id FROM orders o JOIN audit_log a ON a.target = o.id AND a.action = 'order.canceled'
    WHERE a.created_at > :gone AND o.email IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM outbox WHERE topic = 'mail.order_canceled' AND payload ->> 'orderId' = o.id)`,
  `SELECT order_id AS id FROM order_events WHERE type = 'payment.mismatched' AND created_at > :gone
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'amount_mismatch:' || order_id)`,
  `SELECT o.id FROM orders o WHERE o.attention_reason = 'refund_failed' AND o.attention_since > :gone AND NOT EXISTS (
      SELECT 1 FROM refunds r JOIN outbox x ON x.dedupe_key = 'refund_failed:' || r.id WHERE r.order_id = o.id)`,
];

/** I11: what happened was promised to be told. */
async function checkPromises(play: Play): Promise<void> {
  const gone = String(play.world.now - KEPT_MS);
  for (const query of UNTOLD) {
    for (const { id } of await play.world.rows<{ id: string }>(query.replace(":gone", gone)))
      play.records.breach(`I11: nobody was told of ${id}`);
  }
}

/** What was sold is what was paid for, whatever became of it later. */
async function checkSales(play: Play): Promise<void> {
  const broken = await play.world.rows<{ sku: string; sold: number; paid: number }>(`
    SELECT l.sku, coalesce(s.sold, 0) AS sold, coalesce(p.paid, 0) AS paid FROM stock_levels l
    LEFT JOIN (SELECT sku, -sum(on_hand_delta) AS sold FROM stock_movements WHERE kind = 'sale' GROUP BY sku) s ON s.sku = l.sku
    LEFT JOIN (SELECT i.sku, sum(i.quantity) AS paid FROM order_lines i WHERE EXISTS (
      SELECT 1 FROM order_events e WHERE e.order_id = i.order_id AND e.type = 'order.paid') GROUP BY i.sku) p ON p.sku = l.sku
    WHERE coalesce(s.sold, 0) <> coalesce(p.paid, 0)`);
  for (const { sku, sold, paid } of broken)
    play.records.breach(`${sku}: ${sold} were sold and ${paid} were paid for`);
}

/** No code is used more often than it says, and what it counts is what is there. */
async function checkDiscounts(play: Play): Promise<void> {
  const broken = await play.world.rows<{ code: string; uses: number; used: number }>(`
    SELECT d.code, d.uses, count(u.order_id) AS used FROM discounts d
    LEFT JOIN discount_uses u ON u.discount_id = d.id AND u.given_back_at IS NULL
    GROUP BY d.id HAVING d.uses <> count(u.order_id) OR count(u.order_id) > coalesce(d.max_uses, count(u.order_id))`);
  for (const { code, uses, used } of broken)
    play.records.breach(`${code} counts ${uses} uses and has ${used}`);
}
