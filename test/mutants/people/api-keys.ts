import type { Mutant } from "../mutant.ts";

const KEYS = "test/identity/api-keys.test.ts";

/** Keys of programs. */
export const API_KEYS: readonly Mutant[] = [
  {
    name: "a revoked key is good",
    change: ["row === undefined || row.revokedAt !== null", "row === undefined"],
    dies: KEYS,
    by: "is over at once where it was revoked, and within ten seconds everywhere",
  },
  {
    name: "a key is good after its end",
    change: ["if (row.expiresAt !== null && row.expiresAt <= now) return undefined;", ""],
    dies: KEYS,
    by: "is over at the moment it was made to end",
  },
  {
    name: "a key is good at the moment at which it ends",
    change: [
      "row.expiresAt !== null && row.expiresAt <= now",
      "row.expiresAt !== null && row.expiresAt < now",
    ],
    dies: KEYS,
    by: "is over at the moment it was made to end",
  },
  {
    name: "a revoked key is trusted for a minute more",
    change: ["const TRUSTED_MS = 10 * SECOND_MS;", "const TRUSTED_MS = 60 * SECOND_MS;"],
    dies: KEYS,
    by: "is over at once where it was revoked, and within ten seconds everywhere",
  },
  {
    name: "a key that is revoked here stays good here",
    change: ["  ctx.apiKeys.clear();\n", ""],
    in: "api-keys/api-keys.ts",
    dies: KEYS,
    by: "is over at once where it was revoked, and within ten seconds everywhere",
  },
  {
    name: "a key makes another that may do more",
    change: [
      "SELECT RAISE(ABORT, 'key_exceeds_maker') FROM (SELECT value FROM json_each(NEW.scopes) UNION SELECT 'identity:write')",
      "SELECT RAISE(ABORT, 'key_exceeds_maker') FROM (SELECT 'identity:write' AS value)",
    ],
    dies: KEYS,
    by: "cannot make a key that may do more than itself",
  },
  {
    name: "a key is made that has ended",
    change: ["input.expiresAt !== undefined && Date.parse(input.expiresAt) <= now", "false"],
    dies: KEYS,
    by: "cannot be made to have ended already",
  },
  {
    name: "a key's secret is in the database",
    change: ["    hash: await hashSecret(secret),\n    hint", "    hash: secret,\n    hint"],
    dies: KEYS,
    by: "is shown once, and is in no list and no table afterwards",
  },
  {
    name: "a key with a wrong checksum is looked for in the database",
    change: ["&& (await checksum(secret)) === sum", ""],
    dies: KEYS,
    by: "costs no trip to the database when its checksum is wrong, and one when it is right",
  },
];
