import { type SQL, sql } from "drizzle-orm";
import type { Context } from "../../platform/context.ts";
import { query, type Statement } from "../../platform/db.ts";
import { promiseEach } from "../../platform/outbox/store.ts";
import type { Subject } from "../person.ts";
import { isAbout, isStill, ownOrders, sharedOrders } from "../store.ts";

/** Somebody who is being forgotten. */
export type Leaving = Subject & {
  /** What this is called. */
  readonly id: string;
  /** Who has asked for it, and in which request. */
  readonly actor: string;
  readonly requestId: string;
  /** Milliseconds. */
  readonly now: number;
};

const idsOf = (rows: SQL) => sql`(SELECT id FROM (${rows}))`;
const owned = (leaving: Leaving) => idsOf(ownOrders(leaving));
const shared = (leaving: Leaving) => idsOf(sharedOrders(leaving));
const all = (leaving: Leaving) =>
  idsOf(sql`${ownOrders(leaving)} UNION ALL ${sharedOrders(leaving)}`);

/** What refuses it where they are not who was read any more, as after another one has forgotten them. */
export const ANOTHER_BY_NOW = "forgettings.customer_id";

/** The batch's first statement. `may` is what else has to hold. */
export function beginForgetting(leaving: Leaving, may: SQL = sql`true`) {
  const { id, customerId, userId, knownSince, now } = leaving;
  return query.run(sql`
    INSERT INTO forgettings (id, customer_id, user_id, since, created_at)
    SELECT ${id}, iif(${isStill(leaving)} AND ${may}, ${customerId}, NULL), ${userId},
      min(${knownSince}, coalesce((SELECT min(created_at) FROM (${ownOrders(leaving)} UNION ALL ${sharedOrders(leaving)})), ${now})), ${now}`);
}

const subjects = (id: string, ids: SQL, whole: 0 | 1) => [
  query.run(sql`
    INSERT INTO forgotten_subjects (subject, forgetting_id, whole) SELECT id, ${id}, ${whole} FROM orders WHERE id IN ${ids}
    ON CONFLICT (subject) DO UPDATE SET whole = max(whole, excluded.whole)`),
  query.run(sql`
    INSERT INTO forgotten_subjects (subject, forgetting_id, whole)
    SELECT provider_payment_id, ${id}, 0 FROM payments WHERE order_id IN ${ids} AND provider_payment_id IS NOT NULL
    ON CONFLICT (subject) DO NOTHING`),
];

/** Before everything else: the database judges each order, and lets out what names a person only of these. */
export const forgetSubjects = (leaving: Leaving): Statement[] => [
  ...subjects(leaving.id, owned(leaving), 1),
  ...subjects(leaving.id, shared(leaving), 0),
];

export const forgetHistory = (leaving: Leaving): Statement[] => [
  query.run(sql`
    UPDATE order_events SET data = (
      SELECT f.data FROM order_events_forgotten f WHERE f.order_id = order_events.order_id AND f.seq = order_events.seq)
    WHERE order_id IN ${owned(leaving)}`),
];

/** What a person has typed; the shop's own words have no capitals and no blanks, and most of them are several. */
export const forgetRefunds = (leaving: Leaving): Statement[] => [
  query.run(sql`
    UPDATE refunds SET reason = 'unspecified'
    WHERE order_id IN ${owned(leaving)} AND (reason GLOB '*[^a-z_]*' OR reason NOT GLOB '*_*') AND reason <> 'unspecified'`),
];

export const forgetShipments = (leaving: Leaving): Statement[] => [
  query.run(
    sql`UPDATE fulfillments SET tracking_number = NULL WHERE order_id IN ${owned(leaving)}`,
  ),
];

export const forgetPayments = (leaving: Leaving): Statement[] => [
  query.run(sql`
    UPDATE payments SET session_url = NULL WHERE order_id IN ${owned(leaving)} AND session_url IS NOT NULL`),
];

export const forgetCodes = (leaving: Leaving): Statement[] => [
  query.run(sql`UPDATE discount_uses SET email = NULL WHERE order_id IN ${all(leaving)}`),
];

/** A guest's holds are counted by a keyed hash of where they were made from. */
export const forgetHolds = (leaving: Leaving): Statement[] => [
  query.run(sql`
    UPDATE reservations SET caller = 'guest_forgotten'
    WHERE id IN (SELECT reservation_id FROM orders WHERE id IN ${owned(leaving)}) AND account_id IS NULL AND status <> 'held'`),
];

/** One that is sent once more is written anew, of what is known by then. */
export const forgetTold = (leaving: Leaving): Statement[] => [
  query.run(
    sql`UPDATE outgoing_events SET payload = NULL WHERE subject IN ${all(leaving)} AND payload IS NOT NULL`,
  ),
];

const PROMISED = ["receipt", "payment_failed", "order_canceled"] as const;

/** Promises name ids; only what a mail service has said of an address, and one call to operators, can name somebody. */
export const forgetPromises = (leaving: Leaving): Statement[] => [
  query.run(sql`
    UPDATE outbox SET last_error = NULL WHERE last_error IS NOT NULL AND dedupe_key IN (
      SELECT x.dedupe_key FROM (${all(leaving)}) o CROSS JOIN json_each(${JSON.stringify(PROMISED)}) p CROSS JOIN outbox x ON ${isAbout(sql`p.value`, sql`o.id`)}
      UNION ALL SELECT 'refunded:' || id FROM refunds WHERE order_id IN ${all(leaving)}
      UNION ALL SELECT 'shipped:' || id FROM fulfillments WHERE order_id IN ${all(leaving)}
      UNION ALL SELECT 'mail:' || id FROM email_tokens WHERE user_id = ${leaving.userId}
      UNION ALL SELECT 'new_sign_in:' || id FROM sessions WHERE user_id = ${leaving.userId})`),
  query.run(sql`
    UPDATE outbox SET payload = replace(payload, ${leaving.email}, '…')
    WHERE dedupe_key >= 'lost_order:' AND dedupe_key < 'lost_order;' AND instr(payload, ${leaving.email}) > 0`),
];

/** The index of words is told of each order as of any other that changes. Before the step that it is. */
export const tellIndex = (ctx: Context, leaving: Leaving) =>
  promiseEach(
    ctx,
    "search.order",
    sql`SELECT json_object('orderId', id) AS payload, 'indexed:' || id || ':' || (version + 1) AS dedupe_key FROM orders WHERE id IN ${all(leaving)}`,
  );

/**
 * What tax and the books need of an order stays. One of a colleague's goes on under their address. It is a step of the
 * order's life: whatever somebody has decided over the order as they had read it is refused, and nothing that they still
 * know of it takes the place of what is left.
 */
export const forgetOrders = (leaving: Leaving): Statement[] => {
  const { accountId, userId, name, actor, requestId, now } = leaving;
  const step = sql`version = version + 1, updated_at = ${now}`;
  return [
    query.run(sql`
      INSERT INTO order_events (order_id, seq, type, data, actor, request_id, created_at)
      SELECT id, version + 1, 'customer.deleted', '{}', ${actor}, ${requestId}, ${now} FROM orders WHERE id IN ${all(leaving)}`),
    query.run(sql`
      UPDATE orders SET ${step}, email = NULL, browser_hash = NULL, stopping = NULL, success_url = '', cancel_url = '', forgotten_at = ${now},
        shipping_address = (SELECT f.shipping_address FROM orders_forgotten f WHERE f.id = orders.id)
      WHERE id IN ${owned(leaving)}`),
    query.run(sql`
      UPDATE orders SET ${step}, browser_hash = NULL,
        email = (SELECT email FROM users WHERE account_id = ${accountId} AND id <> ${userId} AND deleted_at IS NULL
          ORDER BY email IS NOT orders.email, created_at, id LIMIT 1),
        shipping_address = iif(lower(shipping_address ->> '$.name') = lower(${name}),
          json_set(shipping_address, '$.name', (SELECT name FROM accounts WHERE id = ${accountId})), shipping_address)
      WHERE id IN ${shared(leaving)}`),
  ];
};

const ofUser = (
  { userId, now }: Leaving,
  statements: (userId: string, now: number) => Statement[],
): Statement[] => (userId === null ? [] : statements(userId, now));

export const forgetLinks = (leaving: Leaving): Statement[] =>
  ofUser(leaving, (id) => [query.run(sql`DELETE FROM email_tokens WHERE user_id = ${id}`)]);

/** They stay for as long as access tokens of theirs may be shown. */
export const forgetSessions = (leaving: Leaving): Statement[] =>
  ofUser(leaving, (id, now) => [
    query.run(sql`
      UPDATE sessions SET user_agent = '', address = '', ended_at = coalesce(ended_at, ${now}), ended_by = coalesce(ended_by, 'deleted')
      WHERE user_id = ${id}`),
  ]);

export const forgetSecrets = (leaving: Leaving): Statement[] =>
  ofUser(leaving, (id) => [
    query.run(sql`
      DELETE FROM session_secrets WHERE session_id IN (SELECT id FROM sessions WHERE user_id = ${id})`),
  ]);

export const forgetApiKeys = (leaving: Leaving): Statement[] =>
  ofUser(leaving, (id, now) => [
    query.run(sql`
      UPDATE api_keys SET name = '…', revoked_at = coalesce(revoked_at, ${now}) WHERE owner_id = ${id}`),
  ]);

/** What is left is an id that nobody is behind; the address may register anew. */
export const forgetUser = (leaving: Leaving): Statement[] =>
  ofUser(leaving, (id, now) => [
    query.run(sql`
      UPDATE users SET email = id, name = '…', password_hash = NULL, email_verified_at = NULL, role = 'customer',
        disabled_at = coalesce(disabled_at, ${now}), deleted_at = ${now}, updated_at = ${now}
      WHERE id = ${id}`),
  ]);

export const forgetAccount = (leaving: Leaving): Statement[] => {
  const { accountId, colleagues } = leaving;
  return accountId === null || colleagues === 1
    ? []
    : [query.run(sql`UPDATE accounts SET name = '…' WHERE id = ${accountId}`)];
};

/** An address that a guest has bought with, and that nobody has proved to be theirs, stays a customer without a name. */
export const forgetCustomer = ({ customerId, asGuest }: Leaving): Statement[] => [
  asGuest
    ? query.run(sql`DELETE FROM customers WHERE id = ${customerId}`)
    : query.run(sql`UPDATE customers SET name = NULL WHERE id = ${customerId}`),
];

export const forgetKeys = (leaving: Leaving): Statement[] =>
  ofUser(leaving, (id) => [query.run(sql`DELETE FROM idempotency_keys WHERE caller = ${id}`)]);

/** Lines about them; what they did to other things a walk finds. */
export const forgetLog = (leaving: Leaving): Statement[] => [
  query.run(sql`
    UPDATE audit_log SET (data, address) = (SELECT f.data, f.address FROM audit_log_forgotten f WHERE f.id = audit_log.id)
    WHERE target IN (SELECT id FROM (${ownOrders(leaving)}) UNION ALL SELECT ${leaving.userId} WHERE ${leaving.userId} IS NOT NULL)
      AND id IN (SELECT f.id FROM audit_log_forgotten f WHERE f.id = audit_log.id)`),
];
