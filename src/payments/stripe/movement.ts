import type Stripe from "stripe";
import type { Movement } from "../history.ts";
import { fromStripe } from "./amount.ts";
import { markOf } from "./mark.ts";

const idOf = (reference: string | { readonly id: string } | null) =>
  typeof reference === "string" ? reference : (reference?.id ?? null);

/**
 * What a balance transaction with its source says. Its own amount is in the account's currency, so that of the source
 * counts. https://docs.stripe.com/reports/balance-transaction-types
 */
export function movementOf(
  { id, source, type }: Stripe.BalanceTransaction,
  shopId: string,
): Movement {
  const other: Movement = {
    ...{ kind: "other", id, providerPaymentId: null, mark: "none" },
    money: { amount: 0, currency: "" },
  };
  if (source === null || typeof source === "string") return other;
  if (source.object === "charge" && (type === "charge" || type === "payment")) {
    const providerPaymentId = idOf(source.payment_intent);
    const money = fromStripe(source.amount, source.currency);
    const mark = markOf(source.metadata, shopId);
    return { kind: "payment", id: providerPaymentId ?? source.id, providerPaymentId, mark, money };
  }
  if (source.object === "refund" && (type === "refund" || type === "payment_refund")) {
    const providerPaymentId = idOf(source.payment_intent);
    const money = fromStripe(source.amount, source.currency);
    const mark = markOf(source.metadata, shopId);
    return { kind: "refund", id: source.id, providerPaymentId, mark, money };
  }
  return other;
}
