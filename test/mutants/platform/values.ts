import type { Mutant } from "../mutant.ts";

const CURSOR = "test/platform/cursor.test.ts";

const MONEY = "test/platform/money.test.ts";

/** Pages of lists, amounts and texts. */
export const VALUES: readonly Mutant[] = [
  {
    name: "a page of any size",
    change: [".regex(/^(?:[1-9]\\d?|100)$/,", ".regex(/^\\d+$/,"],
    dies: "test/catalog/list-products.test.ts",
    by: "is 1 to 100 and a whole number, or the field is named",
  },
  {
    name: "a cursor of another list",
    change: ["    key.length === kinds.length &&\n", ""],
    dies: CURSOR,
    by: "that was not made here is refused, never taken for something else",
  },
  {
    name: "a cursor of other types",
    change: [
      `kind === "string" ? typeof key[i] === "string" : Number.isSafeInteger(key[i]),`,
      "key[i] !== undefined && kind !== undefined,",
    ],
    dies: CURSOR,
    by: "that was not made here is refused, never taken for something else",
  },
  {
    name: "the last page has a next one",
    change: ["rows.length > pageSize && last !== undefined", "last !== undefined"],
    dies: CURSOR,
    by: "says where the next one starts only when there is more",
  },
  {
    name: "a page meets its last row again",
    change: [
      "sql`(${time}, ${id}) < (${after[0]}, ${after[1]})`",
      "sql`(${time}, ${id}) <= (${after[0]}, ${after[1]})`",
    ],
    dies: "test/webhooks/inbox.test.ts",
    by: "lists events newest first, a page at a time, with a total and without the payloads",
  },
  {
    name: "an amount that cannot be paid in its currency",
    change: [
      "return amount % chargeStep(currency) === 0;",
      'return amount >= 0 && currency !== "";',
    ],
    dies: "test/catalog/create-product.test.ts",
    by: "a fraction that Stripe does not take",
  },
  {
    name: "an amount that Stripe has no digits for",
    change: ["const USUAL_MAX_DIGITS = 8;", "const USUAL_MAX_DIGITS = 9;"],
    dies: MONEY,
    by: "is, in every currency, what Stripe's digits have room for, and one step more is not",
  },
  {
    name: "a currency that there is not",
    change: [`.enum([...MINOR_UNIT_DIGITS.keys()], "Must be`, `.string("Must be`],
    dies: "test/catalog/create-product.test.ts",
    by: "is a whole number above nothing that Stripe can take, in a currency that exists",
  },
  {
    name: "a text with half a character in it",
    change: ["/^(?:[^\\p{Cc}\\p{Cs}", "/^(?:[^\\p{Cc}"],
    dies: "test/platform/text.test.ts",
    by: "has no half of a character",
  },
  {
    name: "a text with a control character in it",
    change: ["/^(?:[^\\p{Cc}\\p{Cs}", "/^(?:[^\\p{Cs}"],
    dies: "test/platform/text.test.ts",
    by: "has no character that nobody can read, but for blanks and lines",
  },
];
