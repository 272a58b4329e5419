import { type SQL, sql } from "drizzle-orm";
import { findOrders } from "../../orders/index.ts";
import { query } from "../../platform/db.ts";
import type { Subject } from "../person.ts";
import { isAbout, ownOrders, sharedOrders } from "../store.ts";

type Place = readonly [number, string] | undefined;

/** The ids of the next of their orders, newest first. */
function idsOfOrders(subject: Subject, after: Place, limit: number): SQL {
  const older =
    after === undefined ? sql`true` : sql`(created_at, id) < (${after[0]}, ${after[1]})`;
  return sql`SELECT id FROM (${ownOrders(subject)} UNION ALL ${sharedOrders(subject)})
    WHERE ${older} ORDER BY created_at DESC, id DESC LIMIT ${limit}`;
}

export interface EventRow {
  readonly orderId: string;
  readonly seq: number;
  readonly type: string;
  readonly data: string;
  readonly byThem: number;
  readonly createdAt: number;
}

export interface HoldRow {
  readonly ref: string;
  readonly orderId: string | null;
  readonly status: string;
  readonly items: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly endedAt: number | null;
}

export interface PromiseRow {
  readonly topic: string;
  readonly about: string;
  readonly status: string;
  readonly createdAt: number;
  readonly doneAt: number | null;
}

export interface SignInRow {
  readonly kind: string;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly endedAt: number | null;
}

export interface ApiKeyRow {
  readonly name: string;
  readonly scopes: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface LogRow {
  readonly action: string;
  readonly target: string;
  readonly byThem: number;
  readonly address: string;
  readonly createdAt: number;
}

const hold = sql`r.ref, r.order_id AS "orderId", r.status, r.created_at AS "createdAt", r.expires_at AS "expiresAt", r.ended_at AS "endedAt",
  (SELECT json_group_array(json_object('sku', l.sku, 'quantity', l.quantity)) FROM reservation_lines l WHERE l.reservation_id = r.id) AS items`;

/** What belongs to a page of orders. */
export function ordersPage(subject: Subject, after: Place, limit: number) {
  const ids = idsOfOrders(subject, after, limit);
  const promised = (word: string, about: SQL) =>
    sql`SELECT x.topic, x.status, x.created_at AS "createdAt", x.done_at AS "doneAt", a.id AS about
      FROM (${about}) a CROSS JOIN outbox x ON ${isAbout(sql`${word}`, sql`a.id`)} AND x.topic LIKE 'mail.%'`;
  const refunds = sql`SELECT r.id FROM (${ids}) o CROSS JOIN refunds r ON r.order_id = o.id`;
  const parcels = sql`SELECT f.id FROM (${ids}) o CROSS JOIN fulfillments f ON f.order_id = o.id`;
  return [
    query.all<{ id: string; createdAt: number }>(
      sql`SELECT o.id, o.created_at AS "createdAt" FROM (${ids}) i CROSS JOIN orders o ON o.id = i.id ORDER BY o.created_at DESC, o.id DESC`,
    ),
    findOrders(ids),
    query.all<EventRow>(sql`
      SELECT e.order_id AS "orderId", e.seq, e.type, e.data, (e.actor = 'guest' OR e.actor IS ${subject.userId}) AS "byThem", e.created_at AS "createdAt"
      FROM (${ids}) o CROSS JOIN order_events e ON e.order_id = o.id ORDER BY e.order_id, e.seq`),
    query.all<HoldRow>(sql`
      SELECT ${hold} FROM (${ids}) i CROSS JOIN orders o ON o.id = i.id CROSS JOIN reservations r ON r.id = o.reservation_id`),
    query.all<PromiseRow>(sql`
      ${promised("receipt", ids)} UNION ALL ${promised("payment_failed", ids)} UNION ALL ${promised("order_canceled", ids)}
      UNION ALL ${promised("refunded", refunds)} UNION ALL ${promised("shipped", parcels)}`),
    query.all<LogRow>(sql`
      SELECT a.action, a.target, (a.actor = 'guest' OR a.actor IS ${subject.userId}) AS "byThem", a.address, a.created_at AS "createdAt"
      FROM (${ids}) o CROSS JOIN audit_log a ON a.target = o.id ORDER BY a.created_at, a.id`),
  ] as const;
}

/** What belongs to the person, at most so much of each, the newest. */
export function aboutPerson({ userId, accountId }: Subject, now: number, most: number) {
  return [
    query.all<SignInRow>(sql`
      SELECT kind, user_agent AS "userAgent", address, created_at AS "createdAt", last_used_at AS "lastUsedAt", ended_at AS "endedAt"
      FROM sessions WHERE user_id = ${userId} ORDER BY created_at DESC LIMIT ${most}`),
    query.all<ApiKeyRow>(sql`
      SELECT name, scopes, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
      FROM api_keys WHERE owner_id = ${userId} ORDER BY created_at DESC LIMIT ${most}`),
    query.all<HoldRow>(sql`
      SELECT ${hold} FROM reservations r
      WHERE r.account_id = ${accountId} AND r.status = 'held' AND r.actor = ${userId} AND r.order_id IS NULL AND r.expires_at > ${now}
      ORDER BY r.created_at DESC LIMIT ${most}`),
    query.all<LogRow>(sql`
      SELECT action, target, actor IS ${userId} AS "byThem", address, created_at AS "createdAt"
      FROM audit_log WHERE target = ${userId} ORDER BY created_at DESC, id DESC LIMIT ${most}`),
  ] as const;
}
