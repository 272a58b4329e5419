import type { StoredOrder, StoredRefund } from "../orders/index.ts";
import type { PaymentSession } from "../payments/index.ts";
import { formatMoney, type Money } from "../platform/money.ts";
import type { DedupeKey } from "../platform/outbox/dedupe.ts";
import { tellOperators } from "../platform/outbox/operators.ts";
import { wantsMail } from "../settings/index.ts";
import type { CheckoutContext } from "./context.ts";
import { promisedStep, type Step } from "./step.ts";

export type LostRefund = Pick<StoredRefund, "id" | "amount" | "currency">;

/** Calls the operators to a refund that a bank or Stripe has refused; once for a refund, however it is lost. */
export function callToFailedRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  refund: LostRefund,
): Step {
  const amount = formatMoney(refund);
  return call(ctx, order, {
    subject: `A refund for order #${order.number} failed`,
    words: [
      `${amount} of order #${order.number} did not go back to the customer: the bank or ${ctx.payments.name} refused it.`,
      "Refund it again. If that fails too, agree with the customer on another way to return the money.",
    ],
    about: `refund ${refund.id}`,
    dedupeKey: refundKey(refund),
  });
}

/** Calls the operators to a refund that no retry has brought to Stripe; once for a refund, however it is lost. */
export function callToStuckRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  refund: LostRefund,
): Step {
  const amount = formatMoney(refund);
  return call(ctx, order, {
    subject: `A refund for order #${order.number} could not be sent`,
    words: [
      `${amount} of order #${order.number} did not go back to the customer: no retry has reached ${ctx.payments.name}.`,
      `Once ${ctx.payments.name} works again, replay it from the list of dead letters. It will not be sent twice.`,
    ],
    about: `refund ${refund.id}`,
    dedupeKey: refundKey(refund),
  });
}

/** Calls the operators to a payment that is not what its order asks for. */
export function callToMismatch(
  ctx: CheckoutContext,
  order: StoredOrder,
  session: PaymentSession,
): Step {
  const { number, id } = order;
  return call(ctx, order, {
    subject: `The payment for order #${number} is not what it asks for`,
    words: [
      paidInstead(order, session.total),
      `Nothing was sold for it, and all of the money goes back by itself. Look at ${ctx.payments.name} for how it came about before others pay the same way, and write to the customer if they still want the goods.`,
    ],
    providerPaymentId: session.providerPaymentId,
    dedupeKey: `amount_mismatch:${id}`,
  });
}

function paidInstead({ number, total, currency }: StoredOrder, paid: Money): string {
  const asked = formatMoney({ amount: total, currency });
  if (paid.amount === total && paid.currency === currency)
    return `${asked} came for order #${number}, but made up of other sums than the order's.`;
  return `${formatMoney(paid)} came for order #${number}, which asks for ${asked}.`;
}

function refundKey({ id }: LostRefund): DedupeKey {
  return `refund_failed:${id}`;
}

interface Call {
  readonly subject: string;
  /** What has happened, and what to do. */
  readonly words: readonly string[];
  /** Where the payment is at Stripe; what is on the order unless it says otherwise. */
  readonly providerPaymentId?: string | null;
  readonly about?: string;
  readonly dedupeKey: DedupeKey;
}

function call(
  ctx: CheckoutContext,
  order: StoredOrder,
  { subject, words, dedupeKey, ...how }: Call,
): Step {
  const { providerPaymentId = order.payments[0]?.providerPaymentId ?? null, about } = how;
  const lines = [
    ...words,
    `The order: ${ctx.config.publicUrl}/orders/${order.id}`,
    ...(providerPaymentId === null
      ? []
      : [`The payment: ${ctx.payments.dashboardUrl(providerPaymentId)}`]),
    `Order ${order.id}${about === undefined ? "" : `, ${about}`}`,
  ];
  const when = wantsMail("attention");
  return promisedStep(tellOperators(ctx, { subject, text: lines.join("\n"), dedupeKey, when }));
}
