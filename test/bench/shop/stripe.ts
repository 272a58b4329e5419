import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { resolve } from "node:path";
import { findPorts } from "../../load/shop-process.ts";

const SERVER = resolve(import.meta.dirname, "../../../emulators/stripe/server.ts");
const MS_PER_S = 1000;

export interface StripeProcess {
  readonly url: string;
  stop(): void;
}

/** The emulated Stripe in a process of its own, so that its work is nobody else's. */
export async function startStripe(webhook?: {
  url: string;
  secret: string;
}): Promise<StripeProcess> {
  const port = await findPorts();
  const child = spawn(process.execPath, ["--no-warnings", SERVER], {
    env: {
      ...process.env,
      PORT: String(port),
      ...(webhook === undefined
        ? {}
        : { WEBHOOK_URL: webhook.url, WEBHOOK_SECRET: webhook.secret }),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  await new Promise<void>((settle, reject) => {
    child.stdout.once("data", () => settle());
    child.once("exit", () => reject(new Error("The Stripe emulator ended.")));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill("SIGTERM") };
}

/** The header that Stripe signs a webhook with. */
export function stripeSignature(payload: string, secret: string): string {
  const at = Math.floor(Date.now() / MS_PER_S);
  const signature = createHmac("sha256", secret).update(`${at}.${payload}`).digest("hex");
  return `t=${at},v1=${signature}`;
}
