import type { Mutant } from "../mutant.ts";

const CANCEL = "test/checkout/cancel.test.ts";
const READING = "test/checkout/reading-orders.test.ts";
const ISOLATION = "test/identity/isolation.mass.test.ts";
const NOBODY =
  "is nobody else's: no token is 401, another order's token is 404, as is an unknown order";

/** Who reads and changes an order, and one after the other. */
export const ORDER_CHANGES: readonly Mutant[] = [
  {
    name: "whoever was not fast enough fails",
    change: ["if (!refusedBy(error, ORDER_CHANGED)) throw error;", "throw error;"],
    in: "orders/change-order.ts",
    dies: "test/orders/writes.test.ts",
    by: "that another has overtaken is decided again",
  },
  {
    name: "whoever was not fast enough decides on what was",
    change: ["      order = await reloadOrder(ctx, order.id);\n", ""],
    dies: "test/orders/writes.test.ts",
    by: "that another has overtaken is decided again",
  },
  {
    name: "whoever was never fast enough has found an error of ours",
    change: [
      "if (tries >= MAX_TRIES) throw tooBusy(error);",
      "if (tries >= MAX_TRIES) throw error;",
    ],
    dies: "test/orders/writes.test.ts",
    by: "that others change all the time is one to come back to",
  },
  {
    name: "a key that is over is found",
    change: [
      ".where(and(guest ? or(same(p), sameNetwork(p)) : same(p), live(p.now)))",
      ".where(guest ? or(same(p), sameNetwork(p)) : same(p))",
    ],
    dies: "test/orders/writes.test.ts",
    by: "is decided anew once its key is over",
  },
  {
    name: "an order is changed by whoever knows its id",
    change: [
      "if (order === undefined || !allowed(order)) throw notFound",
      "if (order === undefined) throw notFound",
    ],
    dies: CANCEL,
    by: "is canceled by any user of its account, and by nobody of another",
  },
  {
    name: "every token opens every order",
    change: [`sign(secret, "order", orderId)`, `sign(secret, "order", orderId.slice(0, 0))`],
    dies: READING,
    by: NOBODY,
  },
  {
    name: "any token opens an order",
    change: [
      "token !== undefined && (await isOwnToken(ctx.config, token, makeToken(orderId)))",
      "token !== undefined && makeToken(orderId) !== undefined",
    ],
    dies: READING,
    by: NOBODY,
  },
  {
    name: "whoever is signed in reads every order",
    change: ["return (row) => row.accountId === user.accountId;", "return () => true;"],
    dies: ISOLATION,
  },
  {
    name: "whoever is signed in lists every order",
    change: [': { ...filter, accountId: accountOf(ctx) ?? "" }', ": filter"],
    dies: READING,
    by: "shows everybody else those of their account alone",
  },
  {
    name: "whoever knows an order's id reads it",
    change: [
      "if (row === undefined || !mayRead(row)) throw notFound",
      "if (row === undefined) throw notFound",
    ],
    dies: ISOLATION,
  },
  {
    name: "whoever knows an order's id reads its history",
    change: [
      'if (order === undefined || !mayRead(order)) throw notFound("order");\n  const present',
      'if (order === undefined) throw notFound("order");\n  const present',
    ],
    dies: ISOLATION,
  },
  {
    name: "all of a guest's orders join whoever's account",
    change: [
      "        eq(orders.email, email),\n        isNull(orders.accountId),\n",
      "        isNull(orders.accountId),\n",
    ],
    dies: "test/identity/accounts.test.ts",
  },
  {
    name: "buyers are told who of the shop did something",
    change: ["row.byStaff === 1 && !forStaff ? STAFF : row.actor", "row.actor"],
    dies: "test/orders/history.test.ts",
    by: "tells buyers that it was the shop, and the shop which of its people and keys",
  },
  {
    name: "a buyer passes for the shop in the history of their own order",
    change: ["u.account_id = o.account_id WHERE o.id", "0 WHERE o.id"],
    dies: "test/orders/history.test.ts",
    by: "tells buyers that it was the shop, and the shop which of its people and keys",
  },
  {
    name: "orders of another account join this one",
    change: [
      "        eq(orders.email, email),\n        isNull(orders.accountId),\n",
      "        eq(orders.email, email),\n",
    ],
    dies: "test/identity/accounts.test.ts",
    by: "joins no account by its address when another account has made it",
  },
  {
    name: "a page of a list leaves out what is of the moment at which the last one ended",
    change: ["sql`(${time}, ${id}) < (${after[0]}, ${after[1]})`", "sql`${time} < ${after[0]}`"],
    dies: READING,
    by: "leaves out and repeats none of the same moment, from page to page",
  },
  {
    name: "a list of the few of all paid orders reads all of them",
    change: ['(status === undefined || status === "paid")', "status === undefined"],
    dies: "test/orders/list.test.ts",
    by: "goes by the index of the fewest",
  },
  {
    name: "a list of orders finds other addresses",
    change: [
      "email: (p) => sql`${orders.email} = ${p.email}`,",
      "email: (p) => sql`${orders.email} <> ${p.email}`,",
    ],
    dies: READING,
    by: "is for staff, newest first, and each filter finds exactly its own",
  },
];
