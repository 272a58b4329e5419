export { changeReservation, type WantedChange } from "./change-reservation.ts";
export type { InventoryContext } from "./context.ts";
export { createReservation, explainRefusedHold, holdStock } from "./create-reservation.ts";
export { expireReservations } from "./expire-reservations.ts";
export { getHeldLines, type HeldGoods } from "./get-held-lines.ts";
export { getLevel, listLevels } from "./get-stock.ts";
export {
  ANY_HOLDER,
  endReservation,
  extendReservation,
  findReservation,
  type Holder,
  holdSaid,
  insertStandIn,
  orderOfHold,
  type ReservationRow,
  releaseUnclaimed,
  unclaimReservation,
} from "./holds/store.ts";
export { explainOverLimit } from "./limits/explain-limits.ts";
export { idCalledByStaff } from "./overview/called-by-staff.ts";
export { isStillHeld, presentReservation } from "./present-reservation.ts";
export {
  HOLD_MS,
  type Item,
  itemsSchema,
  type Reservation,
  reservationSchema,
  sumLines,
} from "./reservation.ts";
export { inventoryRoutes } from "./routes.ts";
export { SoldOutMemory } from "./sold-out-memory.ts";
export { type Level, levelFilterSchema, levelSchema } from "./stock.ts";
export {
  findNamedLevel,
  type NamedLevel,
  refOfHold,
  returnToShelf,
  sellWithoutHold,
} from "./store.ts";
