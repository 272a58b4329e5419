import { and, desc, sql } from "drizzle-orm";
import { countRows, olderThan, query } from "../../platform/db.ts";
import { type Holes, perShape, prepared } from "../../platform/prepared.ts";
import { orders } from "../schema.ts";
import { orderParts } from "../store.ts";

export interface OrderFilter {
  readonly status?: (typeof orders.$inferSelect)["status"] | undefined;
  readonly paymentStatus?: (typeof orders.$inferSelect)["paymentStatus"] | undefined;
  readonly fulfillmentStatus?: (typeof orders.$inferSelect)["fulfillmentStatus"] | undefined;
  readonly email?: string | undefined;
  readonly accountId?: string | undefined;
}

const FILTERS = ["status", "paymentStatus", "fulfillmentStatus", "email", "accountId"] as const;
type Filtered = Record<(typeof FILTERS)[number], string>;
/** A column that is asked for; with a plus, SQLite is kept from its index. */
type Asked = keyof Filtered | `+${keyof Filtered}`;

/**
 * The plus makes SQLite take the index of the few. A customer's orders are few. There is an index for what is to be sent,
 * or was, with the order's status and with its payment's. Of those two, the order's is the one of the few, but for what
 * is paid: that stays for good, and its payment's status says more.
 */
function asked(filter: OrderFilter): readonly Asked[] {
  const { status, paymentStatus, email, accountId } = filter;
  const ofCustomer = email !== undefined || accountId !== undefined;
  const byPayment = paymentStatus !== undefined && (status === undefined || status === "paid");
  const used: Readonly<Record<keyof Filtered, boolean>> = {
    status: !(ofCustomer || byPayment),
    paymentStatus: !ofCustomer && byPayment,
    fulfillmentStatus: !ofCustomer,
    email: true,
    accountId: true,
  };
  return FILTERS.filter((name) => filter[name] !== undefined).map((name) =>
    used[name] ? name : (`+${name}` as const),
  );
}

function matching(
  columns: readonly Asked[],
  values: Readonly<Partial<Record<keyof Filtered, unknown>>>,
) {
  return and(
    ...columns.map((one) => {
      const name = one.replace("+", "") as keyof Filtered; // as it was made
      const column = one === name ? sql`${orders[name]}` : sql`+${orders[name]}`;
      return sql`${column} = ${values[name]}`;
    }),
  );
}

type Further = Filtered & { afterTime: number; afterId: string; limit: number };

const ordersPage = perShape((filters: string, further: boolean) =>
  prepared((p: Holes<Further>) => {
    const columns = filters.split(" ").filter((one) => one !== "") as Asked[]; // as `asked` has joined them
    const older = further
      ? olderThan(orders.createdAt, orders.id, [p.afterTime, p.afterId])
      : undefined;
    return query
      .select(orderParts())
      .from(orders)
      .where(and(matching(columns, p), older))
      .orderBy(desc(orders.createdAt), desc(orders.id))
      .limit(p.limit);
  }),
);

export function listOrders(
  filter: OrderFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  const [afterTime = 0, afterId = ""] = after ?? [];
  const {
    status = "",
    paymentStatus = "",
    fulfillmentStatus = "",
    email = "",
    accountId = "",
  } = filter;
  const values = { status, paymentStatus, fulfillmentStatus, email, accountId };
  return ordersPage(
    asked(filter).join(" "),
    after !== undefined,
  )({
    ...values,
    ...{ afterTime, afterId, limit },
  });
}

export function countOrders(filter: OrderFilter) {
  return countRows(orders, matching(asked(filter), filter));
}
