import { accountOf } from "../platform/access.ts";
import { byRefusal } from "../platform/db.ts";
import { AppError, notFound } from "../platform/errors.ts";
import { explainClosed } from "../platform/opening/explain-closed.ts";
import { requireOpen } from "../platform/opening/store.ts";
import { requirePerson } from "../platform/turnstile.ts";
import type { InventoryContext } from "./context.ts";
import { explainRefusedHold, MAX_EXPIRED_ON_THE_WAY } from "./create-reservation.ts";
import { changeLines, expireUnclaimed, findReservation } from "./holds/store.ts";
import { presentReservation } from "./present-reservation.ts";
import { type Item, type Reservation, readItems, sumLines } from "./reservation.ts";

export interface WantedChange {
  readonly id: string;
  readonly items: readonly Item[];
  readonly turnstileToken?: string | undefined;
}

/**
 * Makes a hold one of other items, until the same moment as before: all of them, or it keeps what it had. Of what it had
 * already it keeps title and price, as long as no more is asked of it. Only for its holder, as long as no order has it.
 * Throws `NOT_FOUND`, `RESERVATION_EXPIRED`, `INVALID_TRANSITION` once it has an order, and what a new hold throws.
 */
export async function changeReservation(
  ctx: InventoryContext,
  { id, items: asked, turnstileToken }: WantedChange,
): Promise<Reservation> {
  const items = sumLines(asked);
  await requirePersonForOthers(ctx, { id, items, turnstileToken });
  const accountId = accountOf(ctx);
  const now = ctx.now();
  const [, , [changed], , , , [row]] = await ctx.db
    .batch([
      requireOpen(ctx.config),
      expireUnclaimed(now, MAX_EXPIRED_ON_THE_WAY),
      ...changeLines({ id, accountId, items, now }),
      findReservation(id, accountId),
    ])
    .catch(async (error: unknown) => {
      throw (await explainRefusedChange(ctx, error, { id, items: asked })) ?? error;
    });
  if (changed === undefined || row === undefined) throw notFound("reservation");
  ctx.soldOut.clear();
  return presentReservation(row, now);
}

/**
 * What a hold does not have is asked for by a person, as a new hold is: else holds of what is cheap, made in good time,
 * would become what opens now. More of what it has is not asked for again; a retry finds there what its first try took.
 */
async function requirePersonForOthers(
  ctx: InventoryContext,
  { id, items, turnstileToken: token }: WantedChange,
): Promise<void> {
  if (ctx.config.turnstile === undefined) return;
  const [row] = await ctx.db.run(findReservation(id, accountOf(ctx)));
  const has = new Set(readItems(row?.items ?? "[]").map(({ sku }) => sku));
  if (items.every(({ sku }) => has.has(sku))) return;
  await requirePerson(ctx, { token, key: undefined });
}

async function explainRefusedChange(
  ctx: InventoryContext,
  error: unknown,
  { id, items }: { readonly id: string; readonly items: readonly Item[] },
): Promise<AppError | undefined> {
  const ended = () =>
    new AppError("RESERVATION_EXPIRED", "The reservation has ended. Reserve again to go on.");
  const refusal = byRefusal(error, {
    reservation_claimed: () =>
      new AppError(
        "INVALID_TRANSITION",
        "This reservation has an order, so it cannot be changed any more.",
      ),
    reservation_expired: ended,
    reservation_ended: ended,
  });
  return (
    refusal?.() ?? explainClosed(error) ?? explainRefusedHold(ctx, error, { items, holdId: id })
  );
}
