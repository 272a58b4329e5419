import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../src/platform/config.ts";

/** What the start-up says of these variables; undefined when it has nothing to say. */
function problemOf(variables: object): string | undefined {
  try {
    parseConfig({ ...env, ...variables });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe("The configuration", () => {
  it("is taken as the tests have it", () => {
    expect(problemOf({})).toBeUndefined();
  });

  it.each([
    ["TOKEN_SECRET", "x".repeat(31), "needs at least 32 characters"],
    ["STRIPE_SECRET_KEY", "pk_test_1", "must start with sk_ or rk_"],
    ["STRIPE_WEBHOOK_SECRET", "sk_test_1", "must start with whsec_"],
    ["PUBLIC_URL", "https://shop.test/", "must not end with a slash"],
    ["PUBLIC_URL", "ftp://shop.test", "must be an http(s) address"],
    ["OPERATOR_EMAIL", "operators", "must be a mail address"],
    ["MAIL_FROM", "", "is needed when RESEND_API_KEY is set"],
  ])("fails loudly for %s = %j", (name, value, said) => {
    const problem = problemOf({ [name]: value });
    expect(problem).toContain(name);
    expect(problem).toContain(said);
  });
});
