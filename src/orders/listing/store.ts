import { and, desc, eq, gte, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import { MAX_COUNTED, olderThan, query, type Statement } from "../../platform/db.ts";
import { type Holes, perShape, prepared } from "../../platform/prepared.ts";
import { orderLines, orders } from "../schema.ts";
import { orderParts } from "../store.ts";
import { ANY, type OrderFilter } from "./order-filter.ts";
import { ASKED_BY, type AskedBy, type Walk, walkOf } from "./walk.ts";

/** As many are looked at for a page of those among them that fit. */
export const LOOKED_AT = 1000;

/** What a statement is bound with: a value for each way to ask, and how far it goes. */
interface Values {
  readonly number: number;
  readonly accountId: string;
  readonly email: string;
  readonly attention: string;
  readonly sku: string;
  readonly status: string;
  readonly paymentStatus: string;
  readonly fulfillmentStatus: string;
  readonly from: number;
  readonly afterTime: number;
  readonly afterId: string;
  readonly limit: number;
}
type P = Holes<Values>;

function valuesOf(filter: OrderFilter, after: After): Omit<Values, "limit"> {
  const { number = 0, accountId = "", email = "", sku = "", attention = ANY, from = 0 } = filter;
  const { status = "", paymentStatus = "", fulfillmentStatus = "" } = filter;
  const [afterTime = 0, afterId = ""] = startOf(filter, after) ?? [];
  return {
    ...{ number, accountId, email, attention, sku, status, paymentStatus, fulfillmentStatus },
    ...{ from, afterTime, afterId },
  };
}

/** How a statement is made: what it goes by, what it looks at, and how far. Its values are bound. */
interface Shape extends Walk {
  readonly from: boolean;
  readonly after: boolean;
}

const FLAGS = ["from", "after", "bounded"] as const;

/** One word a shape, and the shape that it stands for. */
const nameOf = (shape: Shape) =>
  [shape.by, shape.rest, FLAGS.filter((flag) => shape[flag])]
    .map((words) => words.join())
    .join(";");

function shapeOf(name: string): Shape {
  const [by = [], rest = [], flags = []] = name.split(";").map((words) => words.split(","));
  const named = (words: readonly string[]) => ASKED_BY.filter((one) => words.includes(one));
  const has = (flag: (typeof FLAGS)[number]) => flags.includes(flag);
  return {
    ...{ by: named(by), rest: named(rest) },
    ...{ from: has("from"), after: has("after"), bounded: has("bounded") },
  };
}

/** Of an index that is walked: the column in whose order it is, and where the order's id stands beside it. */
const tableOf = ({ by }: Walk) => (by.includes("sku") ? orderLines : orders);
const placeOf = ({ by }: Walk) => (by.includes("sku") ? orderLines.orderId : sql`${orders}.rowid`);
const timeOf = ({ by }: Walk) => (by.includes("sku") ? orderLines.orderedAt : orders.createdAt);
const idOf = ({ by }: Walk) => (by.includes("sku") ? orderLines.orderId : orders.id);

/** What an index finds. */
const FOUND: Readonly<Record<AskedBy, (p: P) => SQL>> = {
  number: (p) => sql`${orders.number} = ${p.number}`,
  accountId: (p) => sql`${orders.accountId} = ${p.accountId}`,
  email: (p) => sql`${orders.email} = ${p.email}`,
  attention: (p) => sql`${orders.attentionReason} = ${p.attention}`,
  calling: () => isNotNull(orders.attentionReason),
  sku: (p) => sql`${orderLines.sku} = ${p.sku}`,
  status: (p) => sql`${orders.status} = ${p.status}`,
  paymentStatus: (p) => sql`${orders.paymentStatus} = ${p.paymentStatus}`,
  fulfillmentStatus: (p) => sql`${orders.fulfillmentStatus} = ${p.fulfillmentStatus}`,
};

/** The same of an order that was found by something else: a plus keeps SQLite from the index of the many. */
const FITS: Readonly<Record<AskedBy, (p: Readonly<Record<keyof Values, unknown>>) => SQL>> = {
  number: (p) => sql`+${orders.number} = ${p.number}`,
  accountId: (p) => sql`+${orders.accountId} = ${p.accountId}`,
  email: (p) => sql`+${orders.email} = ${p.email}`,
  attention: (p) => sql`+${orders.attentionReason} = ${p.attention}`,
  calling: () => sql`+${orders.attentionReason} IS NOT NULL`,
  sku: (p) => sql`EXISTS (
    SELECT 1 FROM order_lines wanted WHERE wanted.order_id = ${orders.id} AND wanted.sku = ${p.sku})`,
  status: (p) => sql`+${orders.status} = ${p.status}`,
  paymentStatus: (p) => sql`+${orders.paymentStatus} = ${p.paymentStatus}`,
  fulfillmentStatus: (p) => sql`+${orders.fulfillmentStatus} = ${p.fulfillmentStatus}`,
};

/** The orders of an index, from new to old, whether they fit or not. */
const found = (shape: Shape, p: P) => shape.by.map((name) => FOUND[name](p));
const fits = ({ rest }: Shape, p: P) => and(...rest.map((name) => FITS[name](p)));

/** The orders of an index that a page begins with, in the order of the list. */
function walked(shape: Shape, p: P): SQL {
  const [time, id] = [timeOf(shape), idOf(shape)];
  const where = and(
    ...found(shape, p),
    shape.from ? gte(time, p.from) : undefined,
    shape.after ? olderThan(time, id, [p.afterTime, p.afterId]) : undefined,
  );
  const all = where === undefined ? sql`` : sql`WHERE ${where}`;
  return sql`FROM ${tableOf(shape)} ${all} ORDER BY ${time} DESC, ${id} DESC`;
}

/** Those that are looked at for a page: `place` is where each order stands. */
const looked = (shape: Shape, p: P) =>
  sql`(SELECT ${placeOf(shape)} AS place ${walked(shape, p)} LIMIT ${sql.raw(String(LOOKED_AT))}) AS looked`;
const isLookedAt = (shape: Shape) =>
  shape.by.includes("sku") ? sql`${orders.id} = looked.place` : sql`${orders}.rowid = looked.place`;

/**
 * A page of a walk that is bounded. SQLite goes through what is looked at one by one, in its order, and stops as soon as
 * the page is full; to sort it once more would be to read all of it.
 */
const boundedPage = (shape: Shape, p: P) =>
  query
    .select(orderParts())
    .from(looked(shape, p))
    .crossJoin(orders)
    .where(and(isLookedAt(shape), fits(shape, p)))
    .limit(p.limit);

function wholePage(shape: Shape, p: P) {
  const [time, id] = [timeOf(shape), idOf(shape)];
  const where = and(
    ...found(shape, p),
    fits(shape, p),
    shape.from ? gte(time, p.from) : undefined,
    shape.after ? olderThan(time, id, [p.afterTime, p.afterId]) : undefined,
  );
  const all = shape.by.includes("sku")
    ? query
        .select(orderParts())
        .from(orderLines)
        .crossJoin(orders)
        .where(and(eq(orders.id, id), where))
    : query.select(orderParts()).from(orders).where(where);
  return all.orderBy(desc(time), desc(id)).limit(p.limit);
}

const pages = perShape((name: string) =>
  prepared((p: P) => {
    const shape = shapeOf(name);
    return shape.bounded ? boundedPage(shape, p) : wholePage(shape, p);
  }),
);

/** The last one that is looked at, as JSON, where the page is not full and there may be more. */
const ends = perShape((name: string) =>
  prepared((p: P) => {
    const shape = shapeOf(name);
    const page = sql`SELECT 1 FROM ${looked(shape, p)} CROSS JOIN ${orders}
      WHERE ${and(isLookedAt(shape), fits(shape, p))} LIMIT ${p.limit}`;
    const last = sql`SELECT json_object('time', ${timeOf(shape)}, 'id', ${idOf(shape)}) ${walked(shape, p)}
      LIMIT 1 OFFSET ${sql.raw(String(LOOKED_AT - 1))}`;
    return query.all<End>(
      sql`SELECT CASE WHEN (SELECT count(*) FROM (${page})) < ${p.limit} THEN (${last}) END AS last`,
    );
  }),
);

interface End {
  readonly last: string | null;
}

export type After = readonly [time: number, id: string] | undefined;

/** A page begins after this one, and before `to`: no id is before the empty one, so a time alone is a place as well. */
function startOf({ to }: OrderFilter, after: After): After {
  if (to === undefined || (after !== undefined && after[0] < to)) return after;
  return [to, ""];
}

/** The first orders after this one that fit, newest first; of a walk that is bounded, among those that are looked at. */
export function listOrders(filter: OrderFilter, after: After, limit: number) {
  return pages(named(filter, after))({ ...valuesOf(filter, after), limit });
}

/** The last order that the same page looks at, as the JSON of a time and an id; null where it is full, or looks at all that there are. */
export function findEnd(filter: OrderFilter, after: After, limit: number): Statement<End[]> {
  if (!walkOf(filter).bounded) return query.all(sql`SELECT NULL AS last`);
  return ends(named(filter, after))({ ...valuesOf(filter, after), limit });
}

function named(filter: OrderFilter, after: After): string {
  const times = { from: filter.from !== undefined, after: startOf(filter, after) !== undefined };
  return nameOf({ ...walkOf(filter), ...times });
}

const counts = perShape((name: string) =>
  prepared((p: P) => {
    const shape = shapeOf(name);
    const time = timeOf(shape);
    const ofSku = shape.by.includes("sku");
    const table = ofSku ? sql`${orderLines} CROSS JOIN ${orders}` : sql`${orders}`;
    const where = and(
      ofSku ? eq(orders.id, orderLines.orderId) : undefined,
      ...found(shape, p),
      shape.from ? gte(time, p.from) : undefined,
      shape.after ? lt(time, p.afterTime) : undefined,
    );
    const all = where === undefined ? sql`` : sql`WHERE ${where}`;
    return query.all<{ looked: number; total: number | null }>(
      sql`SELECT count(*) AS looked, sum(fits) AS total FROM (
        SELECT (${fits(shape, p) ?? sql`1`}) AS fits FROM ${table} ${all} ORDER BY ${time} DESC LIMIT ${p.limit})`,
    );
  }),
);

/** How many fit, of the newest `MAX_COUNTED` of the walk and one; how many were looked at for it. */
export function countOrders(
  filter: OrderFilter,
): Statement<{ looked: number; total: number | null }[]> {
  return counts(named(filter, undefined))({
    ...valuesOf(filter, undefined),
    limit: MAX_COUNTED + 1,
  });
}

/** That an order fits, however it was found. */
export function fitsAll(filter: OrderFilter): SQL | undefined {
  const values = { ...valuesOf(filter, undefined), limit: 0 };
  const { by, rest } = walkOf(filter);
  return and(
    ...[...by, ...rest].map((name) => FITS[name](values)),
    filter.from === undefined ? undefined : sql`+${orders.createdAt} >= ${filter.from}`,
    filter.to === undefined ? undefined : sql`+${orders.createdAt} < ${filter.to}`,
  );
}
