export type { InventoryContext } from "./context.ts";
export { createReservation, explainRefusedHold, holdStock } from "./create-reservation.ts";
export { expireReservations } from "./expire-reservations.ts";
export { getReservation } from "./get-reservation.ts";
export { explainOverLimit } from "./limits/explain-limits.ts";
export { HOLD_MS, type Item, itemsSchema, type Reservation, sumLines } from "./reservation.ts";
export { inventoryRoutes } from "./routes.ts";
export { SoldOutMemory } from "./sold-out-memory.ts";
export {
  ANY_HOLDER,
  callerOfHold,
  endReservation,
  extendReservation,
  findReservation,
  insertStandIn,
  releaseUnclaimed,
  returnToShelf,
  sellWithoutHold,
  unclaimReservation,
} from "./store.ts";
