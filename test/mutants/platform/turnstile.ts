import type { Mutant } from "../mutant.ts";

const TURNSTILE = "test/platform/turnstile.test.ts";

/** Turnstile, where the shop has it. */
export const PERSONS_ONLY: readonly Mutant[] = [
  {
    name: "a program holds by the API",
    change: ["        await requirePerson(ctx, { token: input.turnstileToken, key });\n", ""],
    in: "inventory/routes",
    dies: TURNSTILE,
    by: "by whatever route",
  },
  {
    name: "a program holds by a checkout",
    change: [
      "    if (input.items !== undefined)\n      await requirePerson(ctx, { token: input.turnstileToken, key: use.marks[0].key });\n",
      "",
    ],
    dies: TURNSTILE,
    by: "by whatever route",
  },
  {
    name: "a program holds by the form",
    change: [
      `await requirePerson(ctx, { token: token === "" ? undefined : token, key: formKey });`,
      "void requirePerson; void token;",
    ],
    dies: TURNSTILE,
    by: "by whatever route",
  },
  {
    name: "a program turns what it holds into what opens now",
    change: [
      "  await requirePerson(ctx, { token, key: undefined });\n",
      "  void [requirePerson, token];\n",
    ],
    dies: TURNSTILE,
    by: "needs one for what their hold does not have yet",
  },
  {
    name: "a person is asked again for what their hold has",
    change: ["  if (items.every(({ sku }) => has.has(sku))) return;\n", "  void [items, has];\n"],
    dies: TURNSTILE,
    by: "needs one for what their hold does not have yet",
  },
  {
    name: "one thing that a hold has is good for all that it has not",
    change: ["items.every(({ sku }) => has.has(sku))", "items.some(({ sku }) => has.has(sku))"],
    dies: TURNSTILE,
    by: "needs one for what their hold does not have yet",
  },
  {
    name: "one token is good for two",
    change: [
      "`${callerOf(ctx.actor)}\\n${shown}`",
      '`${callerOf({ ...ctx.actor, address: "" })}\\n${shown}`',
    ],
    dies: TURNSTILE,
    by: "with one token from two addresses under one key",
  },
  {
    name: "the shop's wrong secret is the shopper's fault",
    change: ["if (codes.some((code) => OURS.includes(code))) throw unavailable(codes);", ""],
    dies: TURNSTILE,
    by: "the shop's own secret is wrong",
  },
  {
    name: "pages let Turnstile's scripts run where the shop has none",
    change: [
      "turnstile === undefined ? OWN_SCRIPTS : WITH_TURNSTILE",
      "turnstile === undefined ? WITH_TURNSTILE : WITH_TURNSTILE",
    ],
    dies: TURNSTILE,
    by: "nobody is asked, and a token says nothing",
  },
  {
    name: "a retry waits for Turnstile",
    change: [
      "(await doneBefore(ctx, use, effect)) ?? refuse(ctx, use, effect)",
      "refuse(ctx, use, effect)",
    ],
    dies: TURNSTILE,
    by: "what was done before is answered again",
  },
  {
    name: "a fresh token makes a retry of a hold another request",
    change: ["answerCreated(c, withoutToken(input), async", "answerCreated(c, input, async"],
    in: "inventory/routes",
    dies: TURNSTILE,
    by: "gets the first answer for a retry with a fresh token",
  },
  {
    name: "a fresh token makes a retry of a checkout another request",
    change: ["input: withoutToken(input)", "input"],
    dies: TURNSTILE,
    by: "gets the first answer for a retry with a fresh token",
  },
];
