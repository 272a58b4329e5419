import type { Mutant } from "../mutant.ts";

const LIST = "test/orders/list.test.ts";
const FAR = "test/orders/list-far.test.ts";
const SEARCH = "test/orders/search.test.ts";
const PLANS = "test/conventions/query-plans.test.ts";
const EACH = "by each filter, and by all of them together";
const PROMISES = "is one promise when it is paid, and one for each parcel that has a number";
const STAFF = "is for staff: a customer is refused, whatever they look for, their own too";

/** Orders that staff find, by filters and by words, and what a customer finds. */
export const FINDING_ORDERS: readonly Mutant[] = [
  {
    name: "a customer finds the orders of others by words",
    change: [`if (q !== "" && !staff) throw forStaff();`, "void forStaff;"],
    dies: SEARCH,
    by: STAFF,
  },
  ...[
    ["number", "sql`+${orders.number} = ${p.number}`", "by words and filters together", SEARCH],
    ["accountId", "sql`+${orders.accountId} = ${p.accountId}`", "of their account alone", LIST],
    ["email", "sql`+${orders.email} = ${p.email}`", EACH, LIST],
    ["status", "sql`+${orders.status} = ${p.status}`", EACH, LIST],
    ["paymentStatus", "sql`+${orders.paymentStatus} = ${p.paymentStatus}`", EACH, LIST],
    ["fulfillmentStatus", "sql`+${orders.fulfillmentStatus} = ${p.fulfillmentStatus}`", EACH, LIST],
    ["calling", "sql`+${orders.attentionReason} IS NOT NULL`", "by words and filters", SEARCH],
  ].map(
    ([name = "", text = "", by = "", dies = ""]): Mutant => ({
      name: `an order is not looked at for its ${name}`,
      change: [text, "sql`1`"],
      dies,
      by,
    }),
  ),
  {
    name: "an order is not looked at for what was ordered",
    change: ["wanted.sku = ${p.sku})`", "wanted.sku <> '')`"],
    dies: LIST,
    by: EACH,
  },
  {
    name: "orders are listed that were made before the time",
    change: ["shape.from ? gte(time, p.from) : undefined", "undefined"],
    after: "function wholePage",
    dies: LIST,
    by: EACH,
  },
  {
    name: "orders are listed that were made after the time",
    change: [`  return [to, ""];`, "  return after;"],
    dies: LIST,
    by: EACH,
  },
  {
    name: "a cursor leads past the time",
    change: ["(after !== undefined && after[0] < to)", "after !== undefined"],
    dies: LIST,
    by: "whatever cursor",
  },
  {
    name: "a total counts what was made after the time",
    change: ["shape.after ? lt(time, p.afterTime) : undefined", "undefined"],
    dies: LIST,
    by: EACH,
  },
  {
    name: "a page without an index looks at all orders",
    change: [" LIMIT ${sql.raw(String(LOOKED_AT))}) AS looked`", ") AS looked`"],
    dies: FAR,
    by: "looks at so many and goes on there",
  },
  {
    name: "a page that looked at so many is the last one",
    change: ["if (last === null) return page;", "if (last !== undefined) return page;"],
    dies: FAR,
    by: "looks at so many and goes on there",
  },
  {
    name: "a full page goes on behind what was looked at",
    change: ["< ${p.limit} THEN (${last}) END", "< ${p.limit} + 1000 THEN (${last}) END"],
    dies: FAR,
    by: "goes on where a page was full",
  },
  {
    name: "a count that went no farther says that it is all",
    change: [
      "looked > MAX_COUNTED ? { ...known, totalCapped: true } : known",
      "looked > MAX_COUNTED ? known : known",
    ],
    dies: FAR,
    by: "counts as far as it says, and says so",
  },
  {
    name: "a line is as old as whoever writes it says",
    change: [
      "WHEN NEW.ordered_at <> (SELECT created_at FROM orders WHERE id = NEW.order_id)",
      "WHEN 0",
    ],
    dies: LIST,
    by: "is when its order was made, whoever writes, and for good",
  },
  {
    name: "the list of what calls a person goes through all orders",
    change: [
      'CREATE INDEX `orders_calling` ON `orders` (`created_at`) WHERE "attention_reason" IS NOT NULL;',
      "",
    ],
    dies: PLANS,
    by: "reads more rows when there are twenty times as many",
  },
  {
    name: "the list of a SKU goes through all lines",
    change: ["CREATE INDEX `order_lines_of_sku` ON `order_lines` (`sku`,`ordered_at`);", ""],
    dies: PLANS,
    by: "scans a table that grows",
  },
  {
    name: "the index does not hear of an order that is paid",
    change: [
      "joinSteps(promisedStep(receipt), promisedStep(promiseFound(ctx, order)))",
      "promisedStep(receipt)",
    ],
    in: "sell-free",
    dies: SEARCH,
    by: PROMISES,
  },
  {
    name: "the index does not hear of money that goes back",
    change: [
      "...[back.sending, told, promiseFound(ctx, order)].map(promisedStep),",
      "...[back.sending, told].map(promisedStep),",
    ],
    dies: SEARCH,
    by: "whose money came when it was over",
  },
  {
    name: "the index does not hear of a parcel's number",
    change: [
      "...(parcel.trackingNumber === null ? [] : [promiseFound(ctx, order)])",
      "...(promiseFound === undefined ? [promiseFound] : [])",
    ],
    dies: SEARCH,
    by: PROMISES,
  },
  {
    name: "the index hears of each parcel, with a number or not",
    change: [
      "parcel.trackingNumber === null ? [] : [promiseFound(ctx, order)]",
      "parcel.carrier === undefined ? [] : [promiseFound(ctx, order)]",
    ],
    dies: SEARCH,
    by: PROMISES,
  },
  {
    name: "orders that nobody has paid for are in the index",
    change: [
      "if (!isFound(order)) return undefined;",
      "if (!isFound(order) && order.number < 0) return undefined;",
    ],
    dies: SEARCH,
    by: "forgotten for those that there are not",
  },
  {
    name: "an order that the index does not have is not found by its number",
    change: ["return [...new Set([...seqs, number])];", "return seqs;"],
    dies: SEARCH,
    by: "by its number always",
  },
  {
    name: "an order is found by the beginning of its number",
    change: [
      "digits.length > MAX_DIGITS ? matchText(digits) : matchWords(digits)",
      "digits.length > MAX_DIGITS ? matchWords(digits) : matchText(digits)",
    ],
    dies: SEARCH,
    by: "by its number, its name",
  },
  {
    name: "the search of products is closed while orders are filled",
    change: ["FROM index_state WHERE kind = ${kind}`", "FROM index_state ORDER BY filled`"],
    dies: SEARCH,
    by: "does not close the search of products",
  },
  {
    name: "filling one kind ends the filling of another",
    change: [
      "SET filled = generation WHERE kind = ${kind} AND generation",
      "SET filled = generation WHERE ${kind} <> '' AND generation",
    ],
    dies: SEARCH,
    by: "leaves the others as they are",
  },
];
