import { audit } from "../platform/audit-log/store.ts";
import { toTimestamp } from "../platform/clock.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError, notFound } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import type { InventoryContext } from "./context.ts";
import type { Level, Movement, NewMovement } from "./stock.ts";
import { insertMovement, newestMovementJson } from "./store.ts";

/** Writes one row of the ledger. Throws `INSUFFICIENT_STOCK` when less would be on hand than is reserved. */
export function moveStock(
  ctx: InventoryContext,
  input: NewMovement & { readonly sku: string },
): Effect<{ movement: Movement; level: Level }> {
  const now = ctx.now();
  ctx.soldOut.clear();
  return {
    statements: [
      insertMovement({
        sku: input.sku,
        kind: input.kind,
        onHandDelta: input.kind === "damage" ? -input.quantity : input.quantity,
        reservedDelta: 0,
        reason: input.reason,
        actor: ctx.actor.label,
        requestId: ctx.requestId,
        createdAt: now,
      }),
      audit(ctx, "stock.moved", input.sku, {
        kind: input.kind,
        quantity: input.quantity,
        reason: input.reason,
      }),
    ],
    result: newestMovementJson(input.sku, toTimestamp(now)),
    explain: (error) => {
      if (refusedBy(error, "FOREIGN KEY")) return notFound("SKU");
      const tooMany = ["stock_not_oversold", "stock_on_hand_not_negative"] as const;
      if (!tooMany.some((constraint) => refusedBy(error, constraint))) return undefined;
      return new AppError(
        "INSUFFICIENT_STOCK",
        "Not that many can go: the rest is reserved by customers, or not there.",
      );
    },
  };
}
