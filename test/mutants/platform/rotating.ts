import type { Mutant } from "../mutant.ts";

const ROTATION = "test/platform/rotation.test.ts";
const GUEST_KEYS = "test/platform/guest-keys.test.ts";

/** A new TOKEN_SECRET, and guests who come back from another network. */
export const ROTATING: readonly Mutant[] = [
  {
    name: "a token of the secret before is no good",
    change: ["tokenSecrets(secrets).map", "tokenSecrets({ tokenSecret: secrets.tokenSecret }).map"],
    dies: ROTATION,
    by: "keeps working what the secret before has made",
  },
  {
    name: "a signing key of the secret before does not open",
    change: [
      "for (const secret of tokenSecrets(secrets)) {",
      "for (const secret of tokenSecrets({ tokenSecret: secrets.tokenSecret })) {",
    ],
    dies: ROTATION,
    by: "seals the signing keys again",
  },
  {
    name: "a retry of before is done again",
    change: [
      "const [secret, ...earlier] = tokenSecrets(ctx.config);",
      "const [secret, ...earlier] = tokenSecrets({ tokenSecret: ctx.config.tokenSecret });",
    ],
    dies: ROTATION,
    by: "keeps working what the secret before has made",
  },
  {
    name: "two secrets at once do a guest's request twice",
    change: [
      "    WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE caller = ${p.caller} AND key = ${p.earlierKey} AND ${live(p.now)}) THEN NULL\n",
      "",
    ],
    dies: ROTATION,
    by: "knows a guest's request of before",
  },
  {
    name: "nobody seals the signing keys again",
    change: ["    seal_signing_keys_again: sealKeysAgain,\n", ""],
    dies: ROTATION,
    by: "ends what the old secret has made",
  },
  {
    name: "a lost signing key keeps everybody from signing in",
    change: ["    await replaceLostKeys(ctx);\n", ""],
    dies: ROTATION,
    by: "keeps nobody from signing in",
  },
  {
    name: "several isolates replace a lost key, one after the other",
    change: [
      `if (!refusedBy(error, "signing_keys.status")) throw error; // somebody`,
      "throw error; // somebody",
    ],
    dies: ROTATION,
    by: "has one new signing key",
  },
  {
    name: "a retry under a forgotten secret is told to use a new key",
    change: [
      "throw reused(known ? ANOTHER : FORGOTTEN);",
      "throw reused(known ? ANOTHER : ANOTHER);",
    ],
    dies: ROTATION,
    by: "ends what the old secret has made",
  },
  {
    name: "another request under a guest's key is done from the same network",
    change: [
      "    WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE ${sameNetwork(p)} AND ${live(p.now)}) THEN NULL\n",
      "",
    ],
    dies: GUEST_KEYS,
    by: "is refused from the same network",
  },
  {
    name: "a guest's key dies with their network",
    change: [
      "key: network === null ? key : guest,",
      "key: network === null ? key : `${network} ${guest}`,",
    ],
    dies: GUEST_KEYS,
    by: "gets the first answer again",
  },
  {
    name: "an answer opens without the key and the request",
    change: [`sign(secret, "idempotency-answer", both)`, `sign(secret, "idempotency-answer", "")`],
    dies: GUEST_KEYS,
    by: "does not let a reader of the database",
  },
  {
    name: "a lost answer is said to be nothing",
    change: [
      `const unknown = " Whether this was done is not known:";`,
      `const unknown = " Nothing was changed:";`,
    ],
    dies: "test/conventions/server-errors.test.ts",
    by: "does not say that nothing was changed",
  },
];
