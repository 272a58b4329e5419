import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/discounts/by-hand.test.ts";

const ALLOWED = "CREATE TRIGGER discount_uses_allowed";

const AGAIN = "CREATE TRIGGER discount_uses_taken_again";

/** A use of a code is judged at its instant. */
export const DISCOUNT_USES: readonly Mutant[] = [
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
    name: "one order uses a code twice",
    change: [
      "`order_id` text PRIMARY KEY NOT NULL,\n\t`discount_id`",
      "`order_id` text NOT NULL,\n\t`discount_id`",
    ],
    dies: BY_HAND,
    by: "is one for an order, and counts for its code alone",
  },
  {
    name: "a code is refused to whoever gives its use back",
    change: [
      "WHEN OLD.given_back_at IS NOT NULL AND NEW.given_back_at IS NULL",
      "WHEN OLD.given_back_at IS NOT NULL OR NEW.given_back_at IS NOT NULL",
    ],
    dies: BY_HAND,
    by: "is not taken again by whoever has used the code since, known by their account",
  },
  {
    name: "a code is refused to whoever has it",
    change: [
      "WHEN OLD.given_back_at IS NOT NULL AND NEW.given_back_at IS NULL",
      "WHEN NEW.given_back_at IS NULL",
    ],
    dies: BY_HAND,
    by: "is kept by whoever has it, however often that is written",
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
