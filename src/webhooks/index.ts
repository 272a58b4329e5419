export { type EventConsumer, EventHeldUp, ignored, processEvent } from "./process-event.ts";
export { receiveEvent, storeEvents } from "./receive-event.ts";
export { relayEvents } from "./relay-events.ts";
export { reviveEvents } from "./revive-events.ts";
export { webhookRoutes } from "./routes.ts";
export {
  beginReconciliation,
  buryEvent,
  findKnownEvents,
  findReconciliation,
  saveReconciliation,
} from "./store.ts";
