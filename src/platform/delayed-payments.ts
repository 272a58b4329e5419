import * as z from "zod";

/** Twice what the slowest bank debit takes; as long as reconciliation looks for what became of a payment, less some. */
const MAX_DAYS = 28;

/** A way to pay that is slow, and how many days goods wait for it. */
export const delayedPaymentSchema = z.strictObject({
  /** As the payment provider calls it. */
  method: z.string().regex(/^[a-z0-9_]+$/),
  days: z.int().min(1).max(MAX_DAYS),
});
export type DelayedPayment = z.infer<typeof delayedPaymentSchema>;

/** `DELAYED_PAYMENTS`: `boleto:3,sepa_debit:14`. */
export const delayedPaymentsVariable = z.string().transform((text, issues): DelayedPayment[] => {
  const named = text.split(",").map((one) => {
    const [method = "", days = "", ...more] = one.trim().split(":");
    return { method, days: more.length === 0 && /^\d{1,3}$/.test(days) ? Number(days) : null };
  });
  const read = z.array(delayedPaymentSchema).safeParse(named);
  const names = new Set(named.map(({ method }) => method));
  if (read.success && names.size === named.length) return read.data;
  issues.addIssue({
    code: "custom",
    message: `must be methods with 1 to ${MAX_DAYS} days each, such as boleto:3,sepa_debit:14`,
  });
  return z.NEVER;
});
