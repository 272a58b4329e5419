import { changeOrder, type OrderRow } from "../orders/index.ts";
import type { PaymentPage } from "../payments/index.ts";
import { refusedBy, type Statement } from "../platform/db.ts";
import type { CheckoutContext } from "./context.ts";
import { type Decision, decidePayment } from "./decide-payment.ts";
import { expireOrder, failPayment, failUnpaid } from "./end-order.ts";
import { giveBack, pay, returnMismatch, type Step, sellLate, waitForBank } from "./take-payment.ts";

/** Why the database refuses an order whose money came late: its stock is gone, or its discount code. */
const LATE_REFUSALS = [
  "stock_not_oversold",
  "stock_on_hand_not_negative",
  "discounts_used_up",
  "discount_used_by_customer",
];

/**
 * Brings an order to where its payment page is, whoever noticed: webhook, sweep or reconciliation; null for an order
 * that has no page. `settle` goes into the same batch. When somebody else changed the order meanwhile, the database
 * refuses, and it is decided again. Answers what was done.
 */
export async function applyPage(
  ctx: CheckoutContext,
  found: OrderRow,
  page: PaymentPage | null,
  settle: readonly Statement[] = [],
): Promise<Decision> {
  const attempt = async (order: OrderRow, nothingLeft = false): Promise<Decision> => {
    const wanted = decidePayment(order, page, ctx.now());
    const decision = nothingLeft && wanted === "sell_late" ? "give_back" : wanted;
    const step =
      page === null ? unopened(ctx, order, decision) : stepFor(ctx, order, page, decision);
    try {
      await write(ctx, step, settle);
    } catch (error) {
      if (nothingLeft || !LATE_REFUSALS.some((reason) => refusedBy(error, reason))) throw error;
      return attempt(order, true);
    }
    ctx.log.set({ decision, orderId: order.id });
    return decision;
  };
  return changeOrder(ctx, found, (order) => attempt(order));
}

async function write(
  ctx: CheckoutContext,
  step: Step,
  settle: readonly Statement[],
): Promise<void> {
  const statements = [...step.statements, ...settle];
  if (statements.length === 0) return;
  await ctx.db.batch(statements);
  for (const id of step.promised) ctx.wake({ type: "outbox", id });
}

function unopened(ctx: CheckoutContext, order: OrderRow, decision: Decision): Step {
  return { statements: decision === "expire" ? expireOrder(ctx, order) : [], promised: [] };
}

function stepFor(
  ctx: CheckoutContext,
  order: OrderRow,
  page: PaymentPage,
  decision: Decision,
): Step {
  switch (decision) {
    case "nothing":
      return { statements: [], promised: [] };
    case "pay":
      return pay(ctx, order, page);
    case "sell_late":
      return sellLate(ctx, order, page);
    case "give_back":
      return giveBack(
        ctx,
        order,
        page,
        order.status === "canceled" ? "order_canceled" : "sold_out",
      );
    case "mismatch":
      return returnMismatch(ctx, order, page);
    case "wait":
      return waitForBank(ctx, order, page);
    case "fail":
      return { statements: failUnpaid(ctx, order).statements, promised: [] };
    case "fail_late":
      return { statements: failPayment(ctx, order), promised: [] };
    case "expire":
      return { statements: expireOrder(ctx, order), promised: [] };
  }
}
