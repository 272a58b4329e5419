import type { Mutant } from "../mutant.ts";

const CLAIMS = "test/identity/token-claims.test.ts";

const KEYS = "test/identity/signing-keys.test.ts";

/** Access tokens, and the keys that sign them. */
export const ACCESS_TOKENS: readonly Mutant[] = [
  {
    name: "a token of another kind is an access token",
    change: ["    if (typ !== TYPE) return undefined; // jose would take it in any spelling\n", ""],
    dies: "test/identity/token-keys.test.ts",
    by: "makes it refused when it asks for anything else than a plain access token",
  },
  {
    name: "a token of somebody else is ours",
    change: ["      issuer: ctx.config.publicUrl,\n", ""],
    dies: CLAIMS,
    by: "is refused when it is of somebody else or for somebody else",
  },
  {
    name: "a token for somebody else is for us",
    change: ["      audience: AUDIENCE,\n", ""],
    dies: CLAIMS,
    by: "is refused when it is of somebody else or for somebody else",
  },
  {
    name: "a token without its times is good",
    change: [`requiredClaims: ["iat", "nbf", "exp", "jti"]`, `requiredClaims: ["jti"]`],
    dies: CLAIMS,
    by: "is refused when one is missing, null, or of another type",
  },
  {
    name: "a token is good for as long as it says",
    change: ["      maxTokenAge: ACCESS_TOKEN_SECONDS,\n", ""],
    dies: CLAIMS,
    by: "is refused when its time is not now",
  },
  {
    name: "a token lives by another clock",
    change: ["      currentDate: new Date(ctx.now()),\n", "      currentDate: new Date(0),\n"],
    dies: "test/identity/token-shapes.test.ts",
    by: "is refused from the second on in which it is over",
  },
  {
    name: "a token speaks for what is no user",
    change: [`sub: z.string().startsWith("usr_")`, "sub: z.string()"],
    dies: CLAIMS,
    by: "is refused when it speaks for what is no user of ours",
  },
  {
    name: "a token of any length is read",
    change: ["  if (!COMPACT.test(token)) return undefined;\n", ""],
    dies: "test/identity/token-shapes.test.ts",
    by: "is refused when it is no whole token in three parts",
  },
  {
    name: "a retired key verifies for ever",
    change: ["  await ctx.db.run(removeRetiredKeys(ctx.now() - VERIFIES_AFTER_MS));\n", ""],
    dies: KEYS,
    by: "takes the old key away after a day, and then refuses what it signs",
  },
  {
    name: "a key is taken away that signs",
    change: [
      `and(eq(signingKeys.status, "retired"), lte(signingKeys.retiredAt, retiredBefore))`,
      "lte(signingKeys.createdAt, retiredBefore)",
    ],
    dies: KEYS,
    by: "comes after thirty days: what was published signs, and another is published",
  },
  {
    name: "a key is taken away whose tokens are good",
    change: ["const VERIFIES_AFTER_MS = 24 * HOUR_MS;", "const VERIFIES_AFTER_MS = -1;"],
    dies: KEYS,
    by: "takes the old key away after a day, and then refuses what it signs",
  },
  {
    name: "a key signs before the world knows it",
    change: ["if (!due || !published) return { rotated: 0 };", "if (!due) return { rotated: 0 };"],
    dies: KEYS,
    by: "waits until the next key has been published for a day",
  },
  {
    name: "a key signs for ever",
    change: [
      "const due = ctx.now() - (current.currentSince ?? 0) >= KEY_LIFE_MS;",
      "const due = false;",
    ],
    dies: KEYS,
    by: "comes after thirty days: what was published signs, and another is published",
  },
  {
    name: "two rotations at once fail",
    change: [`if (refusedBy(error, "signing_keys.status")) return { rotated: 0 };`, ""],
    dies: KEYS,
    by: "happens once when two crons run it at once, and neither fails",
  },
  {
    name: "two isolates at once fail at the first keys",
    change: [`if (!refusedBy(error, "signing_keys.status")) throw error;`, "throw error;"],
    in: "signing/signing-keys.ts",
    dies: KEYS,
    by: "are the same for isolates that make them at once",
  },
  {
    name: "a new key is known after five minutes only",
    change: ["keys = await this.#seek(ctx);", "keys = await this.load(ctx);"],
    dies: KEYS,
    by: "is found by an isolate that read its keys a moment before there was such a one",
  },
  {
    name: "each token of no key of ours reads the keys",
    change: ["if (isWithin(ctx.now() - this.#soughtAt, SEEK_MS)) return this.load(ctx);", ""],
    dies: KEYS,
    by: "is looked for once in ten seconds, however many tokens name keys that are not ours",
  },
];
