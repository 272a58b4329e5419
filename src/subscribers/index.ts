export { relayDeliveries } from "./deliveries/relay-deliveries.ts";
export { pauseDeadEndpoints } from "./endpoints/pause-dead-endpoints.ts";
export { sealSecretsAgain } from "./endpoints/seal-secrets-again.ts";
export { documentedEvents } from "./event-types.ts";
export { subscriberRoutes } from "./routes.ts";
export { sendDelivery } from "./sending/send-delivery.ts";
