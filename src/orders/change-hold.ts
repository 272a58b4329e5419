import {
  changeReservation,
  type InventoryContext,
  type Reservation,
  type WantedChange,
} from "../inventory/index.ts";
import { AppError } from "../platform/errors.ts";
import { type HoldAccess, openHold } from "./open-hold.ts";

/**
 * Makes a hold one of other items, as `changeReservation` does. That a guest's hold has an order is told to whom that is
 * open alone: to everybody else there is no such hold any more.
 */
export async function changeHold(
  ctx: InventoryContext,
  { items, turnstileToken, ...access }: HoldAccess & WantedChange,
): Promise<Reservation> {
  try {
    return await changeReservation(ctx, { id: access.id, items, turnstileToken });
  } catch (error) {
    if (error instanceof AppError && error.code === "INVALID_TRANSITION")
      await openHold(ctx, access);
    throw error;
  }
}
