import type { Mutant } from "../mutant.ts";

const IDENTITY_GRANTS = "test/identity/grants.test.ts";

/** Nobody grants more than they hold. */
export const GRANTS: readonly Mutant[] = [
  {
    name: "a user is given more than whoever gives it holds",
    change: ["return takesAway ? may :", "return id !== by ? may :"],
    dies: IDENTITY_GRANTS,
    by: "raises nobody above itself: not its own customer to admin, nor to agent",
  },
  {
    name: "who may not change users any more changes them",
    change: ["sql`(${may} AND NOT ${grants})`", "sql`(NOT ${grants})`"],
    dies: IDENTITY_GRANTS,
    by: "grants nothing: the database judges what they hold at the moment of the change",
  },
  {
    name: "an agent is made by who may not do all that agents can",
    change: [
      "  ('agent', 'catalog:write', 0),\n  ('agent', 'orders:write', 0);",
      "  ('agent', 'orders:read', 0) ON CONFLICT DO NOTHING;",
    ],
    dies: IDENTITY_GRANTS,
    by: "makes no agent without all that agents can do, nor an admin of an agent without what these hold in whole",
  },
  {
    name: "who can do a part of a scope is given the whole of it by who does not hold it",
    change: [" AND h.whole >= r.whole", ""],
    dies: IDENTITY_GRANTS,
    by: "makes no agent without all that agents can do, nor an admin of an agent without what these hold in whole",
  },
  {
    name: "a role outlasts the key that gave it",
    change: [" OR ${endsByItself(by)})", ")"],
    dies: IDENTITY_GRANTS,
    by: "and that expires gives nothing that outlasts it, but takes away",
  },
  {
    name: "admins change themselves",
    change: [
      "if (actor.user?.id === id || actor.ownerId === id) throw oneself();",
      "if (actor.ownerId === id) throw oneself();",
    ],
    dies: "test/identity/users.test.ts",
    by: "cannot change themselves",
  },
  {
    name: "a key changes its owner",
    change: ["actor.user?.id === id || actor.ownerId === id", "actor.user?.id === id"],
    dies: IDENTITY_GRANTS,
    by: "is not the way around what its owner may not do to themselves",
  },
  {
    name: "a key may do more than its maker, whoever writes",
    change: [
      "SELECT RAISE(ABORT, 'key_exceeds_maker') FROM (SELECT value",
      "SELECT 1 FROM (SELECT value",
    ],
    dies: IDENTITY_GRANTS,
    by: "keeps no key above its maker, or for another owner, whoever writes",
  },
  {
    name: "a key outlives the key that made it",
    change: ["maker.expires_at < coalesce(NEW.expires_at, maker.expires_at + 1)", "0"],
    dies: IDENTITY_GRANTS,
    by: "makes none that lives longer than itself",
  },
  {
    name: "a key is made for another owner",
    change: [
      "SELECT RAISE(ABORT, 'key_exceeds_maker') WHERE NEW.owner_id",
      "SELECT 1 WHERE NEW.owner_id",
    ],
    dies: IDENTITY_GRANTS,
    by: "keeps no key above its maker, or for another owner, whoever writes",
  },
  {
    name: "a key is given to an owner who holds less",
    change: [
      "WHEN OLD.owner_id IS NOT NEW.owner_id AND EXISTS (",
      "WHEN OLD.owner_id IS NOT NEW.owner_id AND NEW.owner_id IS NULL AND EXISTS (",
    ],
    dies: IDENTITY_GRANTS,
    by: "gives no key to an owner who holds less, wakes none from the dead, and changes no scopes",
  },
  {
    name: "a program takes a key over",
    change: [
      "const ownerId = ctx.actor.user?.id;",
      "const ownerId = ctx.actor.user?.id ?? ctx.actor.label;",
    ],
    dies: IDENTITY_GRANTS,
    by: "is not taken over by a program, whose keys die with somebody or are nobody's",
  },
  {
    name: "a key that has ended is good again",
    change: [
      "WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL",
      "WHEN 0 AND NEW.revoked_at IS NULL",
    ],
    dies: IDENTITY_GRANTS,
    by: "gives no key to an owner who holds less, wakes none from the dead, and changes no scopes",
  },
  {
    name: "a key may do another thing than it was made for",
    change: ["WHEN OLD.scopes <> NEW.scopes", "WHEN 0"],
    dies: IDENTITY_GRANTS,
    by: "gives no key to an owner who holds less, wakes none from the dead, and changes no scopes",
  },
  {
    name: "a key outlives its owner",
    change: ["revoked_at IS NULL AND EXISTS (\n", "revoked_at IS NULL AND 0 AND EXISTS (\n"],
    dies: IDENTITY_GRANTS,
    by: "dies with the user who made it, and does not come back with them: a disabled admin's key cannot enable them",
  },
  {
    name: "a key is revoked twice",
    change: [
      `.where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt), stillHolds(by, "identity:write")))`,
      `.where(and(eq(apiKeys.id, id), stillHolds(by, "identity:write")))`,
    ],
    dies: "test/identity/api-keys.test.ts",
    by: "is revoked once, and leaves one line in the audit log",
  },
  {
    name: "the database knows another role than the table of access",
    change: ["  ('agent', 'orders:read'),\n", ""],
    dies: IDENTITY_GRANTS,
    by: "is what its routes ask of a key, in the database as in the table of access",
  },
];
