import type { Mutant } from "../mutant.ts";

const IDENTITY_VERIFICATION = "test/identity/verification.test.ts";
const ACCOUNTS = "test/identity/accounts.test.ts";
const DOCUMENTED_INPUT = "test/conventions/documented-input.test.ts";

/** An address is proved by whoever registered it, signed in; and what follows from it. */
export const VERIFICATION: readonly Mutant[] = [
  {
    name: "whoever reads a mail verifies a stranger's account",
    change: [
      `useEmailToken({ id, purpose: "verify", userId, now })`,
      `useEmailToken({ id, purpose: "verify", now })`,
    ],
    dies: IDENTITY_VERIFICATION,
    by: "is not verified by whoever reads its mail and is not signed in as the stranger",
  },
  {
    name: "the page does not ask who opens a link to sign in",
    change: [
      "if (ctx.person === undefined) return c.redirect(signInAddress(page), 303);",
      "void signInAddress;",
    ],
    dies: IDENTITY_VERIFICATION,
    by: "asks whoever is not signed in to do so, leads back, and goes on",
  },
  {
    name: "a guest's order that nobody paid joins an account",
    change: ["        sql`(${orders.status} = 'paid' OR ${orders.captured} > 0)`,\n", ""],
    dies: ACCOUNTS,
    by: "joins when it is paid, also long after its address was proved, and not before",
  },
  {
    name: "a guest's order joins an account whose address nobody has proved",
    change: [
      "WHERE email = NEW.email AND email_verified_at IS NOT NULL",
      "WHERE email = NEW.email",
    ],
    in: "people_guards",
    after: "CREATE TRIGGER orders_join_account AFTER",
    dies: ACCOUNTS,
    by: "does not join an account whose address nobody has proved, however late it is paid",
  },
  {
    name: "an order that is paid later stays a guest's",
    change: ["WHEN NEW.account_id IS NULL AND (NEW.status = 'paid' OR NEW.captured > 0)", "WHEN 0"],
    dies: ACCOUNTS,
    by: "joins when it is paid, also long after its address was proved, and not before",
  },
  {
    name: "a mail to an address has a stranger's words",
    change: ["return verifiedAt === null ? null : name;", "return name;"],
    dies: IDENTITY_VERIFICATION,
    by: "gets no mail with a word of the stranger's, before and after it is its owner's",
  },
  {
    name: "a stranger's name stays with the address's owner",
    change: ["...forgetUnprovedNames(id, now),", ""],
    dies: IDENTITY_VERIFICATION,
    by: "gets no mail with a word of the stranger's, before and after it is its owner's",
  },
  {
    name: "a stranger's name stays among the customers",
    change: ["WHEN OLD.name <> NEW.name AND NEW.deleted_at IS NULL BEGIN", "WHEN 0 BEGIN"],
    dies: IDENTITY_VERIFICATION,
    by: "gets no mail with a word of the stranger's, before and after it is its owner's",
  },
  {
    name: "a mail says what a device calls itself",
    change: ["device: knownDevice(userAgent)", "device: userAgent"],
    dies: "test/identity/sign-in-mail.test.ts",
    by: "says nothing that a device calls itself: anybody can write anything there",
  },
  {
    name: "a new password is the address itself at registration",
    change: ["  assertNotOwnAddress(input.password, input.email);\n", ""],
    dies: DOCUMENTED_INPUT,
    by: "is refused at registration, however it is written",
  },
  {
    name: "a new password is the address itself where it is changed",
    change: ["    assertNotOwnAddress(input.password, row.email);\n", ""],
    dies: DOCUMENTED_INPUT,
    by: "is refused where it is changed",
  },
  {
    name: "a new password is the address itself by a link",
    change: ["  assertNotOwnAddress(input.password, link.email);\n", ""],
    dies: "test/identity/password-reset.test.ts",
    by: "sets none that is the address itself",
  },
];
