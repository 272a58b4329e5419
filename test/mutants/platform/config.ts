import type { Mutant } from "../mutant.ts";

const CONFIGURATION = "test/platform/config.test.ts";

/** A shop that is set up wrongly does not start. */
export const CONFIG: readonly Mutant[] = [
  {
    name: "a secret that can be guessed",
    change: ["const MIN_SECRET_CHARS = 32;", "const MIN_SECRET_CHARS = 1;"],
    dies: CONFIGURATION,
    by: "fails loudly for TOKEN_SECRET",
  },
  {
    name: "a public key to Stripe as the secret one",
    change: [`.regex(/^(sk|rk)_/, "must start with sk_ or rk_")`, ""],
    dies: CONFIGURATION,
    by: "fails loudly for STRIPE_SECRET_KEY",
  },
  {
    name: "any secret for webhooks",
    change: [`.startsWith("whsec_", "must start with whsec_")`, ""],
    dies: CONFIGURATION,
    by: "fails loudly for STRIPE_WEBHOOK_SECRET",
  },
  {
    name: "an address whose pages are not found",
    change: [`.refine((text) => !text.endsWith("/"), "must not end with a slash")`, ""],
    dies: CONFIGURATION,
    by: "fails loudly for PUBLIC_URL",
  },
  {
    name: "an address that no browser opens",
    change: [`.url({ protocol: /^https?$/, error: "must be an http(s) address" })`, ".string()"],
    dies: CONFIGURATION,
    by: `fails loudly for PUBLIC_URL = "ftp`,
  },
  {
    name: "mail from nobody",
    change: ["env.RESEND_API_KEY === undefined || env.MAIL_FROM !== undefined", "true"],
    dies: CONFIGURATION,
    by: "fails loudly for MAIL_FROM",
  },
  {
    name: "a Redis without its token",
    change: [
      "(env.UPSTASH_REDIS_REST_URL === undefined) === (env.UPSTASH_REDIS_REST_TOKEN === undefined)",
      "true",
    ],
    dies: "test/rate-limit/scale.test.ts",
    by: "takes the address and the token of a Redis only together",
  },
  {
    name: "limits that let nobody in",
    change: [`.positive("must be more than 0")`, ""],
    dies: "test/rate-limit/scale.test.ts",
    by: "takes a positive number as the scale, and one where there is none",
  },
  {
    name: "more ways of delivery than Stripe takes",
    change: ["same.length <= MAX_RATES", "same.length > 0"],
    dies: "test/platform/shipping.test.ts",
    by: "fails loudly for rates with six rates of a currency",
  },
  {
    name: "a delivery that arrives before it can",
    change: [
      "minDays === undefined || (maxDays ?? minDays) >= minDays",
      "minDays !== 0 || maxDays !== 0",
    ],
    dies: "test/platform/shipping.test.ts",
    by: "fails loudly for rates with days backwards",
  },
  {
    name: "a delivery whose price cannot be paid",
    change: ["  .superRefine(refuseUnpayable)\n  .refine(({ minDays", "  .refine(({ minDays"],
    dies: "test/platform/shipping.test.ts",
    by: "fails loudly for rates with a thousandth",
  },
  {
    name: "a country that there is not",
    change: ["codes.every(isCountry)", "codes.length > 0"],
    dies: "test/platform/shipping.test.ts",
    by: "fails loudly for countries and taxes that are none",
  },
];
