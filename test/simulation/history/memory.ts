import { PAYMENT_EVENT_TYPES } from "../../../src/payments/stripe/event-types.ts";
import type { KeyedRequest, PendingEvent, Records } from "./records.ts";

/** What the shop had promised at a moment, for when its database goes back to it. */
export interface Known {
  /** The order's token that each hold had by then. */
  readonly holds: ReadonlyMap<string, string | undefined>;
  readonly orders: ReadonlySet<string>;
  readonly made: ReadonlySet<string>;
  readonly canceled: ReadonlySet<string>;
  readonly answered: ReadonlySet<KeyedRequest>;
  readonly events: ReadonlySet<PendingEvent>;
}

export function whatIsKnown(records: Records): Known {
  const { reservations, orders, made, canceled, requests, events } = records;
  return {
    holds: new Map(reservations.map(({ id, orderToken }) => [id, orderToken])),
    orders: new Set(orders.map(({ id }) => id)),
    made: new Set(made.map(({ id }) => id)),
    canceled: new Set(canceled),
    answered: new Set(requests.filter(({ answer }) => answer !== undefined)),
    events: new Set(events.filter(({ acknowledged }) => acknowledged)),
  };
}

/**
 * Stripe is all that remembers what came after the moment: paid orders, and what it had to tell. Nobody may rely any
 * more on anything else that was answered since.
 */
export function forgetSince(
  records: Records,
  known: Known,
  how: "by_the_list" | "carelessly",
): void {
  keep(records.reservations, ({ id }) => known.holds.has(id));
  for (const hold of records.reservations) {
    const token = known.holds.get(hold.id);
    if (token === undefined) delete hold.orderToken;
  }
  for (const order of records.orders) {
    if (!known.orders.has(order.id) && order.lost !== "carelessly") order.lost = how;
  }
  keep(records.made, ({ id }) => known.made.has(id));
  keep(records.canceled, (id) => known.canceled.has(id));
  keep(records.requests, (one) => one.answer === undefined || known.answered.has(one));
  keep(records.events, (one) => {
    const told = PAYMENT_EVENT_TYPES.includes(one.event.type);
    return told || !one.acknowledged || known.events.has(one);
  });
}

function keep<T>(list: T[], wanted: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(wanted));
}
