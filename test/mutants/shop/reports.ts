import type { Mutant } from "../mutant.ts";

const SALES = "test/reports/sales.test.ts";
const DAYS = "test/reports/days.test.ts";
const BY_HAND = "test/reports/by-hand.test.ts";
const RULES = "test/audit/every-rule.test.ts";

const SAID_ANEW = "is not said anew of moments at which something was counted";
const STAY = "stay, and are never below zero";

/** What was sold on a day, and which day it was. */
export const REPORTS: readonly Mutant[] = [
  {
    name: "the day of a sale is another one afterwards",
    change: ["WHEN NEW.since > 0 AND (EXISTS", "WHEN NEW.since > 9e15 AND (EXISTS"],
    dies: DAYS,
    by: SAID_ANEW,
  },
  {
    name: "what a day was counted by is taken away",
    change: ["WHEN OLD.since = 0 OR EXISTS", "WHEN OLD.since = 0 AND EXISTS"],
    dies: DAYS,
    by: SAID_ANEW,
  },
  {
    name: "another zone begins while something is counted by the old one",
    change: ["const NOTICE_MS = MINUTE_MS;", "const NOTICE_MS = MINUTE_MS * 0;"],
    dies: DAYS,
    by: "stays as it was counted when the shop goes to another zone",
  },
  {
    name: "the clocks are said anew by each run",
    change: ["  if (isKnown(known, wanted, now)) return { changed: 0 };\n", ""],
    dies: DAYS,
    by: "is written down once: another run changes nothing",
  },
  {
    name: "a number for a time zone",
    change: ["return !/^[+-]/.test(text);", "return true;"],
    dies: DAYS,
    by: "is the name of a zone",
  },
  {
    name: "a sale adds no total to its day",
    change: ["total = total + excluded.total;", "total = total;"],
    dies: SALES,
    by: "adds up what was paid, by day and currency",
  },
  {
    name: "a second sale of a SKU adds no units to its day",
    change: [
      "DO UPDATE SET units = units + excluded.units, revenue",
      "DO UPDATE SET units = units, revenue",
    ],
    dies: SALES,
    by: "adds up what is sold of one thing on one day",
  },
  {
    name: "money that came too late counts as gone back",
    change: [
      "WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded'\n  AND EXISTS (SELECT 1 FROM order_events WHERE order_id = NEW.order_id AND type = 'order.paid')",
      "WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded'",
    ],
    dies: SALES,
    by: "counts neither money that came too late for the stock nor its way back",
  },
  {
    name: "a refund that is there at once counts on no day",
    change: ["WHEN NEW.status = 'succeeded' AND NEW.counted_at IS NULL", "WHEN 0"],
    dies: BY_HAND,
    by: "count what goes back of a free order at once",
  },
  {
    name: "a refund that has failed stays in its day",
    change: [
      "WHEN OLD.status = 'succeeded' AND NEW.status <> 'succeeded' AND NEW.counted_at IS NOT NULL",
      "WHEN 0",
    ],
    dies: SALES,
    by: "takes it out of its day when it fails",
  },
  {
    name: "a refund that has failed is taken out of no sum",
    change: [
      "refunds = refunds - 1, refunded = refunded - NEW.amount",
      "refunds = refunds, refunded = refunded",
    ],
    dies: SALES,
    by: "takes it out of its day when it fails",
  },
  {
    name: "a day of sales can go",
    change: ["BEFORE DELETE ON sales_days BEGIN", "BEFORE DELETE ON sales_days WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: STAY,
  },
  {
    name: "a day of a product can go",
    change: ["BEFORE DELETE ON product_days BEGIN", "BEFORE DELETE ON product_days WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: STAY,
  },
  {
    name: "a report of any number of days",
    change: ["  if (days > most)\n", "  if (days > 10 * most)\n"],
    dies: SALES,
    by: "has a bounded number of days",
  },
  {
    name: "a report from behind its end",
    change: ["if (first > last) throw", 'if (first > "9") throw'],
    dies: SALES,
    by: "has a bounded number of days",
  },
  {
    name: "the audit does not compare a day with its sales",
    change: [
      "WHERE (orders, total, subtotal, discount, shipping, tax, units) <>",
      "WHERE 0 AND (orders, total, subtotal, discount, shipping, tax, units) <>",
    ],
    dies: RULES,
    by: "a day that says it sold more than it did",
  },
  {
    name: "the audit does not compare a day with its refunds",
    change: ["WHERE (refunds, refunded) <> (done, back)", "WHERE 0"],
    dies: RULES,
    by: "a day that says more went back than did",
  },
  {
    name: "the audit does not compare a day with its products",
    change: ["WHERE (units, subtotal) <> (sold, came)", "WHERE 0"],
    dies: RULES,
    by: "a product that sold more than the day it is of",
  },
  {
    name: "the audit misses no sale that no day counts",
    change: [
      "AND d.currency = o.currency AND d.orders > 0)",
      "AND d.currency = o.currency AND d.orders > 0) AND 0",
    ],
    dies: RULES,
    by: "an order that is counted on no day",
  },
  {
    name: "the audit minds no refund that is counted and does not stand",
    change: ["AND (r.counted_at IS NOT NULL) <> (", "AND 0 AND (r.counted_at IS NOT NULL) <> ("],
    dies: RULES,
    by: "a refund that is counted and does not stand",
  },
];
