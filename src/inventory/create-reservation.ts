import { accountOf } from "../platform/access.ts";
import { toTimestamp } from "../platform/clock.ts";
import { refusedBy, type Statement } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { newId } from "../platform/ids.ts";
import { explainClosed } from "../platform/opening/explain-closed.ts";
import { requireOpen } from "../platform/opening/store.ts";
import type { InventoryContext } from "./context.ts";
import { expireUnclaimed, insertReservation, insertReservationLines } from "./holds/store.ts";
import { callerOfHolds } from "./limits/caller.ts";
import { explainOverLimit, explainTooManyHolds } from "./limits/explain-limits.ts";
import { notOnSale } from "./not-on-sale.ts";
import { HOLD_MS, type Item, type Reservation, sumLines } from "./reservation.ts";
import { findForSale, findLevels } from "./store.ts";

/** How many overdue holds end on the way of each that is made or changed. */
export const MAX_EXPIRED_ON_THE_WAY = 20;
const MAX_EXPIRED_ON_REFUSAL = 500;

/** Holds all items for 15 minutes, or none of them. Throws `INSUFFICIENT_STOCK` at once for what was sold out a moment ago. */
export async function createReservation(
  ctx: InventoryContext,
  input: { readonly items: readonly Item[] },
): Promise<Effect<Reservation>> {
  const items = sumLines(input.items);
  const { id, statements, now } = await holdStock(ctx, items);
  return {
    statements: [requireOpen(ctx.config), ...statements],
    result: {
      id,
      status: "held",
      items,
      expiresAt: toTimestamp(now + HOLD_MS),
      createdAt: toTimestamp(now),
      orderId: null,
    },
    open: true,
    explain: (error) => explainClosed(error) ?? explainRefusedHold(ctx, error, input),
  };
}

/** For what is written again after a restore: it was nobody's wish now. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** The statements of a hold. Overdue holds end first, so that nobody is refused for what a sweep has yet to free. */
export async function holdStock(ctx: InventoryContext, items: readonly Item[]) {
  const now = ctx.now();
  const id = newId("rsv", now);
  const statements: Statement[] = [
    expireUnclaimed(now, MAX_EXPIRED_ON_THE_WAY),
    insertReservation({
      id,
      ref: newId("hld", now),
      accountId: accountOf(ctx),
      caller: await callerOfHolds(ctx),
      callerLimit: ctx.actor.kind === "system" ? NO_LIMIT : ctx.config.holdsPerCaller,
      actor: ctx.actor.label,
      requestId: ctx.requestId,
      createdAt: now,
      expiresAt: now + HOLD_MS,
    }),
    insertReservationLines(id, items),
  ];
  return { id, statements, now };
}

/** Refuses without the database what it has said is sold out in the last two seconds. */
export function refuseKnownSoldOut(ctx: InventoryContext, items: readonly Item[]): void {
  const gone = sumLines(items).filter(({ sku }) => ctx.soldOut.isSoldOut(sku, ctx.now()));
  if (gone.length > 0) throw insufficient(gone.map((item) => ({ ...item, available: 0 })));
}

/**
 * Why a hold was refused: what is short, what is not for sale, or not now, or more than a limit. Undefined when it was
 * something else. `holdId` is the hold that these would have been held in, in place of others.
 */
export async function explainRefusedHold(
  ctx: InventoryContext,
  error: unknown,
  { items: asked, holdId }: { readonly items: readonly Item[]; readonly holdId?: string },
): Promise<AppError | undefined> {
  const items = sumLines(asked);
  const skus = items.map(({ sku }) => sku);
  if (refusedBy(error, "sku_not_for_sale"))
    return notForSale(asked, await ctx.db.run(findForSale(skus)));
  if (refusedBy(error, "sku_not_on_sale"))
    return notOnSale(await ctx.db.run(findForSale(skus)), ctx.now());
  const overLimit =
    (await explainTooManyHolds(ctx, error)) ??
    (await explainOverLimit(ctx, error, { items, holdId }));
  if (overLimit !== undefined) return overLimit;
  if (!refusedBy(error, "stock_not_oversold")) return undefined;
  // The refusal took back the overdue holds that its batch had ended, and there may be more of them: end them all here.
  const [, levels] = await ctx.db.batch([
    expireUnclaimed(ctx.now(), MAX_EXPIRED_ON_REFUSAL),
    findLevels(skus, holdId),
  ]);
  const available = new Map(levels.map((level) => [level.sku, level.available]));
  for (const { sku } of items) {
    if (available.get(sku) === 0) ctx.soldOut.remember(sku, ctx.now());
  }
  const found = items.map((item) => ({ ...item, available: available.get(item.sku) ?? 0 }));
  const short = found.filter((item) => item.available < item.quantity);
  // Stock that came back since the refusal leaves nothing short: the numbers say that trying again helps.
  return insufficient(short.length > 0 ? short : found);
}

function insufficient(short: readonly (Item & { available: number })[]): AppError {
  return new AppError("INSUFFICIENT_STOCK", "There is not enough left of what you asked for.", {
    details: short.map(({ sku, quantity, available }) => ({ sku, requested: quantity, available })),
  });
}

function notForSale(asked: readonly Item[], forSale: readonly { sku: string }[]): AppError {
  const known = new Set(forSale.map(({ sku }) => sku));
  const fields = asked.flatMap(({ sku }, i) =>
    known.has(sku) ? [] : [[`items[${i}].sku`, "Is not for sale."] as const],
  );
  return new AppError("VALIDATION_FAILED", "Some fields are not right.", {
    fields: Object.fromEntries(fields),
  });
}
