import { changeOrder, orderStep, type ReturnReason, type StoredOrder } from "../../orders/index.ts";
import type { PaymentSession } from "../../payments/index.ts";
import type { Constraint } from "../../platform/constraints.ts";
import { byRefusal, type Statement } from "../../platform/db.ts";
import type { CheckoutContext } from "../context.ts";
import { cancelUnpaid, expireOrder, failUnpaid } from "../end-order.ts";
import { joinSteps, NOTHING, type Step, writeStep } from "../step.ts";
import { tellPaymentFailed } from "../tell-payment-failed.ts";
import { type Decision, decidePayment } from "./decide-payment.ts";
import { callOff, giveBack, pay, returnMismatch, sellLate, waitForBank } from "./take-payment.ts";

/** Why the database refuses an order whose money came late, and what the customer is told of it. */
const LATE_REFUSALS: Readonly<Partial<Record<Constraint, ReturnReason>>> = {
  stock_not_oversold: "sold_out",
  stock_on_hand_not_negative: "sold_out",
  discounts_used_up: "code_used_up",
  discount_used_by_customer: "code_used_up",
  max_per_customer: "limit_reached",
};

/** What is done, and why money goes back if it does. */
interface Decided {
  readonly decision: Decision;
  readonly reason: ReturnReason;
}

/**
 * Brings an order to where its payment session is, whoever noticed: webhook, sweep or reconciliation; null for an order
 * that has no session. `settle` goes into the same batch. When somebody else changed the order meanwhile, the database
 * refuses, and it is decided again. Answers what was done.
 */
export async function applySession(
  ctx: CheckoutContext,
  found: StoredOrder,
  session: PaymentSession | null,
  settle: readonly Statement[] = [],
): Promise<Decision> {
  const attempt = async (order: StoredOrder, refused?: ReturnReason): Promise<Decision> => {
    const wanted = decidePayment(order, session, ctx.now());
    const decision = refused !== undefined && wanted === "sell_late" ? "give_back" : wanted;
    const reason = refused ?? "order_canceled";
    const step =
      session === null
        ? unpaid(ctx, order, decision)
        : stepFor(ctx, order, session, { decision, reason });
    try {
      await writeStep(ctx, step, settle);
    } catch (error) {
      const late = byRefusal(error, LATE_REFUSALS);
      if (refused !== undefined || late === undefined) throw error;
      return attempt(order, late);
    }
    ctx.log.set({ decision, orderId: order.id });
    return decision;
  };
  return changeOrder(ctx, found, (order) => attempt(order));
}

/** What nobody has paid, and nobody can. */
function unpaid(ctx: CheckoutContext, order: StoredOrder, decision: Decision): Step {
  if (decision === "expire") return { statements: expireOrder(ctx, order), promised: [] };
  if (decision !== "cancel" || order.stopping === null) return NOTHING;
  const { reason, actor: label } = order.stopping;
  const asked = { ...ctx, actor: { ...ctx.actor, label } };
  return { statements: cancelUnpaid(asked, order, reason).statements, promised: [] };
}

function stepFor(
  ctx: CheckoutContext,
  order: StoredOrder,
  session: PaymentSession,
  { decision, reason }: Decided,
): Step {
  switch (decision) {
    case "nothing":
      return NOTHING;
    case "pay":
      return pay(ctx, order, session);
    case "sell_late":
      return sellLate(ctx, order, session);
    case "give_back":
      return giveBack(ctx, order, session, reason);
    case "call_off":
      return callOff(ctx, order, session);
    case "mismatch":
      return returnMismatch(ctx, order, session);
    case "wait":
      return waitForBank(ctx, order, session);
    case "fail":
      return fail(ctx, order, session);
    case "fail_late":
      return joinSteps(
        {
          statements: orderStep(ctx, order, { type: "payment.failed", email: session.email })
            .statements,
          promised: [],
        },
        tellPaymentFailed(ctx, order, "over"),
      );
    case "cancel":
      return unpaid(ctx, order, decision);
    case "expire":
      return joinSteps(
        unpaid(ctx, order, decision),
        order.paymentStatus === "processing" ? tellPaymentFailed(ctx, order, "late") : NOTHING,
      );
  }
}

/** Only a bank says no after the session: a card that is declined leaves it open. */
function fail(ctx: CheckoutContext, order: StoredOrder, { email }: PaymentSession): Step {
  const { statements, after } = failUnpaid(ctx, order, email);
  return joinSteps({ statements, promised: [] }, tellPaymentFailed(ctx, after, "declined"));
}
