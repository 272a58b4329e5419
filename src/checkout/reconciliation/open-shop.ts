import { raiseOrderNumbers } from "../../orders/index.ts";
import { findOpening, setOpenedFrom } from "../../platform/opening/store.ts";
import type { CheckoutContext } from "../context.ts";
import { callToOpening } from "../rebuilding/call-to-restore.ts";
import { writeStep } from "../step.ts";
import type { Saved } from "./reconcile-progress.ts";

/** A restore that the shop is not open again after. */
export interface Restore {
  /** The least number of the orders from then on. */
  readonly ordersFrom: number;
  /** Milliseconds: what the provider's list had to say before was read when the database was as it is now. */
  readonly since: number;
}

/** Undefined while the shop is open, and while `ORDER_NUMBERS_FROM` says that it is to stay closed. */
export async function findRestore(
  ctx: CheckoutContext,
  progress: Saved,
): Promise<Restore | undefined> {
  const { ordersFrom } = ctx.config;
  const [opening] = await ctx.db.run(findOpening());
  if (ordersFrom === null || opening?.openedFrom === ordersFrom) return undefined;
  return { ordersFrom, since: progress.events.readUntil };
}

/** Once every payment has its order, or a person who was called to it: holds and orders are taken again. */
export async function openShop(
  ctx: CheckoutContext,
  { ordersFrom, since }: Restore,
): Promise<void> {
  const told = callToOpening(ctx, { ordersFrom, since });
  const statements = [raiseOrderNumbers(ordersFrom), setOpenedFrom(ordersFrom)];
  await writeStep(ctx, { ...told, statements: [...statements, ...told.statements] });
  ctx.log.note("warn", "shop_opened", { ordersFrom });
}
