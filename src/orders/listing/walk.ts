import { ANY, type OrderFilter } from "./order-filter.ts";

/** What orders are asked by, each a column or a few; `calling` is any reason that calls a person. */
export const ASKED_BY = [
  "number",
  "accountId",
  "email",
  "attention",
  "calling",
  "sku",
  "status",
  "paymentStatus",
  "fulfillmentStatus",
] as const;
export type AskedBy = (typeof ASKED_BY)[number];

/** How a list goes through the orders, from new to old. */
export interface Walk {
  /** What an index finds, in this order. */
  readonly by: readonly AskedBy[];
  /** What each of those is looked at for. */
  readonly rest: readonly AskedBy[];
  /** Whether that may be many that do not fit: then a page looks at so many and no more, and the next one goes on there. */
  readonly bounded: boolean;
}

/**
 * The index of the fewest: one order, a customer's, those that call a person, those with a SKU. There is an index for
 * what is to be sent, or was, with the order's status and with its payment's. Of those two, the order's is the one of
 * the few, but for what is paid: that stays for good, and its payment's status says more. Pure.
 */
export function walkOf(filter: OrderFilter): Walk {
  const asked = ASKED_BY.filter((name) => isAsked(filter, name));
  const by = indexFor(filter, asked);
  const rest = asked.filter((name) => !by.includes(name));
  const few = by[0] === "number" || by[0] === "accountId" || by[0] === "email";
  return { by, rest, bounded: rest.length > 0 && !few };
}

function isAsked({ attention, ...filter }: OrderFilter, name: AskedBy): boolean {
  if (name === "calling") return attention === ANY;
  if (name === "attention") return attention !== undefined && attention !== ANY;
  return filter[name] !== undefined;
}

function indexFor({ status }: OrderFilter, asked: readonly AskedBy[]): readonly AskedBy[] {
  const [first] = asked;
  if (first === undefined) return [];
  const ofStates = ["status", "paymentStatus", "fulfillmentStatus"].includes(first);
  if (!ofStates) return [first];
  const byPayment = asked.includes("paymentStatus") && (status === undefined || status === "paid");
  const unused = byPayment ? "status" : "paymentStatus";
  return asked.filter((name) => name !== unused);
}
