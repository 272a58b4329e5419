import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import { among, countRows, olderThan, query } from "../platform/db.ts";
import { CHARGE_STEP } from "../platform/money.ts";
import { discounts } from "./schema.ts";

type DiscountColumns = typeof discounts.$inferSelect;
/** `products` is JSON: the ids of what it is for, or null for everything. */
export type DiscountRow = DiscountColumns & { readonly products: string | null };
type NewRow = Omit<DiscountColumns, "uses" | "version">;
export type DiscountPatch = Partial<
  Pick<DiscountRow, "active" | "startsAt" | "endsAt" | "maxUses" | "maxUsesPerCustomer">
>;

export function insertDiscount(row: NewRow) {
  return query.insert(discounts).values(row);
}

/** What it is for. One that is not there is refused by the database. */
export function insertDiscountProducts(discountId: string, products: readonly string[]) {
  return query.run(sql`
    INSERT INTO discount_products (discount_id, product_id)
    SELECT ${discountId}, value FROM json_each(${JSON.stringify(products)})`);
}

const whole = {
  ...getTableColumns(discounts),
  products: sql<string | null>`(SELECT nullif(json_group_array(product_id), '[]') FROM (
    SELECT product_id FROM discount_products WHERE discount_id = ${discounts.id} ORDER BY product_id))`,
};

export function findDiscount(id: string) {
  return query.select(whole).from(discounts).where(eq(discounts.id, id)).limit(1);
}

/** Changes a discount, where it is still the one that `seen` names; returns its id when it did. */
export function updateDiscount(
  id: string,
  patch: DiscountPatch,
  { seen, now }: { readonly seen: readonly string[] | undefined; readonly now: number },
) {
  return query
    .update(discounts)
    .set({ ...patch, version: sql`${discounts.version} + 1`, updatedAt: now })
    .where(
      and(
        eq(discounts.id, id),
        seen === undefined
          ? undefined
          : sql`${discounts.version} || '-' || ${discounts.uses} IN ${among(seen)}`,
      ),
    )
    .returning({ id: discounts.id });
}

interface Filter {
  readonly code: string | undefined;
}

const matching = ({ code }: Filter) => (code === undefined ? undefined : eq(discounts.code, code));

export function listDiscounts(
  filter: Filter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  return query
    .select(whole)
    .from(discounts)
    .where(and(matching(filter), olderThan(discounts.createdAt, discounts.id, after)))
    .orderBy(desc(discounts.createdAt), desc(discounts.id))
    .limit(limit);
}

export function countDiscounts(filter: Filter) {
  return countRows(discounts, matching(filter));
}

export interface DiscountUse {
  readonly orderId: string;
  readonly code: string;
  readonly accountId: string | null;
  /** In lower case; null for whoever gave none. */
  readonly email: string | null;
  /** For whoever is signed in and gave no address. */
  readonly userId: string | null;
  readonly now: number;
}

/** One use of a code by an order. The triggers judge it at this instant, each refusal with its own word. */
export function insertDiscountUse(use: DiscountUse) {
  return query.run(sql`
    INSERT INTO discount_uses (order_id, discount_id, account_id, email, created_at)
    VALUES (${use.orderId}, (SELECT id FROM discounts WHERE code = ${use.code}), ${use.accountId},
      coalesce(${use.email}, (SELECT email FROM users WHERE id = ${use.userId})), ${use.now})`);
}

/** The use of a code by an order that was written again; judged as any other, at the time at which it was made. */
export function insertRestoredUse(orderId: string, code: string) {
  return query.run(sql`
    INSERT INTO discount_uses (order_id, discount_id, account_id, email, created_at)
    SELECT o.id, (SELECT id FROM discounts WHERE code = ${code}), o.account_id, o.email, o.created_at
    FROM orders o WHERE o.id = ${orderId}`);
}

/** What a code asks of an order's goods. */
export function findMinimum(code: string) {
  return query
    .select({ amount: discounts.minimum, currency: discounts.minimumCurrency })
    .from(discounts)
    .where(eq(discounts.code, code));
}

/**
 * Takes what the code is worth off an order: a percentage of the goods that it is for, half up, or an amount, never more
 * than those goods, in steps that can be paid. Where nothing of the goods is left to pay and there is a free way of delivery, the
 * order goes that way, because nobody is asked for another.
 */
export function discountOrder(orderId: string, code: string) {
  const step = sql`coalesce((SELECT value FROM json_each(${JSON.stringify(CHARGE_STEP)}) WHERE key = orders.currency), 1)`;
  const goods = sql`(SELECT sum(quantity * unit_amount) FROM order_lines WHERE order_id = orders.id AND discounted)`;
  const off = sql`min(${goods}, coalesce(d.amount, (${goods} * d.percent + 50 * ${step}) / (100 * ${step}) * ${step}))`;
  const least = sql`(SELECT min(value ->> 'amount') FROM json_each(orders.payment_terms, '$.rates'))`;
  const shipping = sql`iif(orders.subtotal = ${off} AND ${least} = 0, 0, orders.shipping)`;
  return query.run(sql`
    UPDATE orders SET discount_code = d.code, discount = ${off}, shipping = ${shipping},
      total = orders.subtotal - ${off} + ${shipping}
    FROM discounts d WHERE orders.id = ${orderId} AND d.code = ${code}`);
}
