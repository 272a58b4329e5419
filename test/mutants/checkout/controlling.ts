import type { Mutant } from "../mutant.ts";

const CONTROL_TOTALS = "test/payments/control-totals.test.ts";
const EVERY_RULE = "test/audit/every-rule.test.ts";

/** The nightly comparison of the provider's books with the shop's. */
export const CONTROLLING: readonly Mutant[] = [
  {
    name: "nobody compares the books at night",
    change: ["    control_totals: controlTotals,\n", ""],
    dies: CONTROL_TOTALS,
    by: "compares the provider's books with the shop's, by day and currency",
  },
  {
    name: "what others do on the account is a difference",
    change: [
      `const ours = mark === "own" || payments.has(providerPaymentId ?? "");`,
      "const ours = mark !== undefined && providerPaymentId !== undefined;",
    ],
    dies: CONTROL_TOTALS,
    by: "leaves out what others do on the same account",
  },
  {
    name: "money that only Stripe knows of is somebody else's",
    change: [
      `const ours = mark === "own" || payments`,
      "const ours = mark === undefined || payments",
    ],
    dies: CONTROL_TOTALS,
    by: "calls a person to money that is not in the shop's books",
  },
  {
    name: "a refund that only Stripe knows of is somebody else's",
    change: [`|| payments.has(providerPaymentId ?? "");`, ";"],
    dies: CONTROL_TOTALS,
    by: "calls a person to a refund that Stripe has made and the shop does not know of",
  },
  {
    name: "a difference is no one's matter",
    change: [
      "    else differences.push(`${kind} ${id}: ${formatMoney(money)} there, ${words(here)} here`);\n",
      "    else void words;\n",
    ],
    dies: CONTROL_TOTALS,
    by: "calls a person to money that is not in the shop's books",
  },
  {
    name: "what Stripe does not know of is not missed",
    change: [
      "...missing.map((one) => `${one.id}: nothing there, ${formatMoney(one)} here`),",
      "...missing.slice(99).map((one) => `${one.id}: nothing there, ${formatMoney(one)} here`),",
    ],
    dies: CONTROL_TOTALS,
    by: "calls a person to what the shop has booked and Stripe does not know of",
  },
  {
    name: "what both books have is missed",
    change: [
      "await ctx.db.batch(markControlled(found.agreed, ctx.now()));",
      "void markControlled;",
    ],
    dies: CONTROL_TOTALS,
    by: "compares the provider's books with the shop's, by day and currency",
  },
  {
    name: "a night that was missed is lost",
    change: [
      "for (let page = 0; page < PAGES && ctx.now() >= dueAt(progress); page += 1) {",
      "for (let page = 0; page < 1 && ctx.now() >= dueAt(progress); page += 1) {",
    ],
    dies: CONTROL_TOTALS,
    by: "goes on after nights that it missed, and where Stripe did not answer",
  },
  {
    name: "a night on which Stripe did not answer is a day that was compared",
    change: [
      "if (page === null) return null;\n  const payments",
      "if (page === null) return { ...progress, after: null };\n  const payments",
    ],
    dies: CONTROL_TOTALS,
    by: "goes on after nights that it missed, and where Stripe did not answer",
  },
  {
    name: "a day is compared before its webhooks are in",
    change: ["const LAG_MS = 6 * HOUR_MS;", "const LAG_MS = -23 * HOUR_MS;"],
    in: "control-totals",
    dies: CONTROL_TOTALS,
    by: "compares the provider's books with the shop's, by day and currency",
  },
  {
    name: "refunds are not on the control's books",
    change: [
      `if (source.object === "refund" && (type === "refund"`,
      `if (source.object === "refund" && (type === "adjustment"`,
    ],
    dies: CONTROL_TOTALS,
    by: "compares the provider's books with the shop's, by day and currency",
  },
  {
    name: "the audit overlooks what the provider does not know of",
    change: ["AND b.controlled_at IS NULL AND b.updated_at >=", "AND 0 AND b.updated_at >="],
    dies: EVERY_RULE,
    by: "The invariants find > a payment that the provider does not know of",
  },
  {
    name: "the audit overlooks a refund that the provider does not know of",
    change: [
      "refunds b WHERE b.status <> 'failed' AND b.provider_refund_id IS NOT NULL`;",
      "refunds b WHERE 0`;",
    ],
    dies: EVERY_RULE,
    by: "The invariants find > a refund that the provider does not know of",
  },
];
