import type { Mutant } from "./mutant.ts";

const BY_HAND = "test/discounts/by-hand.test.ts";

const PERCENT = `coalesce("discounts"."percent", 0) BETWEEN 1 AND 100`;
const FIXED = `length(coalesce("discounts"."currency", '')) = 3 AND "discounts"."percent" IS NULL`;

const ROWS: readonly Mutant[] = [
  {
    name: "a code is another one in small letters",
    change: [`"discounts"."code" = upper("discounts"."code") AND length`, "length"],
    dies: BY_HAND,
    by: "of a code in small letters is refused",
  },
  {
    name: "a code of nothing",
    change: [`AND length("discounts"."code") > 0)`, ")"],
    dies: BY_HAND,
    by: "of no code is refused",
  },
  {
    name: "two discounts have one code",
    change: ["CREATE UNIQUE INDEX `discounts_code_unique`", "CREATE INDEX `discounts_code_unique`"],
    dies: "test/discounts/api.test.ts",
    by: "has a code that nobody else has, however it is written",
  },
  {
    name: "a discount of a kind that there is not",
    change: [
      'ELSE 0 END),\n\tCONSTRAINT "discounts_active"',
      'ELSE 1 END),\n\tCONSTRAINT "discounts_active"',
    ],
    dies: BY_HAND,
    by: "of a kind that there is not is refused",
  },
  {
    name: "a discount of 0 percent",
    change: [PERCENT, `coalesce("discounts"."percent", 0) BETWEEN 0 AND 100`],
    dies: BY_HAND,
    by: "of 0 percent is refused",
  },
  {
    name: "a discount of more than all",
    change: [PERCENT, `coalesce("discounts"."percent", 0) >= 1`],
    dies: BY_HAND,
    by: "of 101 percent is refused",
  },
  {
    name: "a discount of percents that are not said",
    change: [PERCENT, `"discounts"."percent" BETWEEN 1 AND 100`],
    dies: BY_HAND,
    by: "of percents that it does not say is refused",
  },
  {
    name: "a discount of percents and an amount",
    change: [`AND "discounts"."amount" IS NULL AND`, "AND"],
    dies: BY_HAND,
    by: "of percents and an amount is refused",
  },
  {
    name: "a discount of percents in a currency",
    change: [
      `AND "discounts"."amount" IS NULL AND "discounts"."currency" IS NULL`,
      `AND "discounts"."amount" IS NULL`,
    ],
    dies: BY_HAND,
    by: "of percents in a currency is refused",
  },
  {
    name: "a discount of an amount of nothing",
    change: [`coalesce("discounts"."amount", 0) > 0 AND`, ""],
    dies: BY_HAND,
    by: "of an amount of nothing is refused",
  },
  {
    name: "a discount of an amount in half a currency",
    change: [FIXED, `"discounts"."percent" IS NULL`],
    dies: BY_HAND,
    by: "of an amount in half a currency is refused",
  },
  {
    name: "a discount of an amount and percents",
    change: [FIXED, `length(coalesce("discounts"."currency", '')) = 3`],
    dies: BY_HAND,
    by: "of an amount and percents is refused",
  },
  {
    name: "a discount is half active",
    change: [`CHECK("discounts"."active" IN (0, 1))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "that is half active is refused",
  },
  {
    name: "a discount ends before it begins",
    change: [`OR "discounts"."starts_at" < "discounts"."ends_at")`, "OR 1)"],
    dies: "test/discounts/api.test.ts",
    by: "has a window that begins before it ends, made so or changed so",
  },
  {
    name: "a discount for no use",
    change: [`CHECK(coalesce("discounts"."max_uses", 1) > 0 AND`, "CHECK("],
    dies: BY_HAND,
    by: "for no use is refused",
  },
  {
    name: "a discount for no use by each",
    change: [`> 0 AND coalesce("discounts"."max_uses_per_customer", 1) > 0)`, "> 0)"],
    dies: BY_HAND,
    by: "for no use by each is refused",
  },
  {
    name: "a code is used less than never",
    change: [`CHECK("discounts"."uses" >= 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "used less than never is refused",
  },
  {
    name: "a code is used more often than it may be",
    change: [
      `CHECK("discounts"."uses" <= coalesce("discounts"."max_uses", "discounts"."uses"))`,
      "CHECK(1)",
    ],
    dies: "test/discounts/limits.test.ts",
    by: "is not: of 20 buyers at once 5 get a code that is good 5 times",
  },
];

const ALLOWED = "CREATE TRIGGER discount_uses_allowed";
const AGAIN = "CREATE TRIGGER discount_uses_taken_again";

/** A use is judged at its instant. */
const USES: readonly Mutant[] = [
  {
    name: "a code that was switched off is good",
    change: ["id = NEW.discount_id AND active = 1);", "id = NEW.discount_id);"],
    dies: BY_HAND,
    by: "that is not active is refused",
  },
  {
    name: "one good code makes every code good",
    change: ["WHERE id = NEW.discount_id AND active = 1);", "WHERE active = 1);"],
    dies: BY_HAND,
    by: "of a code that there is not is refused",
  },
  {
    name: "a code is good before its time",
    change: ["AND starts_at > NEW.created_at;", "AND 0;"],
    dies: BY_HAND,
    by: "a millisecond before it is good is refused",
  },
  {
    name: "a code is not good at the instant at which it begins",
    change: ["AND starts_at > NEW.created_at;", "AND starts_at >= NEW.created_at;"],
    dies: BY_HAND,
    by: "is good from the instant on at which it begins",
  },
  {
    name: "a code is good after its time",
    change: ["AND ends_at <= NEW.created_at;", "AND 0;"],
    dies: BY_HAND,
    by: "at the instant at which it ends is refused",
  },
  {
    name: "a code is good at the instant at which it ends",
    change: ["AND ends_at <= NEW.created_at;", "AND ends_at < NEW.created_at;"],
    dies: BY_HAND,
    by: "at the instant at which it ends is refused",
  },
  {
    name: "five euros off are five dollars off",
    change: ["AND d.kind = 'fixed' AND d.currency <> o.currency;", "AND 0;"],
    dies: BY_HAND,
    by: "of another currency is refused",
  },
  {
    name: "a code for each customer is good for nobody in particular",
    change: ["AND NEW.account_id IS NULL AND NEW.email IS NULL;", "AND 0;"],
    dies: BY_HAND,
    by: "for each customer, by nobody is refused",
  },
  {
    name: "a code needs an address of whoever is signed in",
    change: ["AND NEW.account_id IS NULL AND NEW.email IS NULL;", "AND NEW.email IS NULL;"],
    dies: BY_HAND,
    by: "known by their account",
  },
  {
    name: "a code needs an account of whoever has an address",
    change: ["AND NEW.account_id IS NULL AND NEW.email IS NULL;", "AND NEW.account_id IS NULL;"],
    dies: BY_HAND,
    by: "known by their address",
  },
  {
    name: "a code without a limit per customer needs to know them",
    change: ["AND max_uses_per_customer IS NOT NULL AND NEW.account_id", "AND NEW.account_id"],
    dies: BY_HAND,
    by: "is good by percents in any currency",
  },
  ...["account_id", "email"].flatMap((column): Mutant[] => {
    const counted = `(SELECT count(*) FROM discount_uses u WHERE u.discount_id = NEW.discount_id AND u.${column} = NEW.${column} AND u.given_back_at IS NULL)`;
    const who = column === "email" ? "address" : "account";
    const by = `is as often as each customer may, known by their ${who}`;
    const without = (condition: string) => counted.replace(condition, "1");
    return [
      {
        name: `a code is used by one ${who} again and again`,
        change: [counted, "0"],
        after: ALLOWED,
        dies: BY_HAND,
        by,
      },
      {
        name: `a code is used up for all by one ${who}`,
        change: [counted, without(`u.${column} = NEW.${column}`)],
        after: ALLOWED,
        dies: BY_HAND,
        by,
      },
      {
        name: `all codes are used up by one use of an ${who}`,
        change: [counted, without("u.discount_id = NEW.discount_id")],
        after: ALLOWED,
        dies: BY_HAND,
        by,
      },
      {
        name: `a use that an ${who} has given back counts`,
        change: [counted, without("u.given_back_at IS NULL")],
        after: ALLOWED,
        dies: BY_HAND,
        by,
      },
      {
        name: `a code is taken again by an ${who} that has used it since`,
        change: [counted, "0"],
        after: AGAIN,
        dies: BY_HAND,
        by: `is not taken again by whoever has used the code since, known by their ${who}`,
      },
      {
        name: `a code is not taken again by an ${who} that has used another since`,
        change: [counted, without("u.discount_id = NEW.discount_id")],
        after: AGAIN,
        dies: BY_HAND,
        by: `is not taken again by whoever has used the code since, known by their ${who}`,
      },
      {
        name: `a code is not taken again by the ${who} whose own use it was`,
        change: [counted, without("u.given_back_at IS NULL")],
        after: AGAIN,
        dies: BY_HAND,
        by: `is not taken again by whoever has used the code since, known by their ${who}`,
      },
    ];
  }),
];

/** Uses are counted, and an order that ends unpaid gives its own back. */
const COUNTS: readonly Mutant[] = [
  {
    name: "a use counts for every code",
    change: [
      "UPDATE discounts SET uses = uses + 1 WHERE id = NEW.discount_id;",
      "UPDATE discounts SET uses = uses + 1;",
    ],
    dies: BY_HAND,
    by: "is one for an order, and counts for its code alone",
  },
  {
    name: "a use does not count",
    change: ["UPDATE discounts SET uses = uses + 1 WHERE id = NEW.discount_id;", "SELECT 1;"],
    dies: "test/discounts/limits.test.ts",
    by: "is not: of 20 buyers at once 5 get a code that is good 5 times",
  },
  {
    name: "a use that is given back twice is taken off twice",
    change: ["WHEN (OLD.given_back_at IS NULL) <> (NEW.given_back_at IS NULL)", "WHEN 1"],
    dies: BY_HAND,
    by: "that is given back is taken off, once, and put on when it is taken again",
  },
  {
    name: "a use that is taken again is taken off",
    change: ["iif(NEW.given_back_at IS NULL, 1, -1)", "-1"],
    dies: BY_HAND,
    by: "that is given back is taken off, once, and put on when it is taken again",
  },
  {
    name: "a use that is deleted is free again",
    change: ["BEFORE DELETE ON discount_uses BEGIN", "BEFORE DELETE ON discount_uses WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "is never deleted",
  },
  {
    name: "an order that expires keeps its code",
    change: [
      "NEW.status IN ('canceled', 'expired')\nBEGIN\n  UPDATE discount_uses",
      "NEW.status IN ('canceled')\nBEGIN\n  UPDATE discount_uses",
    ],
    dies: "test/discounts/limits.test.ts",
    by: "when the order expires unpaid",
  },
  {
    name: "an order that is canceled unpaid keeps its code",
    change: [
      "NEW.status IN ('canceled', 'expired')\nBEGIN\n  UPDATE discount_uses",
      "NEW.status IN ('expired')\nBEGIN\n  UPDATE discount_uses",
    ],
    dies: "test/discounts/limits.test.ts",
    by: "when the customer gives the hold back",
  },
  {
    name: "a paid order that is canceled gives its code back",
    change: ["WHEN OLD.status = 'pending_payment' AND NEW.status IN", "WHEN NEW.status IN"],
    dies: "test/discounts/limits.test.ts",
    by: "when an order that was paid is canceled, and its money goes back",
  },
  {
    name: "one order that ends gives all codes back",
    change: [
      "given_back_at = NEW.updated_at WHERE order_id = NEW.id AND given_back_at IS NULL;",
      "given_back_at = NEW.updated_at WHERE given_back_at IS NULL;",
    ],
    dies: BY_HAND,
    by: "is given back by an order that ends unpaid, at that time, and by no other",
  },
  {
    name: "a code that was given back is given back again",
    change: ["WHERE order_id = NEW.id AND given_back_at IS NULL;", "WHERE order_id = NEW.id;"],
    dies: BY_HAND,
    by: "keeps the time at which it was given back first",
  },
  {
    name: "a late payment has its code for nothing",
    change: ["WHEN OLD.status = 'expired' AND NEW.status = 'paid'\n", "WHEN 0\n"],
    dies: "test/discounts/limits.test.ts",
    by: "takes the code again",
  },
  {
    name: "one late payment takes all codes again",
    change: [
      "SET given_back_at = NULL WHERE order_id = NEW.id AND given_back_at IS NOT NULL;",
      "SET given_back_at = NULL WHERE given_back_at IS NOT NULL;",
    ],
    dies: BY_HAND,
    by: "is taken again by an expired order whose money comes, and by no other",
  },
  {
    name: "a guest's use stays a guest's when the order joins an account",
    change: ["WHEN OLD.account_id IS NOT NEW.account_id\n", "WHEN 0\n"],
    dies: "test/discounts/checkout.test.ts",
    by: "knows a guest who has an account by now, whatever address they give",
  },
  {
    name: "an order that joins an account takes all uses along",
    change: [
      "SET account_id = NEW.account_id WHERE order_id = NEW.id;",
      "SET account_id = NEW.account_id;",
    ],
    dies: BY_HAND,
    by: "goes with its order to an account, and with no other",
  },
];

/** Discount codes, as the database holds them. */
export const DISCOUNTS: readonly Mutant[] = [...ROWS, ...USES, ...COUNTS];
