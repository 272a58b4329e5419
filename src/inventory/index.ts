export type { InventoryContext } from "./context.ts";
export { explainRefusedHold, holdStock } from "./create-reservation.ts";
export { createReservation } from "./create-reservation.ts";
export { getReservation } from "./get-reservation.ts";
export { type Item, itemsSchema, type Reservation } from "./reservation.ts";
export { inventoryRoutes } from "./routes.ts";
export { SoldOutMemory } from "./sold-out-memory.ts";
