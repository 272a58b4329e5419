import { accountOf } from "../../platform/access.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import type { InventoryContext } from "../context.ts";
import { callerOfHolds } from "./caller.ts";
import { type Asked, countHolds, findTaken, type Taken } from "./store.ts";

/** What is asked of a variant's limits, and for whom besides the caller's account. */
export type Wanted = Asked & { readonly email?: string | null };

interface Over {
  readonly sku: string;
  readonly limit: number;
  /** What counts against the limit besides what is asked for. */
  readonly held: number;
  readonly message: string;
}

/** Why a hold or an order of it is more than one order, or one customer, may have; undefined when it was refused for something else. */
export async function explainOverLimit(
  ctx: InventoryContext,
  error: unknown,
  wanted: Wanted,
): Promise<AppError | undefined> {
  const perOrder = refusedBy(error, "max_per_order");
  if (!perOrder && !refusedBy(error, "max_per_customer")) return undefined;
  const { email = null, ...asked } = wanted;
  const taken = await ctx.db.run(findTaken({ ...asked, email, accountId: accountOf(ctx) }));
  const over = taken.flatMap(perOrder ? overOrder : overCustomer);
  const message = over[0]?.message ?? "This was too much a moment ago, and is not any more.";
  return new AppError("BUSINESS_RULE_VIOLATION", message, {
    details: over.map(({ sku, limit, held }) => ({ sku, limit, held })),
  });
}

/** Why a caller may hold no more; undefined when the hold was refused for something else. */
export async function explainTooManyHolds(
  ctx: InventoryContext,
  error: unknown,
): Promise<AppError | undefined> {
  if (!refusedBy(error, "holds_per_caller")) return undefined;
  const [row] = await ctx.db.run(countHolds(await callerOfHolds(ctx), ctx.now()));
  const limit = ctx.config.holdsPerCaller;
  return new AppError(
    "BUSINESS_RULE_VIOLATION",
    `There can be ${limit} unpaid reservations at a time. Pay for one, give one back, or wait until one ends.`,
    { details: [{ sku: null, limit, held: row?.held ?? limit }] },
  );
}

function overOrder({ sku, quantity, maxPerOrder: limit }: Taken): Over[] {
  if (quantity <= limit) return [];
  return [{ sku, limit, held: 0, message: `One order may have at most ${limit} of ${sku}.` }];
}

function overCustomer({ sku, quantity, maxPerCustomer: limit, units: held }: Taken): Over[] {
  if (limit === null || quantity + held <= limit) return [];
  const had = held === 0 ? "" : `, and you have ${held} already`;
  const message = `One customer may have at most ${limit} of ${sku}${had}.`;
  return [{ sku, limit, held, message }];
}
