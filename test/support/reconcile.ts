import { env } from "cloudflare:workers";
import { reconcileStripe } from "../../src/checkout/index.ts";
import { BOUNDS, type Bounds } from "../../src/checkout/reconciliation/reconcile-run.ts";
import { createContext, type Services, servicesOf } from "../../src/services.ts";
import { type Bought, toPaymentPage } from "./shop.ts";
import { stripe } from "./stripe.ts";
import { cron, rows, settle, travel } from "./world.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const BANK = { method: "bank_transfer" };
export const EVERY_FIVE = "*/5 * * * *";

/** One run over these services, its answer as the log gets it. */
export function run(bounds: Partial<Bounds> = {}, services: Services = servicesOf(env)) {
  const ctx = createContext(services, {
    requestId: "cron_test",
    actor: { kind: "system", label: "system", address: "" },
    later: (work) => void work,
    log: {},
  });
  return reconcileStripe(ctx, { ...BOUNDS, ...bounds });
}

/** Five minutes later the next run, and what it found is dealt with. */
export async function nextRun(bounds: Partial<Bounds> = {}) {
  await travel(5 * MINUTE_MS);
  const counts = await run(bounds);
  await settle();
  return counts;
}

/** Every webhook is lost from here on. */
export const outage = () => stripe.control("/webhooks/behaviour", { drop: true });

export const historyOf = (at: Bought) =>
  rows("SELECT type FROM order_events WHERE order_id = ? ORDER BY seq", at.orderId);
export const inbox = () =>
  rows<{ event_id: string; status: string }>("SELECT event_id, status FROM webhook_events");
export const progress = async () => {
  const [row] = await rows<{ state: string }>(
    "SELECT state FROM reconciliations WHERE name = 'stripe'",
  );
  return JSON.parse(row?.state ?? "null");
};
/** What the list of events had to say is over: only payment pages can tell. */
export async function eventsAreRead(): Promise<void> {
  await run();
  await rows(
    "UPDATE reconciliations SET state = json_set(state, '$.events.readUntil', ?)",
    Date.now() + DAY_MS,
  );
}

export async function paid(method: object = {}): Promise<Bought & { readonly intent: string }> {
  const at = await toPaymentPage(5);
  const { payment_intent: intent } = await stripe.pay(at.paymentUrl, method);
  return { ...at, intent };
}

export async function sweep(): Promise<void> {
  await cron();
  await settle();
}
