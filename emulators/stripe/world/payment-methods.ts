/** Card and wallets settle at once; the others take days and complete the session unpaid. */
export const DELAYED_METHODS = [
  "acss_debit",
  "au_becs_debit",
  "bacs_debit",
  "boleto",
  "customer_balance",
  "konbini",
  "multibanco",
  "nz_bank_account",
  "oxxo",
  "sepa_debit",
  "sofort",
  "us_bank_account",
] as const;
export const IMMEDIATE_METHODS = [
  "affirm",
  "afterpay_clearpay",
  "alipay",
  "amazon_pay",
  "bancontact",
  "blik",
  "card",
  "cashapp",
  "eps",
  "giropay",
  "grabpay",
  "ideal",
  "klarna",
  "link",
  "mobilepay",
  "p24",
  "paynow",
  "paypal",
  "pix",
  "promptpay",
  "revolut_pay",
  "swish",
  "twint",
  "wechat_pay",
] as const;

/** What Stripe would offer for slow bank payments in that currency. */
export function delayedMethodFor(currency: string): string {
  const methods: Record<string, string> = {
    usd: "us_bank_account",
    eur: "sepa_debit",
    gbp: "bacs_debit",
    cad: "acss_debit",
    aud: "au_becs_debit",
  };
  return methods[currency] ?? "customer_balance";
}

/** What a session offers: the methods its currency allows, narrowed by what the shop asked for. */
export function offeredMethods(
  currency: string,
  wishes: { allowed?: readonly string[] | undefined; excluded?: readonly string[] | undefined },
): string[] {
  const { allowed, excluded = [] } = wishes;
  return ["card", delayedMethodFor(currency)].filter(
    (type) => (allowed === undefined || allowed.includes(type)) && !excluded.includes(type),
  );
}
