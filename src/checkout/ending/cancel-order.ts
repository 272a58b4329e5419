import {
  changeOrderOnce,
  type Order,
  orderGate,
  presentOrder,
  reloadOrder,
  type Stepped,
  type StoredOrder,
} from "../../orders/index.ts";
import { isStaff } from "../../platform/access.ts";
import { audit } from "../../platform/audit-log/store.ts";
import { AppError } from "../../platform/errors.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import type { Effect, Performed } from "../../platform/idempotency/perform.ts";
import { promise, wakePromises } from "../../platform/outbox/store.ts";
import type { CheckoutContext } from "../context.ts";
import { NO_REASON } from "../refunds/new-refund.ts";
import { refundMailKey } from "../refunds/send-back.ts";
import { NOTHING, type Step } from "../step.ts";
import { tellPaymentFailed } from "../tell-payment-failed.ts";
import { cancelPaid, type PaidEnding } from "./cancel-paid.ts";
import { stopCheckout } from "./stop-checkout.ts";

const OK = 200;

export interface Cancellation {
  readonly id: string;
  readonly token: string | undefined;
  readonly reason?: string | undefined;
  /** Whether the goods of a paid order are on hand again; they are unless it says no. */
  readonly restock?: boolean | undefined;
}

/**
 * Ends an order: its account one that is not paid, staff any that was not sent. The payment session is closed before the
 * stock is free, and money that was taken goes back. Throws `UNAUTHENTICATED`, `NOT_FOUND`, `INVALID_TRANSITION`,
 * `UPSTREAM_FAILED` while Stripe cannot close the session, and nothing has changed.
 */
export async function cancelOrder(
  ctx: CheckoutContext,
  use: KeyUse | undefined,
  input: Cancellation,
): Promise<Performed<Order>> {
  const allowed = await orderGate(ctx, { ...input, scope: "orders:write" });
  return changeOrderOnce(ctx, { id: input.id, use, allowed }, endOnce(ctx, input));
}

/** Decides afresh whenever somebody else has changed the order. */
function endOnce(ctx: CheckoutContext, input: Cancellation) {
  const staff = isStaff(ctx.actor, "orders:write");
  const { reason = NO_REASON, restock = true } = input;
  let stopped = false;
  return async function end(order: StoredOrder): Promise<Effect<Order>> {
    if (order.status === "paid") {
      if (!staff) throw onlyTheShop();
      return effectOf(ctx, order, { reason, ending: cancelPaid(ctx, order, { reason, restock }) });
    }
    // Stripe's word that the session is closed can end the order before we do; so can the sweep, when the hold is over.
    const ended = { statements: [], after: order };
    if (order.status === "canceled" && stopped)
      return effectOf(ctx, order, { reason, ending: ended });
    if (order.status === "expired" && stopped) return effectOf(ctx, order, { reason });
    if (order.status !== "pending_payment") throw over(order);
    const ending = await stopCheckout(ctx, order, { reason, evenAtBank: true });
    if (ending === undefined) return end(await reloadOrder(ctx, order.id));
    stopped = true;
    return effectOf(ctx, order, { reason, ending });
  };
}

interface End {
  readonly reason: string;
  /** Without it, the order has ended by itself. */
  readonly ending?: Stepped & Partial<PaidEnding>;
}

function effectOf(
  ctx: CheckoutContext,
  order: StoredOrder,
  { reason, ending }: End,
): Effect<Order> {
  const { statements = [], after = order, promised = [], refundId } = ending ?? {};
  const told = ending === undefined ? NOTHING : tell(ctx, after, { reason, refundId });
  const wake = [...promised, ...told.promised];
  return {
    status: OK,
    statements: [...statements, ...told.statements],
    result: presentOrder(after),
    after: () => {
      ctx.soldOut.clear();
      wakePromises(ctx, wake);
    },
  };
}

/** What staff do is written down, and the customer is told. Who cancels themselves is told only what they cannot know. */
function tell(
  ctx: CheckoutContext,
  order: StoredOrder,
  { reason, refundId }: { readonly reason: string; readonly refundId: string | undefined },
): Step {
  if (!isStaff(ctx.actor, "orders:write"))
    return order.paymentStatus === "failed" ? tellPaymentFailed(ctx, order, "over") : NOTHING;
  const line = audit(ctx, "order.canceled", order.id, { reason, refundId });
  if (order.email === null) return { statements: [line], promised: [] };
  const mail = promise(ctx, {
    topic: "mail.order_canceled",
    payload: { orderId: order.id, ...(refundId === undefined ? {} : { refundId }) },
    dedupeKey: refundId === undefined ? `order_canceled:${order.id}` : refundMailKey(refundId),
  });
  return { statements: [line, mail.statement], promised: [mail.id] };
}

function onlyTheShop(): AppError {
  return new AppError(
    "INVALID_TRANSITION",
    "This order has been paid, so only the shop can cancel it. Write to us, and we will.",
  );
}

function over({ status }: StoredOrder): AppError {
  return new AppError(
    "INVALID_TRANSITION",
    status === "canceled"
      ? "This order has been canceled already."
      : "This order was not paid in time, so there is nothing to cancel.",
  );
}
