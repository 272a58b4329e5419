import { createEmulator } from "emulate";
import { startStripeEmulator } from "../../emulators/stripe/server.ts";
import type { DevOptions } from "./options.ts";
import type { Secrets, StateFolder } from "./state.ts";

export interface RunningEmulators {
  close(): Promise<void>;
}

/** Starts the stand-ins for Stripe and Resend in this process; neither talks to the network. */
export async function startEmulators(
  ports: DevOptions["ports"],
  state: StateFolder,
  secrets: Secrets,
): Promise<RunningEmulators> {
  const mail = await createEmulator({
    service: "resend",
    port: ports.mail,
    baseUrl: `http://localhost:${ports.mail}`,
  });
  const stripe = await startStripeEmulator({
    port: ports.stripe,
    // As the Worker's STRIPE_API_URL: the pages' form-action lets a checkout go on there, and nowhere else.
    publicUrl: `http://127.0.0.1:${ports.stripe}`,
    webhookUrl: `http://127.0.0.1:${ports.worker}/webhooks/stripe`,
    webhookSecret: secrets.stripeWebhookSecret,
    stateFile: state.stripe,
  });
  return {
    close: async () => {
      await Promise.allSettled([mail.close(), stripe.close()]);
    },
  };
}
