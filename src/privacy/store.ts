import { type SQL, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";
import type { Person, Subject } from "./person.ts";

const columns = sql`c.id AS "customerId", c.email, c.created_at AS "knownSince", u.id AS "userId", u.account_id AS "accountId",
  u.name, u.password_hash AS "passwordHash", u.email_verified_at AS "verifiedAt", EXISTS (
    SELECT 1 FROM users other WHERE other.account_id = u.account_id AND other.id <> u.id AND other.deleted_at IS NULL) AS colleagues`;
const person = sql`customers c LEFT JOIN users u ON u.email = c.email`;

export function findPerson(customerId: string) {
  return query.all<Person>(sql`SELECT ${columns} FROM ${person} WHERE c.id = ${customerId}`);
}

export function findPersonOfUser(userId: string) {
  return query.all<Person>(
    sql`SELECT ${columns} FROM users u CROSS JOIN customers c ON c.email = u.email WHERE u.id = ${userId}`,
  );
}

/** That a person is still who was read. */
export function isStill({ customerId, email, userId, verifiedAt, passwordHash, ...rest }: Person) {
  return sql`EXISTS (SELECT 1 FROM (SELECT ${columns} FROM ${person} WHERE c.id = ${customerId}) p
    WHERE p.email = ${email} AND p."userId" IS ${userId} AND p."verifiedAt" IS ${verifiedAt}
      AND p."passwordHash" IS ${passwordHash} AND p.colleagues = ${rest.colleagues})`;
}

const orders = (where: SQL) => sql`SELECT id, created_at FROM orders WHERE ${where}`;
const none = orders(sql`id = NULL`);

/** The orders that are theirs alone. */
export function ownOrders({ accountId, colleagues, email, asGuest }: Subject): SQL {
  const bought =
    accountId !== null && colleagues === 0 ? orders(sql`account_id = ${accountId}`) : none;
  const asGuests = asGuest ? orders(sql`account_id IS NULL AND email = ${email}`) : none;
  return sql`${bought} UNION ALL ${asGuests}`;
}

/** The orders of their account that name them or that they have made, under whatever address, and that are their colleagues' as well. */
export function sharedOrders({ accountId, colleagues, email, userId }: Subject): SQL {
  const made = sql`EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = orders.id AND e.seq = 1 AND e.actor = ${userId})`;
  return accountId !== null && colleagues === 1
    ? orders(sql`account_id = ${accountId} AND (email = ${email} OR ${made})`)
    : none;
}

/** That a promise `x` is this word about this thing: its key is both, with more behind a colon for what is asked for again. */
export function isAbout(word: SQL, id: SQL): SQL {
  const key = sql`${word} || ':' || ${id}`;
  return sql`x.dedupe_key >= ${key} AND x.dedupe_key < ${key} || ';'`;
}

export interface UnderWay {
  readonly orderId: string | null;
  readonly orderNumber: number | null;
  readonly because: "payment" | "shipment" | "refund" | "dispute" | "attention" | "hold";
}

const MOST_SHOWN = 20;

/** What keeps a person from being forgotten now. */
export function whatIsUnderWay(subject: Subject, now: number) {
  return query.all<UnderWay>(sql`
    SELECT w.order_id AS "orderId", w.number AS "orderNumber", w.because
    FROM (${ownOrders(subject)}) o CROSS JOIN orders_under_way w ON w.order_id = o.id WHERE w.because IS NOT NULL
    UNION ALL
    SELECT NULL, NULL, 'hold' FROM reservations
    WHERE account_id = ${subject.accountId} AND status = 'held' AND actor = ${subject.userId} AND order_id IS NULL AND expires_at > ${now}
    LIMIT ${MOST_SHOWN}`);
}
