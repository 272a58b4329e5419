/** What the shop of a world is configured with. */
export const SECRETS = {
  TOKEN_SECRET: "world-token-secret-000000000000000000000",
  STRIPE_SECRET_KEY: "sk_test_world",
  STRIPE_WEBHOOK_SECRET: "whsec_world",
  PUBLIC_URL: "https://shop.test",
} as const;

/** The third parties' addresses tell which process is calling. */
export const PROCESS_HOST = /^(stripe|resend|dns)-(\d+)\.test$/;

/** The environment variables of the process with this number. */
export function variables(number: number) {
  return {
    ...SECRETS,
    STRIPE_API_URL: `https://stripe-${number}.test`,
    RESEND_API_KEY: "re_world",
    RESEND_API_URL: `https://resend-${number}.test`,
    DNS_API_URL: `https://dns-${number}.test`,
    OPERATOR_EMAIL: "operators@holdfast.test",
    MAIL_FROM: "Holdfast <orders@holdfast.test>",
    RATE_LIMIT_SCALE: "100000",
    HOLDS_PER_CALLER: "100000",
    DELAYED_PAYMENTS: "us_bank_account:14,sepa_debit:14,customer_balance:14",
  };
}
