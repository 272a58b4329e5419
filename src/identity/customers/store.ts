import { type SQL, sql } from "drizzle-orm";
import { among, countRows, query } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { type Holes, prepared } from "../../platform/prepared.ts";
import { customers } from "./schema.ts";

/** Customers named `c`, as they are shown. */
const shown = sql`c.id, c.email, c.name, c.orders, c.spent, c.last_order_at AS "lastOrderAt", c.created_at AS "createdAt",
  a.id AS "accountId", a.name AS "accountName"`;
const withAccount = sql`LEFT JOIN users u ON u.email = c.email LEFT JOIN accounts a ON a.id = u.account_id`;

export interface CustomerRow {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly orders: number;
  readonly spent: string;
  readonly lastOrderAt: number | null;
  readonly createdAt: number;
  readonly accountId: string | null;
  readonly accountName: string | null;
}

export function findCustomer(id: string) {
  return query.all<CustomerRow>(
    sql`SELECT ${shown} FROM customers c ${withAccount} WHERE c.id = ${id} LIMIT 1`,
  );
}

/** Newest first: an id begins with when it was made. */
export function listCustomers(after: readonly [string] | undefined, limit: number) {
  const older = after === undefined ? sql`true` : sql`c.id < ${after[0]}`;
  return query.all<CustomerRow>(
    sql`SELECT ${shown} FROM customers c ${withAccount} WHERE ${older} ORDER BY c.id DESC LIMIT ${limit}`,
  );
}

export function countCustomers() {
  return countRows(customers);
}

/** Of these customers those that there still are, newest first. */
export function listFound(seqs: readonly number[]) {
  return query.all<CustomerRow>(sql`
    SELECT ${shown} FROM customers c ${withAccount} WHERE c.seq IN ${among(seqs)}
    ORDER BY c.seq DESC`);
}

/** What a customer says, as far as people look for it. */
export interface IndexableCustomer {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
  readonly email: string;
  readonly name: string | null;
}

const toIndex = (where: SQL) =>
  query.all<IndexableCustomer>(
    sql`SELECT c.seq, c.id, c.version, c.email, c.name FROM customers c ${where}`,
  );

export const findIndexable = (id: string) => toIndex(sql`WHERE c.id = ${id}`);
export const findIndexableByEmail = (email: string) => toIndex(sql`WHERE c.email = ${email}`);
export const findIndexableByUser = (userId: string) =>
  toIndex(sql`WHERE c.email = (SELECT email FROM users WHERE id = ${userId})`);

/** Customers in the order in which the shop came to know them. */
export const listIndexable = (after: number, limit: number) =>
  toIndex(sql`WHERE c.seq > ${after} ORDER BY c.seq LIMIT ${limit}`);

/** What is promised of one who is about to be forgotten. */
export const goneSoon = (id: string) => sql`
  SELECT json_object('customerId', id, 'seq', seq) AS payload, 'indexed:' || id || ':' || lower(hex(randomblob(8))) AS dedupe_key
  FROM customers WHERE id = ${id}`;

interface Guest {
  readonly email: string;
  readonly name: string;
  /** Milliseconds. */
  readonly now: number;
}

type Remembered = Guest & { readonly id: string };

const met = prepared((p: Holes<Remembered>) =>
  query.run(sql`
    INSERT INTO customers (id, email, name, created_at) SELECT ${p.id}, ${p.email}, ${p.name}, ${p.now}
    WHERE NOT EXISTS (SELECT 1 FROM customers WHERE email = ${p.email})`),
);
const called = prepared((p: Holes<Omit<Guest, "now">>) =>
  query.run(sql`
    UPDATE customers SET name = ${p.name} WHERE email = ${p.email} AND name IS NOT ${p.name}
      AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = customers.email)`),
);

/**
 * What a guest has had their parcel addressed to. Whoever has registered is called as they have said. A guest who has
 * bought before costs nothing: an upsert would write down that it had needed no new `seq`.
 */
export function nameGuest({ email, name, now }: Guest) {
  return [met({ id: newId("cus", now), email, name, now }), called({ email, name })];
}
