import { audit } from "../../platform/audit-log/store.ts";
import { HOUR_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import type { Effect, Performed } from "../../platform/idempotency/perform.ts";
import { promise, wakePromises } from "../../platform/outbox/store.ts";
import { changeOrderOnce } from "../change-order.ts";
import { findReceiptRequests } from "../events/store.ts";
import { orderStep } from "../steps/order-step.ts";
import type { StoredOrder } from "../store.ts";

const ACCEPTED = 202;
/** The trigger has the same number. */
const MAX_AN_HOUR = 5;

/** What is on its way, and where to. */
export interface SentReceipt {
  readonly orderId: string;
  readonly email: string;
}

/**
 * Promises the receipt of a paid order once more, as it is by then. Throws `NOT_FOUND`, `INVALID_TRANSITION` for an order
 * that is not paid or has no address to write to, `RATE_LIMITED` for the sixth in an hour.
 */
export async function sendReceipt(
  ctx: Context,
  use: KeyUse | undefined,
  { id }: { readonly id: string },
): Promise<Performed<SentReceipt>> {
  return changeOrderOnce(ctx, { id, use }, (order) => send(ctx, order));
}

function send(ctx: Context, order: StoredOrder): Effect<SentReceipt> {
  const { id: orderId, email } = order;
  if (order.status !== "paid")
    throw new AppError("INVALID_TRANSITION", "Only an order that is paid has a receipt to send.");
  if (email === null)
    throw new AppError("INVALID_TRANSITION", "The order has no address to write to.");
  const { statements, after } = orderStep(ctx, order, { type: "receipt.requested" });
  const told = promise(ctx, {
    topic: "mail.receipt",
    payload: { orderId },
    dedupeKey: `receipt:${orderId}:${after.version}`,
  });
  return {
    status: ACCEPTED,
    statements: [...statements, told.statement, audit(ctx, "order.receipt_requested", orderId)],
    result: { orderId, email },
    explain: (error) => explain(ctx, error, orderId),
    after: () => wakePromises(ctx, [told.id]),
  };
}

async function explain(
  ctx: Context,
  error: unknown,
  orderId: string,
): Promise<AppError | undefined> {
  if (!refusedBy(error, "receipts_too_many")) return undefined;
  const last = await ctx.db.run(findReceiptRequests(orderId, MAX_AN_HOUR));
  const freeAt = (last.at(-1)?.createdAt ?? ctx.now()) + HOUR_MS;
  const seconds = Math.max(1, Math.ceil((freeAt - ctx.now()) / SECOND_MS));
  return new AppError(
    "RATE_LIMITED",
    `A receipt can be sent again ${MAX_AN_HOUR} times an hour. Wait until one of them is an hour ago.`,
    { headers: { "Retry-After": String(seconds) } },
  );
}
