import type { Mutant } from "../mutant.ts";

const CUSTOMERS = "test/identity/customers.test.ts";
const FORGETTING = "test/privacy/forgetting.test.ts";
const TWICE = "test/privacy/forgotten-twice.test.ts";
const READ_BEFORE = "test/privacy/read-before.test.ts";
const LEFT_BEHIND = "test/privacy/left-behind.test.ts";
const EXPORTED = "is neither in the log nor with the job: both say only by what it was filtered";
const ANOTHER_ADDRESS = "goes on under the account's, and names nobody who is gone";
const EXPORT = "test/privacy/export.test.ts";
const NOWHERE = "is named nowhere any more, in no column of no table";
const UNDER_WAY = "for whom something is under way";

/** What of a table is let go of, and whether anybody would notice if it were not. */
const kept = (table: string, forget: string): Mutant => ({
  name: `what ${table} knows of a person stays when they are deleted`,
  change: [`  ${table}: ${forget},`, `  ${table}: BY_THE_WALK,`],
  dies: FORGETTING,
  by: NOWHERE,
});

const rest = (because: string, condition: string): Mutant => ({
  name: `somebody is deleted for whom this is under way: ${because}`,
  change: [`${condition} THEN '${because}'`, `false THEN '${because}'`],
  dies: FORGETTING,
  by: UNDER_WAY,
});

/** Who has bought what, what they are told of it, and how they are forgotten. */
export const PEOPLE_FORGOTTEN: readonly Mutant[] = [
  {
    name: "a customer whose order is called off has still bought it",
    change: [
      "orders = orders + (NEW.status = 'paid') - (OLD.status = 'paid'),",
      "orders = orders + (NEW.status = 'paid'),",
    ],
    dies: CUSTOMERS,
    by: "has bought less when an order is called off, and spent less when its money is back",
  },
  {
    name: "a guest's order that joins an account counts for its old address as well",
    change: [
      "UNION ALL\n    SELECT -1, iif(OLD.account_id",
      "UNION ALL\n    SELECT 0, iif(OLD.account_id",
    ],
    dies: CUSTOMERS,
    by: "has what a colleague had bought as a guest, once that joins their account",
  },
  {
    name: "a guest is called by another name than they have registered with",
    change: [
      "AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = customers.email)",
      "AND true",
    ],
    dies: CUSTOMERS,
    by: "has registered, and is one with the guest who had bought with the address",
  },
  {
    name: "whoever only says that an address is theirs is shown what a guest has bought",
    change: ["asGuest: person.verifiedAt !== null", "asGuest: true"],
    dies: EXPORT,
    by: "is of a guest what they have bought, and of whoever only says that the address is theirs nothing of it",
  },
  {
    name: "staff's notes are in what a person may have",
    change: [
      "const { note: _, ...data } = readData(row.data);",
      "const data = readData(row.data);",
    ],
    dies: EXPORT,
    by: "is one document, a file, with all that is theirs and nothing that is secret or the shop's own",
  },
  {
    name: "somebody is shown a colleague's orders as their own",
    change: [
      "? orders(sql`account_id = ${accountId} AND (email = ${email} OR ${made})`)",
      "? orders(sql`account_id = ${accountId}`)",
    ],
    dies: EXPORT,
    by: "is of a colleague only what names them",
  },
  {
    name: "somebody deletes themselves with another password",
    change: [
      `  if (!right) throw invalidField("currentPassword", "Is not your current password.");\n}`,
      "}",
    ],
    dies: FORGETTING,
    by: "has to say the password, where there is one",
  },
  {
    name: "somebody deletes themselves without the password that they have",
    change: [
      "  if (passwordHash === null) return;\n",
      "  if (passwordHash === null || password === undefined) return;\n",
    ],
    dies: FORGETTING,
    by: "has to say the password, where there is one",
  },
  {
    name: "an admin deletes themselves without a password",
    change: [
      "[actor.user?.id, actor.ownerId].includes(person.userId)",
      "[actor.ownerId].includes(person.userId)",
    ],
    dies: FORGETTING,
    by: "where that leaves the shop without an admin, nor by themselves without their password",
  },
  {
    name: "the last admin deletes themselves",
    change: [
      "SELECT RAISE(ABORT, 'last_admin') WHERE OLD.role = 'admin'",
      "SELECT RAISE(ABORT, 'last_admin') WHERE false AND OLD.role = 'admin'",
    ],
    dies: FORGETTING,
    by: "where that leaves the shop without an admin, nor by themselves without their password",
  },
  {
    name: "somebody is deleted who holds something",
    change: [
      "SELECT RAISE(ABORT, 'holds_under_way') FROM reservations\n  WHERE ",
      "SELECT RAISE(ABORT, 'holds_under_way') FROM reservations\n  WHERE false AND ",
    ],
    dies: FORGETTING,
    by: "while they hold something",
  },
  {
    name: "somebody is deleted who has become somebody else since",
    change: [
      "SELECT ${id}, iif(${isStill(leaving)} AND ${may}, ${customerId}, NULL)",
      "SELECT ${id}, ${customerId}",
    ],
    dies: FORGETTING,
    by: "by whoever may not any more, or of somebody who has changed, is refused by the database",
  },
  {
    name: "a customer is forgotten once, and never again",
    change: [
      "\t`customer_id` text NOT NULL,\n\t`user_id`",
      "\t`customer_id` text UNIQUE NOT NULL,\n\t`user_id`",
    ],
    dies: TWICE,
    by: "keeps no admin from deleting the customer afterwards",
  },
  {
    name: "an order that is forgotten keeps its version",
    change: [
      "const step = sql`version = version + 1, updated_at = ${now}`;",
      "const step = sql`updated_at = ${now}`;",
    ],
    dies: READ_BEFORE,
    by: "has a line in its history, and a version, of its own for it",
  },
  {
    name: "a deletion is no line in the history of what was bought",
    change: [
      "FROM orders WHERE id IN ${all(leaving)}`),\n    query",
      "FROM orders WHERE false`),\n    query",
    ],
    dies: READ_BEFORE,
    by: "sells nothing by it: late money goes back, and nobody is a customer again",
  },
  {
    name: "an order of somebody who was forgotten is sold",
    change: [
      "WHEN OLD.forgotten_at IS NOT NULL AND NEW.status = 'paid'",
      "WHEN false AND NEW.status = 'paid'",
    ],
    dies: READ_BEFORE,
    by: "is not sold, whoever says so",
  },
  {
    name: "an order that is written again for somebody who was forgotten is paid",
    change: ['return pending ? "call_off" : "give_back";', 'return pending ? "pay" : "give_back";'],
    dies: READ_BEFORE,
    by: "that is written again for money that came after it was purged is called off, and the money goes back",
  },
  {
    name: "what a subscriber is told names somebody who was forgotten since it was read",
    change: ["AND e.type = 'customer.deleted')", "AND false)"],
    dies: READ_BEFORE,
    by: "tells subscribers, and keeps for them, what is left of it",
  },
  {
    name: "the log says whom staff have exported",
    change: [
      "dryRun: dryRun === 1, filters }",
      "dryRun: dryRun === 1, filters, filter: row.filter }",
    ],
    dies: LEFT_BEHIND,
    by: EXPORTED,
  },
  {
    name: "a job that is over says whom staff have exported",
    change: ['(phase === "over" ? { filter: "{}" } : {})', '(phase === "over" ? {} : {})'],
    dies: LEFT_BEHIND,
    by: EXPORTED,
  },
  {
    name: "a job that was given up says whom staff have exported",
    change: ["phase = 'over', filter = '{}',", "phase = 'over',"],
    dies: LEFT_BEHIND,
    by: "is not with a job that was given up either",
  },
  {
    name: "a receipt that was asked for again is none of the mails about an order",
    change: ["x.dedupe_key >= ${key} AND x.dedupe_key < ${key} || ';'", "x.dedupe_key = ${key}"],
    dies: LEFT_BEHIND,
    by: "is in what a person may have, and leaves no word of a mail service when they are deleted",
  },
  {
    name: "what a colleague has ordered under another address names them for ever",
    change: ["AND (email = ${email} OR ${made})", "AND (email = ${email})"],
    dies: LEFT_BEHIND,
    by: ANOTHER_ADDRESS,
  },
  {
    name: "what was ordered for a colleague goes to another one, once whoever has done so is gone",
    change: ["ORDER BY email IS NOT orders.email, created_at", "ORDER BY created_at"],
    dies: LEFT_BEHIND,
    by: "keeps the address where it is a colleague's",
  },
  rest("payment", "WHEN o.status = 'pending_payment' OR o.payment_status = 'processing'".slice(5)),
  rest("attention", "o.attention_reason IS NOT NULL"),
  kept("order_events", "forgetHistory"),
  kept("refunds", "forgetRefunds"),
  kept("fulfillments", "forgetShipments"),
  kept("sessions", "forgetSessions"),
  kept("users", "forgetUser"),
  kept("audit_log", "forgetLog"),
  kept("orders", "forgetOrders"),
  kept("outgoing_events", "forgetTold"),
  kept("discount_uses", "forgetCodes"),
  {
    name: "an event that comes later names somebody who was forgotten",
    change: [
      "CREATE TRIGGER webhook_events_forgotten_as_they_come AFTER INSERT ON webhook_events\nWHEN ",
      "CREATE TRIGGER webhook_events_forgotten_as_they_come AFTER INSERT ON webhook_events\nWHEN false AND ",
    ],
    dies: FORGETTING,
    by: "is a guest, too, whose later events name nobody",
  },
  {
    name: "goods of late money go to nobody knows whom",
    change: [`if (order.forgottenAt !== null) return pending ? "call_off" : "give_back";`, ""],
    dies: FORGETTING,
    by: "gets late money back, for goods that nobody knows where to send",
  },
  {
    name: "somebody who is gone buys with a sign-in that is not over everywhere",
    change: [
      "WHEN NEW.type = 'order.created' AND EXISTS (SELECT 1 FROM users",
      "WHEN false AND EXISTS (SELECT 1 FROM users",
    ],
    dies: FORGETTING,
    by: "lets nothing be bought with a sign-in that is not over everywhere yet",
  },
  {
    name: "whoever is gone is still among the users",
    change: [".where(and(isNull(users.deletedAt), olderThan(", ".where(and(olderThan("],
    dies: FORGETTING,
    by: "is signed out at once, has no way in, and may come back as somebody else",
  },
  {
    name: "whoever deletes themselves takes a guest's orders along",
    change: ["const asGuests = asGuest ? orders(", 'const asGuests = email !== "" ? orders('],
    dies: FORGETTING,
    by: "takes nothing from a guest whose address they have only said is theirs",
  },
];
