import { type SQL, sql } from "drizzle-orm";
import { countRows, MAX_COUNTED, query } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { type Holes, prepared } from "../../platform/prepared.ts";
import { fold } from "../../platform/spelling.ts";
import { customers } from "./schema.ts";

/** Sorts behind every text that begins with what stands before it. */
const LAST = "\u{10ffff}";

/** Customers named `c`, as they are shown. */
const shown = sql`c.id, c.email, c.name, c.orders, c.spent, c.last_order_at AS "lastOrderAt", c.created_at AS "createdAt",
  c.name_folded AS "nameFolded", a.id AS "accountId", a.name AS "accountName"`;
const withAccount = sql`LEFT JOIN users u ON u.email = c.email LEFT JOIN accounts a ON a.id = u.account_id`;

export interface CustomerRow {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly orders: number;
  readonly spent: string;
  readonly lastOrderAt: number | null;
  readonly createdAt: number;
  readonly nameFolded: string | null;
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

/** What customers are looked for by: the beginning of their address, or of their name in plain letters. */
export interface Beginning {
  readonly email: string;
  readonly name: string;
}

/** By address come before by name: the number of the way, and where in it a page ends. */
export type Place = readonly [way: number, key: string, id: string];

const BY_ADDRESS = 0;
const BY_NAME = 1;

const begins = (column: SQL, text: string) =>
  sql`(${column} >= ${text} AND ${column} < ${text + LAST})`;
const hasAddress = ({ email }: Beginning) => begins(sql`email`, email);
const hasName = ({ name }: Beginning) => begins(sql`name_folded`, name);

/** Where a list of this way goes on; the other way is over, or is still to come. */
function onwards(way: number, column: SQL, after: Place | undefined): SQL {
  if (after === undefined || after[0] < way) return sql`true`;
  if (after[0] > way) return sql`false`;
  return sql`(${column}, id) > (${after[1]}, ${after[2]})`;
}

export type FoundRow = CustomerRow & { readonly way: number };

/** Those whose address begins so, in its order, and then those whose name does, in the order of that. */
export function searchCustomers(beginning: Beginning, after: Place | undefined, limit: number) {
  const byAddress = sql`SELECT id, email AS key, ${BY_ADDRESS} AS way FROM customers INDEXED BY customers_email_unique
    WHERE ${hasAddress(beginning)} AND ${onwards(BY_ADDRESS, sql`email`, after)} ORDER BY email LIMIT ${limit}`;
  const byName = sql`SELECT id, name_folded AS key, ${BY_NAME} AS way FROM customers INDEXED BY customers_by_name
    WHERE ${hasName(beginning)} AND NOT ${hasAddress(beginning)} AND ${onwards(BY_NAME, sql`name_folded`, after)}
    ORDER BY name_folded, id LIMIT ${limit} - (SELECT count(*) FROM (${byAddress}))`;
  return query.all<FoundRow>(sql`
    SELECT f.way, ${shown} FROM (SELECT * FROM (${byAddress}) UNION ALL SELECT * FROM (${byName})) f
    CROSS JOIN customers c ON c.id = f.id ${withAccount} ORDER BY f.way, f.key, f.id`);
}

export function countFoundCustomers(beginning: Beginning) {
  const atMost = MAX_COUNTED + 1;
  return countRows(sql`(
    SELECT * FROM (SELECT id FROM customers INDEXED BY customers_email_unique WHERE ${hasAddress(beginning)} LIMIT ${atMost})
    UNION SELECT * FROM (SELECT id FROM customers INDEXED BY customers_by_name WHERE ${hasName(beginning)} LIMIT ${atMost}))`);
}

interface Known {
  readonly email: string;
  readonly name: string;
  /** Milliseconds. */
  readonly now: number;
}

interface Remembered extends Known {
  readonly id: string;
  readonly folded: string;
}

/** The plus keeps a name that stays from being written again. */
const named = (p: Holes<Remembered>, unless: SQL) =>
  query.run(sql`
    INSERT INTO customers (id, email, name, name_folded, created_at)
    VALUES (${p.id}, ${p.email}, ${p.name}, ${p.folded}, ${p.now})
    ON CONFLICT (email) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded
    WHERE (name, name_folded) IS NOT (excluded.name, excluded.name_folded) AND ${unless}`);

const registered = prepared((p: Holes<Remembered>) => named(p, sql`true`));
const bought = prepared((p: Holes<Remembered>) =>
  named(p, sql`NOT EXISTS (SELECT 1 FROM users WHERE users.email = excluded.email)`),
);

const remembered = ({ email, name, now }: Known): Remembered => ({
  ...{ id: newId("cus", now), email, name, folded: fold(name), now },
});

/** What a registered customer is called: before their user is written, or beside its change. */
export function nameUser(person: Known) {
  return registered({ ...remembered(person) });
}

/** What a guest has had their parcel addressed to. Whoever has registered is called as they have said. */
export function nameGuest(person: Known) {
  return bought({ ...remembered(person) });
}
