import { findOrder, ORDER_CHANGED, type OrderRow } from "../orders/index.ts";
import type { PaymentPage } from "../payments/index.ts";
import { refusedBy, type Statement } from "../platform/db.ts";
import type { CheckoutContext } from "./context.ts";
import { type Decision, decidePayment } from "./decide-payment.ts";
import { expireOrder, failOrder, failPayment } from "./end-order.ts";
import { giveBack, pay, returnMismatch, type Step, sellLate, waitForBank } from "./take-payment.ts";

const MAX_TRIES = 4;

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
  let order = found;
  let soldOut = false;
  for (let attempt = 1; ; attempt += 1) {
    const wanted = decidePayment(order, page, ctx.now());
    const decision = soldOut && wanted === "sell_late" ? "give_back" : wanted;
    try {
      await write(
        ctx,
        page === null ? unopened(ctx, order, decision) : stepFor(ctx, order, page, decision),
        settle,
      );
      ctx.log.set({ decision, orderId: order.id });
      return decision;
    } catch (error) {
      soldOut ||=
        refusedBy(error, "stock_not_oversold") || refusedBy(error, "stock_on_hand_not_negative");
      const changed = refusedBy(error, ORDER_CHANGED);
      if (attempt >= MAX_TRIES || !(changed || soldOut)) throw error;
      order = await reload(ctx, order);
    }
  }
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
      return { statements: failOrder(ctx, order), promised: [] };
    case "fail_late":
      return { statements: failPayment(ctx, order), promised: [] };
    case "expire":
      return { statements: expireOrder(ctx, order), promised: [] };
  }
}

async function reload(ctx: CheckoutContext, order: OrderRow): Promise<OrderRow> {
  const [fresh] = await ctx.db.run(findOrder(order.id));
  if (fresh === undefined) throw new Error("An order has disappeared.");
  return fresh;
}
