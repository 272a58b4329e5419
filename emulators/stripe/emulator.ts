import { handleApi } from "./api/api.ts";
import { handleControl } from "./control/control.ts";
import { messagePage } from "./pages/layout.ts";
import { handlePages } from "./pages/pages.ts";
import { startCourier } from "./webhooks/courier.ts";
import { expireDueSessions } from "./world/expiry.ts";
import { letGo } from "./world/timers.ts";
import { type StripeEmulatorOptions, World } from "./world/world.ts";

export type { StripeEmulatorOptions } from "./world/world.ts";

export interface StripeEmulator {
  /** Answers like Stripe; rejects with a ConnectionDropped when told to drop the connection. */
  fetch(request: Request): Promise<Response>;
  /** Stops timers and writes the state file. */
  close(): Promise<void>;
}

const EXPIRY_CHECK_MS = 1000;

export function createStripeEmulator(options: StripeEmulatorOptions): StripeEmulator {
  const world = new World(options);
  const courier = options.webhookUrl === undefined ? undefined : startCourier(world, options);
  // Events that wait to be taken are made when somebody asks; only a courier has to know at once.
  const timer =
    courier === undefined
      ? undefined
      : setInterval(() => expireDueSessions(world), EXPIRY_CHECK_MS);
  letGo(timer);
  return {
    async fetch(request) {
      expireDueSessions(world);
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/v1/")) return await handleApi(world, request);
      // A page of another site must not be able to press buttons here; the API asks for a key.
      if (request.headers.get("sec-fetch-site") === "cross-site" && request.method !== "GET") {
        return messagePage(403, "Refused", "This was sent from another site.");
      }
      if (pathname.startsWith("/_emulator/")) return await handleControl(world, request);
      return await handlePages(world, request);
    },
    async close() {
      clearInterval(timer);
      await courier?.close();
      await world.close();
    },
  };
}
