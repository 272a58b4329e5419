import type { Mutant } from "../mutant.ts";

const ORDERS_HOLDERS = "test/orders/holders.test.ts";
const LOG = "test/platform/log.test.ts";
const GUEST_BROWSER = "test/pages/guest-browser.test.ts";

/** An id that is a right is shown to nobody who has not that right. */
export const HOLDERS: readonly Mutant[] = [
  {
    name: "who reads stock learns the ids of guests' holds",
    change: ["SELECT ref FROM reservations WHERE id =", "SELECT id FROM reservations WHERE id ="],
    dies: ORDERS_HOLDERS,
    by: "stands in no movement: a key that reads stock learns another name of the hold, which opens nothing",
  },
  {
    name: "a breach tells the id of a guest's hold",
    change: ["SELECT r.ref || ': held for longer than", "SELECT r.id || ': held for longer than"],
    dies: ORDERS_HOLDERS,
    by: "stands in no breach of an invariant",
  },
  {
    name: "the log shows which hold a request is about",
    change: ["\\brsv(?:_|%5[fF])[\\w%-]+", "\\bnever_[\\w%-]+"],
    dies: LOG,
    by: "about a hold does not say which: a guest's belongs to whoever knows its id",
  },
  {
    name: "the log shows which hold an encoded path is about",
    change: ["\\brsv(?:_|%5[fF])", "\\brsv(?:_)"],
    dies: LOG,
    by: "has secrets and addresses taken out, wherever in a text they stand",
  },
  {
    name: "the log shows the secret of a guest's browser",
    change: ["(?:hf|ot|rt|bs|gb|link)", "(?:hf|ot|rt|bs|link)"],
    dies: LOG,
    by: "has secrets and addresses taken out, wherever in a text they stand",
  },
  {
    name: "whoever knows a hold's id is its holder, also once it has an order",
    change: [
      "if (row.accountId !== null || order === undefined) return true;",
      "if (order !== null) return true;",
    ],
    dies: ORDERS_HOLDERS,
    by: "is read with the order's token, and by nobody who has only its id",
  },
  {
    name: "an account's order does not open the guest's hold that it is of",
    change: ["if (accountId !== null && order.accountId === accountId) return true;", ""],
    dies: ORDERS_HOLDERS,
    by: "belongs to the account that checked it out, whoever has made it",
  },
  {
    name: "the browser that made an order is not known again",
    change: [
      "if (browser !== undefined && browserHash !== null)",
      "if (browser !== undefined && browserHash === null)",
    ],
    dies: GUEST_BROWSER,
    by: "is shown to the browser that made the order, and leads it to the order",
  },
  {
    name: "whoever knew a hold's id before the checkout gives it back",
    change: ["|| !(staff || (await isHolder(ctx, row, { order, ...access })))", ""],
    dies: ORDERS_HOLDERS,
    by: "is given back with the order's token, and not by whoever knew its id before the checkout",
  },
  {
    name: "an account's order is its browser's, too",
    change: [
      "accountId === null ? (input.browserHash ?? null) : null",
      "input.browserHash ?? null",
    ],
    dies: GUEST_BROWSER,
    by: "is the account's where its buyer was signed in, and after they have signed out",
  },
  {
    name: "a browser has its secret only after the form",
    change: ["if (ctx.person === undefined) keepGuestBrowser(c);", ""],
    dies: GUEST_BROWSER,
    by: "has its secret before it sends the form, so that an answer that is lost costs it nothing",
  },
  {
    name: "an order that has joined an account is lost to its browser",
    change: [`const token = mine ? "" :`, `const token = order.accountId !== null ? "" :`],
    dies: GUEST_BROWSER,
    by: "leads its browser to the order also after the order has joined an account by its address",
  },
  {
    name: "the secret of a guest's browser is in the database",
    change: ["return sha256(secret);", "return Promise.resolve(secret);"],
    in: "open-hold",
    dies: GUEST_BROWSER,
    by: "is known to the shop by a hash only",
  },
  {
    name: "the audit log tells discount codes",
    change: [
      `audit(ctx, "discount.created", row.id, said)`,
      `audit(ctx, "discount.created", row.id, input)`,
    ],
    dies: "test/discounts/api.test.ts",
    by: "is in the audit log without its code",
  },
];
