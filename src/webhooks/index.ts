export { type EventConsumer, processEvent } from "./process-event.ts";
export { receiveEvent } from "./receive-event.ts";
export { relayEvents } from "./relay-events.ts";
export { webhookRoutes } from "./routes.ts";
export { buryEvent, type EventRow } from "./store.ts";
