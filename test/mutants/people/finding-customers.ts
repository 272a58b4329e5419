import type { Mutant } from "../mutant.ts";

const FIND = "test/identity/find-customers.test.ts";

/** Customers in the index of words. */
export const FINDING_CUSTOMERS: readonly Mutant[] = [
  {
    name: "a customer is found by the beginnings of all their words",
    change: ["beginning: i === phrases.length - 1", "beginning: true"],
    dies: FIND,
    by: "by each word of their name",
  },
  {
    name: "an address is found by its words in any order",
    change: ['if (!typed.includes("@")) return', 'if (typed !== "@") return'],
    dies: FIND,
    by: "by an address as a whole",
  },
  {
    name: "an empty q finds nobody",
    change: [
      'if (q !== "") return searchCustomers',
      "if (input.cursor === undefined) return searchCustomers",
    ],
    dies: FIND,
    by: "with nothing, it is all",
  },
  {
    name: "the index does not hear of whoever registers",
    change: ["      ...mail.statements,\n      told.statement,\n", "      ...mail.statements,\n"],
    dies: FIND,
    by: "who registers, and who calls",
  },
  {
    name: "the index does not hear of another name",
    change: [
      "statements.push(updateUser(row.id, { name: input.name }, now), told.statement);",
      "statements.push(updateUser(row.id, { name: input.name }, now));",
    ],
    dies: FIND,
    by: "who registers, and who calls",
  },
  {
    name: "a customer keeps the name that their user had",
    change: ["WHEN OLD.name <> NEW.name AND NEW.deleted_at IS NULL BEGIN", "WHEN 0 BEGIN"],
    dies: FIND,
    by: "who registers, and who calls",
  },
  {
    name: "another name is no later version of a customer",
    change: [
      "UPDATE customers SET version = version + 1",
      "UPDATE customers SET version = version + 0",
    ],
    dies: FIND,
    by: "who registers, and who calls",
  },
  {
    name: "the index has the name that somebody else had given",
    change: ["  await indexBuyer(ctx, owner);", "  void indexBuyer;"],
    dies: FIND,
    by: "whose name goes when",
  },
  {
    name: "the index does not hear of a guest",
    change: [
      "if (accountId === null && email !== null) await",
      'if (accountId === "" && email !== null) await',
    ],
    dies: FIND,
    by: "by their order, which promises",
  },
  {
    name: "a guest who has bought before is written into the index again",
    change: [
      "documents.filter(({ seq }) => !known.includes(seq))",
      "documents.filter(() => known !== undefined)",
    ],
    dies: FIND,
    by: "is not told again of one who has bought before",
  },
  {
    name: "a guest who has bought before uses up the number of a customer",
    change: [
      "SELECT ${p.id}, ${p.email}, ${p.name}, ${p.now}\n    WHERE NOT EXISTS (SELECT 1 FROM customers WHERE email = ${p.email})",
      "SELECT ${p.id}, ${p.email}, ${p.name}, ${p.now}\n    WHERE true ON CONFLICT (email) DO NOTHING",
    ],
    dies: FIND,
    by: "uses no number of a customer up",
  },
  {
    name: "whoever was found is shown whatever they are called by now",
    change: [
      "rows.filter((row) => saysPhrases(textOf(row), phrases))",
      "rows.filter(() => saysPhrases !== undefined)",
    ],
    dies: FIND,
    by: "is shown only if they are called so still",
  },
  {
    name: "a customer gets another number",
    change: ["SELECT RAISE(ABORT, 'customers keep their place')", "SELECT 1"],
    dies: FIND,
    by: "keeps their number and their id",
  },
  {
    name: "somebody who is forgotten stays in the index",
    change: [
      "return [found === undefined ? nothingOf({ seq, id }) : documentOf(found)];",
      "return found === undefined ? [] : [documentOf(found)];",
    ],
    dies: FIND,
    by: "is nowhere in the index once it has heard",
  },
  {
    name: "the index is not told of whoever is forgotten",
    change: [
      'promiseEach(ctx, "search.customer", goneSoon(customerId))',
      'promiseEach(ctx, "search.customer", goneSoon(`${customerId}?`))',
    ],
    dies: FIND,
    by: "is nowhere in the index once it has heard",
  },
  {
    name: "what stands for somebody who is gone is no later than what they were",
    change: ["const GONE = Number.MAX_SAFE_INTEGER;", "const GONE = 1;"],
    dies: FIND,
    by: "stays so when somebody comes late",
  },
  {
    name: "what was read before another filling began is written after it",
    change: [
      "WHERE EXISTS (SELECT 1 FROM index_state WHERE kind = ${kind} AND generation = ${generation})",
      "WHERE true",
    ],
    dies: FIND,
    by: "when the index was filled anew meanwhile",
  },
  {
    name: "a number is given to the next customer again",
    change: [
      "`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,\n\t`id` text NOT NULL,\n\t`email`",
      "`seq` integer PRIMARY KEY NOT NULL,\n\t`id` text NOT NULL,\n\t`email`",
    ],
    dies: FIND,
    by: "gives nobody else their number",
  },
  {
    name: "nobody fills the index of customers",
    change: ["[productIndex, orderIndex, customerIndex]", "[productIndex, orderIndex]"],
    dies: FIND,
    by: "is filled by the cron in steps",
  },
  {
    name: "whoever registers is called as a guest was",
    change: [
      "ON CONFLICT (email) DO UPDATE SET name = excluded.name WHERE name IS NOT excluded.name",
      "ON CONFLICT (email) DO NOTHING",
    ],
    dies: "test/identity/customers.test.ts",
    by: "has registered, and is one with the guest who had bought with the address",
  },
];
