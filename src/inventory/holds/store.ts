import { and, eq, gt, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { type Holes, prepared } from "../../platform/prepared.ts";
import type { Item } from "../reservation.ts";
import { reservations } from "../schema.ts";
import { itemsOfHold } from "../store.ts";

export type ReservationRow = typeof reservations.$inferSelect & { readonly items: string };

/** The hold itself; its lines take the stock. */
export function insertReservation(row: NewHold) {
  return newHold(row);
}

type NewHold = Pick<
  typeof reservations.$inferSelect,
  | "id"
  | "ref"
  | "accountId"
  | "caller"
  | "callerLimit"
  | "actor"
  | "requestId"
  | "createdAt"
  | "expiresAt"
>;

const newHold = prepared((p: Holes<NewHold>) =>
  query.insert(reservations).values({
    ...{ id: p.id, ref: p.ref, status: "held", accountId: p.accountId },
    ...{ caller: p.caller, callerLimit: p.callerLimit, actor: p.actor, requestId: p.requestId },
    ...{ createdAt: p.createdAt, expiresAt: p.expiresAt },
  }),
);

/**
 * Each line's trigger writes the ledger, the ledger moves the level, and the level's CHECK judges. A line keeps what it
 * holds as it is now; one of what there is not is a line all the same, for the trigger to refuse.
 */
export function insertReservationLines(reservationId: string, items: readonly Item[]) {
  return newLines({ reservationId, items: JSON.stringify(items) });
}

const newLines = prepared((p: Holes<{ reservationId: string; items: string }>) =>
  query.run(sql`
    INSERT INTO reservation_lines (reservation_id, sku, quantity, title, variant_title, unit_amount, currency, requires_shipping, max_per_customer)
    SELECT ${p.reservationId}, value ->> 'sku', value ->> 'quantity', p.title, v.title, v.amount, v.currency, v.requires_shipping, coalesce(v.max_per_customer, 0)
    FROM json_each(${p.items}) LEFT JOIN variants v ON v.sku = value ->> 'sku' LEFT JOIN products p ON p.id = v.product_id`),
);

/** For a statement that finds the order of a hold in the same round trip. */
export function orderOfHold(id: string): SQL {
  return sql`(SELECT order_id FROM reservations WHERE id = ${id})`;
}

/** A hold that is still held: one that nobody took to the checkout is over at its end, before the sweep says so. */
export function findHeld(id: string, now: number) {
  return query
    .select({ id: reservations.id })
    .from(reservations)
    .where(
      and(
        eq(reservations.id, id),
        eq(reservations.status, "held"),
        or(isNotNull(reservations.orderId), gt(reservations.expiresAt, now)),
      ),
    )
    .limit(1);
}

/** A line of a hold as it was when it was held; amounts are in minor units. */
export interface HeldLineRow {
  readonly sku: string;
  readonly quantity: number;
  readonly title: string;
  readonly variantTitle: string;
  readonly unitAmount: number;
  readonly currency: string;
  readonly requiresShipping: number;
}

export function findHeldLines(reservationId: string) {
  return query.all<HeldLineRow>(sql`
    SELECT sku, quantity, title, variant_title AS "variantTitle", unit_amount AS "unitAmount", currency,
      requires_shipping AS "requiresShipping"
    FROM held_lines WHERE reservation_id = ${reservationId}`);
}

/** In place of an account: staff, to whom all holds are open. */
export const ANY_HOLDER = Symbol("any holder");
export type Holder = string | null | typeof ANY_HOLDER;

/**
 * A guest's hold belongs to whoever knows its id, one made with an account only to that account. Once it has an order,
 * that decides: `orders/open-hold.ts`.
 */
const heldBy = (holder: Holder) =>
  holder === ANY_HOLDER
    ? undefined
    : or(isNull(reservations.accountId), eq(reservations.accountId, holder ?? ""));

export function findReservation(id: string, holder: Holder) {
  return query
    .select({
      id: reservations.id,
      ref: reservations.ref,
      status: reservations.status,
      orderId: reservations.orderId,
      accountId: reservations.accountId,
      caller: reservations.caller,
      callerLimit: reservations.callerLimit,
      actor: reservations.actor,
      requestId: reservations.requestId,
      createdAt: reservations.createdAt,
      changedAt: reservations.changedAt,
      expiresAt: reservations.expiresAt,
      endedAt: reservations.endedAt,
      items: itemsOfHold(sql`"reservations"."id"`).as("items"),
    })
    .from(reservations)
    .where(and(eq(reservations.id, id), heldBy(holder)))
    .limit(1);
}

/** The hold that staff call by this name. */
export function findIdOfRef(ref: string) {
  return query.select({ id: reservations.id }).from(reservations).where(eq(reservations.ref, ref));
}

/** For the audit log: whose hold it was and of what, as JSON, with what else there is to say. */
export function holdSaid(id: string, more: object = {}) {
  return sql<string>`(
    SELECT json_patch(json_object('caller', r.caller, 'items', ${itemsOfHold(sql`r.id`)}), ${JSON.stringify(more)})
    FROM reservations r WHERE r.id = ${id})`;
}

/** Ends a hold. The transition trigger refuses one that has ended; a hold that does not exist matches nothing. */
export function endReservation(
  id: string,
  status: "committed" | "released" | "expired",
  now: number,
) {
  return query.update(reservations).set({ status, endedAt: now }).where(eq(reservations.id, id));
}

/** Releases a hold that no checkout has taken over; returns its id when it did. */
export function releaseUnclaimed(id: string, holder: Holder, now: number) {
  return query
    .update(reservations)
    .set({ status: "released", endedAt: now })
    .where(
      and(
        eq(reservations.id, id),
        heldBy(holder),
        eq(reservations.status, "held"),
        isNull(reservations.orderId),
      ),
    )
    .returning({ id: reservations.id });
}

/** Whose hold a change is of, and what it is to hold from now on. */
type Change = { id: string; accountId: string | null; items: string; now: number };

/** The hold itself, where it is the caller's: nothing of another one is found, and so nothing of it changed. */
const own = (p: Holes<Pick<Change, "id" | "accountId">>) =>
  sql`id = ${p.id} AND (account_id IS NULL OR account_id = ${p.accountId})`;

const asked = (p: Holes<Pick<Change, "items">>) =>
  sql`(SELECT value ->> 'sku' AS sku, value ->> 'quantity' AS quantity FROM json_each(${p.items}))`;

/** Says that a hold is changed, which a trigger judges; returns its id where it is the caller's. */
const markChanged = prepared((p: Holes<Change>) =>
  query.all<{ id: string }>(
    sql`UPDATE reservations SET changed_at = ${p.now} WHERE ${own(p)} RETURNING id`,
  ),
);

/** Gives back what is not asked for any more, and what more is asked of: that is taken anew. */
const giveBackLines = prepared((p: Holes<Change>) =>
  query.run(sql`
    DELETE FROM reservation_lines WHERE reservation_id = (SELECT id FROM reservations WHERE ${own(p)}) AND NOT EXISTS (
      SELECT 1 FROM ${asked(p)} a WHERE a.sku = reservation_lines.sku AND a.quantity <= reservation_lines.quantity)`),
);

/** Gives back some of what less is asked of; the rest stays as it was held. */
const giveBackUnits = prepared((p: Holes<Change>) =>
  query.run(sql`
    UPDATE reservation_lines SET quantity = a.quantity FROM ${asked(p)} a
    WHERE reservation_id = (SELECT id FROM reservations WHERE ${own(p)}) AND a.sku = reservation_lines.sku
      AND a.quantity < reservation_lines.quantity`),
);

/** Takes what the hold does not have, as a new hold would: the same triggers judge each line. */
const takeLines = prepared((p: Holes<Change>) =>
  query.run(sql`
    INSERT INTO reservation_lines (reservation_id, sku, quantity, title, variant_title, unit_amount, currency, requires_shipping, max_per_customer)
    SELECT r.id, a.sku, a.quantity, p.title, v.title, v.amount, v.currency, v.requires_shipping, coalesce(v.max_per_customer, 0)
    FROM (SELECT id FROM reservations WHERE ${own(p)}) r CROSS JOIN ${asked(p)} a
      LEFT JOIN variants v ON v.sku = a.sku LEFT JOIN products p ON p.id = v.product_id
    WHERE NOT EXISTS (SELECT 1 FROM reservation_lines l WHERE l.reservation_id = r.id AND l.sku = a.sku)`),
);

/** The statements that make a hold one of these items; the first answers nothing where it is not the caller's. */
export function changeLines({
  items,
  ...hold
}: Omit<Change, "items"> & { items: readonly Item[] }) {
  const change = { ...hold, items: JSON.stringify(items) };
  return [
    markChanged(change),
    giveBackLines(change),
    giveBackUnits(change),
    takeLines(change),
  ] as const;
}

/** Lets a hold last until `expiresAt`: for a payment that the bank needs days for. */
export function extendReservation(id: string, expiresAt: number) {
  return query
    .update(reservations)
    .set({ expiresAt })
    .where(
      and(
        eq(reservations.id, id),
        eq(reservations.status, "held"),
        lt(reservations.expiresAt, expiresAt),
      ),
    );
}

/** Leaves a live hold to another order than the one that had taken it over. */
export function unclaimReservation(id: string) {
  return query
    .update(reservations)
    .set({ orderId: null })
    .where(and(eq(reservations.id, id), eq(reservations.status, "held")));
}

/** What an order keeps of a hold that it leaves to another one: the same hold, ended and without goods. */
export function insertStandIn(
  { id, ref }: Record<"id" | "ref", string>,
  { reservationId, orderId, now }: Record<"reservationId" | "orderId", string> & { now: number },
) {
  return query.run(sql`
    INSERT INTO reservations (id, ref, status, order_id, account_id, caller, caller_limit, actor, request_id, created_at,
      expires_at, ended_at)
    SELECT ${id}, ${ref}, 'released', ${orderId}, account_id, caller, caller_limit, actor, request_id, created_at, expires_at, ${now}
    FROM reservations WHERE id = ${reservationId}`);
}

/** Ends the holds that nobody took to the checkout in time, oldest first. */
export function expireUnclaimed(now: number, limit: number) {
  return overdue({ now, limit });
}

const overdue = prepared((p: Holes<{ now: number; limit: number }>) =>
  query.all<{ id: string }>(sql`
    UPDATE reservations SET status = 'expired', ended_at = ${p.now} WHERE id IN (
      SELECT id FROM reservations INDEXED BY reservations_due
      WHERE status = 'held' AND expires_at <= ${p.now} AND order_id IS NULL
      ORDER BY expires_at LIMIT ${p.limit}) RETURNING id`),
);
