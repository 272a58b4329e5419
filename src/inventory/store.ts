import { and, asc, desc, eq, getTableColumns, gt, lt, type SQLWrapper, sql } from "drizzle-orm";
import { among, countRows, query } from "../platform/db.ts";
import type { Item } from "./reservation.ts";
import { stockLevels, stockMovements } from "./schema.ts";

export type LevelRow = typeof stockLevels.$inferSelect;
export type MovementRow = ReturnType<typeof listMovements>["_"]["result"][number];

const asJson = (skus: readonly string[]) =>
  sql`(SELECT value FROM json_each(${JSON.stringify(skus)}))`;

/** What staff and the audit log call a hold by, and everybody else who may know of it but has no right to it. */
export const refOfHold = <Ref extends string | null = string>(reservationId: SQLWrapper | string) =>
  sql<Ref>`(SELECT ref FROM reservations WHERE id = ${reservationId})`;

/** What a hold holds, as JSON. */
export const itemsOfHold = (reservationId: SQLWrapper) => sql<string>`(
  SELECT json_group_array(json_object('sku', l.sku, 'quantity', l.quantity))
  FROM reservation_lines l WHERE l.reservation_id = ${reservationId})`;

/** What there is of these; what a hold has of it counts as there for that hold. */
export function findLevels(skus: readonly string[], holdId = "") {
  const held = sql`coalesce((
    SELECT quantity FROM reservation_lines WHERE reservation_id = ${holdId} AND sku = "stock_levels"."sku"), 0)`;
  return query
    .select({
      sku: stockLevels.sku,
      available: sql<number>`${stockLevels.onHand} - ${stockLevels.reserved} + ${held}`,
    })
    .from(stockLevels)
    .where(sql`${stockLevels.sku} IN ${asJson(skus)}`);
}

/** Something that is offered, and when it can be held, in milliseconds. */
export interface ForSale {
  readonly sku: string;
  readonly title: string;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
}

/** Which of these can be bought at all. The cross join is SQLite's word for "in this order": from the few to theirs. */
export function findForSale(skus: readonly string[]) {
  return query.all<ForSale>(sql`
    SELECT v.sku, p.title, p.opens_at AS "opensAt", p.closes_at AS "closesAt"
    FROM variants v CROSS JOIN products p ON p.id = v.product_id
    WHERE v.sku IN ${asJson(skus)} AND p.status = 'active' AND v.archived_at IS NULL`);
}

export function findLevel(sku: string) {
  return query.select().from(stockLevels).where(eq(stockLevels.sku, sku)).limit(1);
}

/**
 * Changes from where on a SKU runs low, where its level is still one of those that the tags `seen` name; returns the SKU
 * when it did. Nothing falls by it, and the operators are told of the next fall to the new threshold, whatever they have
 * heard of the one before.
 */
export function updateThreshold(
  sku: string,
  threshold: number,
  seen: readonly string[] | undefined,
) {
  const { onHand, reserved, lowStockThreshold, fillings } = stockLevels;
  const asSeen = sql`${onHand} || '-' || ${reserved} || '-' || ${lowStockThreshold}`;
  return query
    .update(stockLevels)
    .set({
      lowStockThreshold: threshold,
      fillings: sql`${fillings} + (${lowStockThreshold} <> ${threshold})`,
    })
    .where(
      and(
        eq(stockLevels.sku, sku),
        seen === undefined ? undefined : sql`${asSeen} IN ${among(seen)}`,
      ),
    )
    .returning({ sku: stockLevels.sku });
}

/** A level with what its goods are called. */
export interface NamedLevel
  extends Pick<LevelRow, "sku" | "onHand" | "reserved" | "lowStockThreshold"> {
  readonly title: string;
  readonly variantTitle: string;
  /** Its product's page. */
  readonly slug: string;
}

export function findNamedLevel(sku: string) {
  return query.all<NamedLevel>(sql`
    SELECT l.sku, l.on_hand AS "onHand", l.reserved, l.low_stock_threshold AS "lowStockThreshold", p.title, p.slug,
      v.title AS "variantTitle"
    FROM stock_levels l CROSS JOIN variants v ON v.sku = l.sku CROSS JOIN products p ON p.id = v.product_id WHERE l.sku = ${sku}`);
}

/** As the index of it has it: SQLite knows it again by its words alone. */
const isLow = sql`"low_stock_threshold" >= "on_hand" - "reserved"`;

export function listLevels(options: {
  readonly lowStock: boolean;
  readonly after: string | undefined;
  readonly limit: number;
}) {
  return query
    .select()
    .from(stockLevels)
    .where(
      and(
        options.lowStock ? isLow : undefined,
        options.after === undefined ? undefined : gt(stockLevels.sku, options.after),
      ),
    )
    .orderBy(asc(stockLevels.sku))
    .limit(options.limit);
}

export function countLevels(lowStock: boolean) {
  return countRows(stockLevels, lowStock ? isLow : undefined);
}

export function insertMovement(row: typeof stockMovements.$inferInsert) {
  return query.insert(stockMovements).values(row);
}

/** The newest movement of a SKU with the level after it, as JSON text in the API's shape. */
export function newestMovementJson(sku: string, createdAt: string) {
  return sql<string>`(SELECT json_object(
    'movement', json_object(
      'id', printf('mov_%016d', m.seq), 'sku', m.sku, 'kind', m.kind,
      'quantity', iif(m.kind = 'adjust', m.on_hand_delta, abs(m.on_hand_delta)),
      'onHandDelta', m.on_hand_delta, 'reservedDelta', m.reserved_delta, 'reason', m.reason,
      'reservationRef', ${refOfHold(sql`m.reservation_id`)}, 'orderId', m.order_id, 'actor', m.actor, 'createdAt', ${createdAt}),
    'level', json_object(
      'sku', l.sku, 'onHand', l.on_hand, 'reserved', l.reserved, 'available', l.on_hand - l.reserved,
      'lowStockThreshold', l.low_stock_threshold))
    FROM stock_movements m JOIN stock_levels l ON l.sku = m.sku
    WHERE m.sku = ${sku} ORDER BY m.seq DESC LIMIT 1)`;
}

/** Takes stock for an order whose hold has ended; the level's CHECK refuses when it is gone. */
export function sellWithoutHold(
  orderId: string,
  items: readonly Item[],
  origin: { readonly actor: string; readonly requestId: string; readonly now: number },
) {
  return query.run(sql`
    INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, request_id, created_at)
    SELECT value ->> 'sku', 'sale', -(value ->> 'quantity'), 0, 'Sold after the hold had ended', ${orderId},
      ${origin.actor}, ${origin.requestId}, ${origin.now}
    FROM json_each(${JSON.stringify(items)})`);
}

/** Puts goods of an order on hand again. */
export function returnToShelf(
  orderId: string,
  items: readonly Item[],
  origin: { readonly actor: string; readonly requestId: string; readonly now: number },
) {
  return query.run(sql`
    INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, request_id, created_at)
    SELECT value ->> 'sku', 'return', value ->> 'quantity', 0, 'Returned', ${orderId},
      ${origin.actor}, ${origin.requestId}, ${origin.now}
    FROM json_each(${JSON.stringify(items)})`);
}

export function listMovements(options: {
  readonly sku: string;
  readonly before: number | undefined;
  readonly limit: number;
}) {
  const { reservationId, ...columns } = getTableColumns(stockMovements);
  return query
    .select({
      ...columns,
      reservationRef: refOfHold<string | null>(reservationId).as("reservation_ref"),
    })
    .from(stockMovements)
    .where(
      and(
        eq(stockMovements.sku, options.sku),
        options.before === undefined ? undefined : lt(stockMovements.seq, options.before),
      ),
    )
    .orderBy(desc(stockMovements.seq))
    .limit(options.limit);
}

export function countMovements(sku: string) {
  return countRows(stockMovements, eq(stockMovements.sku, sku));
}
