import { eq, sql } from "drizzle-orm";
import type { Config } from "../config.ts";
import { query } from "../db.ts";
import { type Holes, prepared } from "../prepared.ts";
import { opening } from "./schema.ts";

/** No database was ever opened from this. */
const NEVER = 0;
/** The one row. */
const here = eq(opening.id, 1);

/**
 * Belongs into every batch that takes stock or gives out an order number: the database refuses it as `shop_not_open` when
 * it is not the one that the configuration opens, because it was put back to an earlier moment, or the shop is closed.
 */
export function requireOpen({ ordersFrom }: Pick<Config, "ordersFrom">) {
  return asking({ askedFrom: ordersFrom ?? NEVER });
}

const asking = prepared((p: Holes<{ askedFrom: number }>) =>
  query
    .update(opening)
    .set({ askedFrom: sql`${p.askedFrom}` })
    .where(here),
);

export function findOpening() {
  return query.select({ openedFrom: opening.openedFrom }).from(opening).where(here);
}

/** From now on this database is the one that a shop with this `ORDER_NUMBERS_FROM` sells from. */
export function setOpenedFrom(ordersFrom: number) {
  return query.update(opening).set({ openedFrom: ordersFrom }).where(here);
}
