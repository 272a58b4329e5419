import type { Mutant } from "../mutant.ts";

const HOLDING = "test/inventory/reservations.test.ts";

const EXPIRY = "test/inventory/expiry.test.ts";

const ACCOUNTS = "test/identity/accounts.test.ts";

const LEDGER = "test/inventory/ledger.test.ts";

/** What the inventory writes only where it may, and what it decides itself. */
export const HOLD_WRITES: readonly Mutant[] = [
  {
    name: "a hold of an account is given back by whoever knows its id",
    change: [
      "        heldBy(holder),\n        eq(reservations.status",
      "        eq(reservations.status",
    ],
    dies: ACCOUNTS,
    by: "is not there for guests and for other accounts, and is for staff",
  },
  {
    name: "a hold of an account is read by whoever knows its id",
    change: [
      ".where(and(eq(reservations.id, id), heldBy(holder)))",
      ".where(eq(reservations.id, id))",
    ],
    dies: ACCOUNTS,
    by: "is not there for guests and for other accounts, and is for staff",
  },
  {
    name: "a guest's hold is nobody's",
    change: [
      `or(isNull(reservations.accountId), eq(reservations.accountId, holder ?? ""))`,
      `eq(reservations.accountId, holder ?? "")`,
    ],
    dies: HOLDING,
    by: "is read by whoever knows its id, and by no one else",
  },
  {
    name: "a hold of an account is everybody's",
    change: [
      `or(isNull(reservations.accountId), eq(reservations.accountId, holder ?? ""))`,
      "or(isNull(reservations.accountId), sql`1`)",
    ],
    dies: ACCOUNTS,
    by: "is not there for guests and for other accounts, and is for staff",
  },
  {
    name: "a hold that has ended is given back again",
    change: [
      '        eq(reservations.status, "held"),\n        isNull(reservations.orderId),',
      "        isNull(reservations.orderId),",
    ],
    dies: EXPIRY,
    by: "is ended once when it is given back at the same moment",
  },
  {
    name: "a hold at the checkout is given back without its payment page being closed",
    change: [
      '        eq(reservations.status, "held"),\n        isNull(reservations.orderId),',
      '        eq(reservations.status, "held"),',
    ],
    dies: "test/checkout/release.test.ts",
    by: "closes its payment page first, cancels the order and frees the stock",
  },
  {
    name: "a payment on its way shortens a hold",
    change: ["        lt(reservations.expiresAt, expiresAt),\n", ""],
    dies: "test/inventory/store.test.ts",
    by: "lasts longer when it is told to, and never less long",
  },
  {
    name: "the sweep ends a hold a millisecond early",
    change: [
      "WHERE status = 'held' AND expires_at <= ${p.now} AND order_id IS NULL",
      "WHERE status = 'held' AND expires_at <= ${p.now} + 1 AND order_id IS NULL",
    ],
    dies: EXPIRY,
    by: "is ended by the sweep, not a millisecond sooner, and its stock is free",
  },
  {
    name: "the sweep ends a hold a millisecond late",
    change: [
      "WHERE status = 'held' AND expires_at <= ${p.now} AND order_id IS NULL",
      "WHERE status = 'held' AND expires_at < ${p.now} AND order_id IS NULL",
    ],
    dies: EXPIRY,
    by: "is ended by the sweep, not a millisecond sooner, and its stock is free",
  },
  {
    name: "the sweep ends what has ended",
    change: [
      "WHERE status = 'held' AND expires_at <= ${p.now} AND order_id IS NULL",
      "WHERE expires_at <= ${p.now} AND order_id IS NULL",
    ],
    dies: EXPIRY,
    by: "is ended although others of its time were given back before",
  },
  {
    name: "the sweep frees what is at the checkout, and its page can be paid",
    change: [
      "WHERE status = 'held' AND expires_at <= ${p.now} AND order_id IS NULL",
      "WHERE status = 'held' AND expires_at <= ${p.now}",
    ],
    dies: "test/checkout/expire.test.ts",
    by: "is a sale when it was paid in the last second and the webhook is not in yet",
  },
  {
    name: "a hold without goods keeps its order's goods",
    change: [
      "LEFT JOIN products p ON p.id = v.product_id`),",
      "LEFT JOIN products p ON p.id = v.product_id LIMIT 1`),",
    ],
    dies: HOLDING,
    by: "takes every item that was asked for, for 15 minutes",
  },
  {
    name: "an order leaves its hold to the next one, though that hold is over",
    change: [
      '.set({ orderId: null })\n    .where(and(eq(reservations.id, id), eq(reservations.status, "held")));',
      ".set({ orderId: null })\n    .where(eq(reservations.id, id));",
    ],
    dies: "test/inventory/store.test.ts",
    by: "is left to another order while it is alive, and stays its order's once it has ended",
  },
  {
    name: "a hold that has ended lasts longer",
    change: ['        eq(reservations.status, "held"),\n        lt(', "        lt("],
    dies: "test/inventory/store.test.ts",
    by: "that has ended does not last any longer",
  },
  {
    name: "two lines of one SKU are checked one by one",
    change: [
      "quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)",
      "quantities.set(sku, quantity)",
    ],
    dies: HOLDING,
    by: "adds up two lines of one SKU before it judges",
  },
  {
    name: "a hold lasts a minute longer",
    change: ["export const HOLD_MS = 15 * MINUTE_MS;", "export const HOLD_MS = 16 * MINUTE_MS;"],
    dies: HOLDING,
    by: "takes every item that was asked for, for 15 minutes",
  },
  {
    name: "a hold of more lines than fifty",
    change: ["const MAX_LINES = 50;", "const MAX_LINES = 51;"],
    dies: HOLDING,
    by: "has 1 to 50 lines of 1 to 10,000 units",
  },
  {
    name: "a hold of more units than ten thousand",
    change: ["const MAX_QUANTITY = 10_000;", "const MAX_QUANTITY = 10_001;"],
    in: "inventory/",
    dies: HOLDING,
    by: "has 1 to 50 lines of 1 to 10,000 units",
  },
  {
    name: "a hold that is over is read as held until the sweep comes",
    change: [
      "row.orderId === null && row.expiresAt <= now",
      "row.orderId === null && row.expiresAt < 0",
    ],
    dies: EXPIRY,
    by: "is read as expired even before the sweep",
  },
  {
    name: "buyers wait for the sweep",
    change: ["    expireUnclaimed(now, MAX_EXPIRED_ON_THE_WAY),\n", ""],
    in: "create-reservation",
    dies: EXPIRY,
    by: "makes room for the next buyer without waiting for the sweep",
  },
  {
    name: "a buyer behind many old holds waits for the sweep",
    change: [
      "    expireUnclaimed(ctx.now(), MAX_EXPIRED_ON_REFUSAL),\n    findLevels(skus,",
      "    findLevels([]),\n    findLevels(skus,",
    ],
    dies: EXPIRY,
    by: "keeps nobody waiting for the sweep behind many older ones: the second try has it",
  },
  {
    name: "what was sold out stays sold out for a minute",
    change: ["const TRUSTED_MS = 2 * SECOND_MS;", "const TRUSTED_MS = 60 * SECOND_MS;"],
    dies: EXPIRY,
    by: "is sold two seconds after it comes back in another isolate, at the latest",
  },
  {
    name: "what comes back here is sold out here",
    change: [
      "  ctx.soldOut.clear();\n  return {\n    statements: [\n      insertMovement",
      "  return {\n    statements: [\n      insertMovement",
    ],
    dies: EXPIRY,
    by: "is sold at once when it comes back in this one",
  },
  {
    name: "what is short counts as sold out",
    change: [
      "if (available.get(sku) === 0) ctx.soldOut.remember",
      "if (available.has(sku)) ctx.soldOut.remember",
    ],
    dies: EXPIRY,
    by: "does not hide what is only short",
  },
  {
    name: "people write sales into the ledger",
    change: [
      `kind: z.enum(["receive", "adjust", "damage", "return"]),`,
      `kind: z.enum(["receive", "adjust", "damage", "return", "sale"]),`,
    ],
    dies: LEDGER,
    by: "has a sign that fits its kind, a reason, and a kind that a person may write",
  },
  {
    name: "people write movements of nothing into the ledger",
    change: ['quantity <= 0 && "Must be at least 1', 'quantity < 0 && "Must be at least 1'],
    dies: LEDGER,
    by: "has a sign that fits its kind, a reason, and a kind that a person may write",
  },
  {
    name: "what is damaged comes in",
    change: ['input.kind === "damage" ? -input.quantity : input.quantity', "input.quantity"],
    dies: LEDGER,
    by: "of kind damage and 4 takes 10 to 6",
  },
  {
    name: "a movement is not written down with who made it",
    change: [
      'audit(ctx, "stock.moved", input.sku, {\n        kind: input.kind,\n        quantity: input.quantity,\n        reason: input.reason,\n      }),',
      "",
    ],
    dies: "test/identity/audit-log.test.ts",
    by: "leaves one line: who, what, to which thing, from where, in which request",
  },
];
