import type { Mutant } from "../mutant.ts";

const IDEMPOTENT_LINKS = "test/identity/idempotent-links.test.ts";
const RESET = "test/identity/password-reset.test.ts";

const PURPOSE = "test/identity/link-purpose.test.ts";

/**
 * Links in mails. What a link is for stands in its row, which is asked whenever it is used; that it is signed, or looked up,
 * with that word as well refuses it before anything is read.
 */
export const LINKS: readonly Mutant[] = [
  {
    name: "a forged link is good",
    change: [
      `id !== "" && (await isOwnToken(ctx.config, token, makeToken(id, purpose)))`,
      `id !== "" && makeToken(id, purpose) !== undefined`,
    ],
    dies: RESET,
    by: "that was forged is refused without asking the database",
  },
  {
    name: "a disabled user gets a link",
    change: ["WHERE email = ${row.email} AND disabled_at IS NULL`", "WHERE email = ${row.email}`"],
    dies: RESET,
    by: "is not sent to a disabled user",
  },
  {
    name: "a link belongs to whatever purpose",
    change: ["WHERE id = ${tokenId} AND purpose = ${purpose})`", "WHERE id = ${tokenId})`"],
    dies: "test/identity/session-writes.test.ts",
    by: "is nobody's for another purpose",
  },
  {
    name: "a link makes links of other people useless",
    change: ["        sql`${emailTokens.userId} = ${userId}`,\n", ""],
    dies: RESET,
    by: "leaves the links of other people alone",
  },
  {
    name: "a new password makes links to verify useless",
    change: ['        eq(emailTokens.purpose, "reset"),\n        isNull', "        isNull"],
    dies: PURPOSE,
    by: "to verify an address is still good after the password was changed",
  },
  {
    name: "a link that was used keeps everybody from a new password",
    change: ["        isNull(emailTokens.usedAt),\n        gt", "        gt"],
    dies: RESET,
    by: "makes every other such link useless, as a changed password does",
  },
  {
    name: "a link whose time is over keeps its user from another password",
    change: [
      "        isNull(emailTokens.usedAt),\n        gt(emailTokens.expiresAt, now),\n",
      "        isNull(emailTokens.usedAt),\n",
    ],
    dies: RESET,
    by: "that nobody used keeps nobody from another password once its time is over",
  },
  {
    name: "a new password leaves other links good",
    change: ["      voidResetLinks(owner, now),\n", ""],
    dies: RESET,
    by: "makes every other such link useless, as a changed password does",
  },
  {
    name: "a new password by a link ends no session",
    change: ["      endSessionsByToken(id, now),\n", ""],
    dies: RESET,
    by: "sets it once, and ends every session with its access tokens",
  },
  {
    name: "a link that is not there is used up",
    change: [
      "VALUES (${id}, ${owner}, ${purpose}, ${now}, ${now})",
      "VALUES (${id}, coalesce(${owner}, (SELECT id FROM users)), ${purpose}, ${now}, ${now})",
    ],
    dies: IDEMPOTENT_LINKS,
    by: "that is no longer in the database is refused, and nothing is promised",
  },
  {
    name: "an address is verified anew by each link",
    change: [", isNull(users.emailVerifiedAt)),", "),"],
    dies: "test/identity/session-writes.test.ts",
    by: "keeps the time at which the address was proved first",
  },
];
